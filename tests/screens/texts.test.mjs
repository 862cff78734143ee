// SPDX-License-Identifier: MIT
// with-service: none
// The catalogue of texts against itself and against the code that uses it; needs no service.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const WEB = new URL('../../services/web/', import.meta.url);
const folders = readdirSync(WEB, { withFileTypes: true })
  .filter((one) => one.isDirectory() && one.name !== 'node_modules').map((one) => one.name);

/* A key that is put together, as t(`ops.state.${state}`), uses all that begin and end so; one that
   begins with another, as t(`${key}.hint`), uses the hint of each key. */
const KEY = /^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$/;
const holes = (key) => [...key.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]).sort();

function catalogue() {
  const all = new Map();
  for (const file of readdirSync(new URL('texts/', WEB)).filter((one) => one.endsWith('.json'))) {
    const folder = file.replace('.json', '');
    const text = readFileSync(new URL(`texts/${file}`, WEB), 'utf8');
    for (const [key, row] of Object.entries(JSON.parse(text))) {
      assert.ok(!all.has(key), `${key} is there twice`);
      assert.ok(text.split(`"${key}":`).length === 2, `${key} is twice in ${file}`);
      all.set(key, { folder, row });
    }
  }
  return all;
}

function sources() {
  const found = [];
  for (const folder of folders.filter((one) => one !== 'texts'))
    for (const file of readdirSync(new URL(`${folder}/`, WEB)))
      if (/\.(js|html)$/.test(file))
        found.push({ name: `${folder}/${file}`, folder,
          text: readFileSync(new URL(`${folder}/${file}`, WEB), 'utf8') });
  return found;
}

/* Every string in the code that could be a key, and every template whose beginning could be. */
function uses(text) {
  const exact = new Set(), patterns = [];
  for (const [, , word] of text.matchAll(/(['"`])((?:(?!\1)[^\n\\$])*)\1/g))
    if (KEY.test(word)) exact.add(word);
  for (const [, template] of text.matchAll(/`([a-z][a-z0-9_.-]*\.?[^`\n]*\$\{[^`\n]*)`/g)) {
    const parts = template.split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/);
    if (/^[a-z]+\./.test(parts[0]))
      patterns.push(new RegExp(`^${parts.map((one) => one.replace(/[.*+?^$()|[\]\\]/g, '\\$&'))
        .join('.+')}$`));
  }
  for (const [, ending] of text.matchAll(/`\$\{[^`{}]*\}(\.[a-z0-9_.]+)`/g))
    for (const key of [...exact]) exact.add(key + ending);
  return { exact, patterns };
}

const all = catalogue();
const files = sources().map((file) => ({ ...file, ...uses(file.text) }));

test('every text is there in three languages, and asks for the same values', () => {
  for (const [key, { row }] of all) {
    assert.ok(Array.isArray(row) && row.length === 3, `${key} has not three texts`);
    for (const text of row) {
      assert.ok(typeof text === 'string' && text.trim() === text && text, `${key} is empty or padded`);
      assert.deepEqual(holes(text), holes(row[0]), `${key} asks for different values`);
    }
    assert.match(row[0], /^[^\u4e00-\u9fff]*$/, `${key}: Chinese in the Vietnamese text`);
  }
});

test('every key stands in the file of its folder', () => {
  for (const [key, { folder }] of all) assert.equal(key.split('.')[0], folder, key);
});

test('every key that the code asks for exists, and can be loaded where it is used', () => {
  for (const file of files)
    for (const [, key] of file.text.matchAll(/(?:\bt\(|data-t(?:-label)?=|\bt(?:Label)?: )['"]([^'"$]+)['"]/g)) {
      assert.ok(all.has(key), `${file.name} asks for ${key}`);
      const from = all.get(key).folder;
      const isLoaded = from === 'base' || from === file.folder ||
        files.some((one) => one.folder === file.folder && one.text.includes(`textReady('${from}')`));
      assert.ok(isLoaded, `${file.name} asks for ${key}, and does not load ${from}`);
    }
});

test('no text is left that nobody asks for', () => {
  const unused = [...all.keys()].filter((key) => !files.some((file) =>
    file.exact.has(key) || file.patterns.some((pattern) => pattern.test(key))));
  assert.deepEqual(unused, []);
});
