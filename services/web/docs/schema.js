// SPDX-License-Identifier: MIT
// A JSON schema as a list of members that opens further down when it is asked to.

import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { line } from './prose.js';
import { follow, nameOf } from './spec.js';

function typeOf(schema) {
  const it = follow(schema);
  if (!it) return '';
  if (it.oneOf) return it.oneOf.map(typeOf).join(' | ');
  const types = [it.type].flat().filter(Boolean);
  const list = types.includes('array') && it.items ? `[${nameOf(it.items) ?? typeOf(it.items)}]` : '';
  const text = types.map((one) => (one === 'array' ? list || one : one)).join(' | ');
  return [nameOf(schema), text, it.format].filter(Boolean).join(' ');
}

function limitsOf(it) {
  const said = [];
  if (it.enum) said.push(it.enum.map((one) => JSON.stringify(one)).join(' '));
  if (it.const !== undefined) said.push(JSON.stringify(it.const));
  if (it.pattern) said.push(it.pattern);
  for (const name of ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'])
    if (it[name] !== undefined) said.push(`${name} ${it[name]}`);
  return said.join(' · ');
}

/* The schemas below this one whose members are worth opening. */
function insideOf(schema) {
  const it = follow(schema);
  if (it?.properties || it?.additionalProperties?.properties || it?.additionalProperties?.$ref) return [it];
  if (it?.items) return insideOf(it.items);
  return (it?.oneOf ?? []).flatMap(insideOf);
}

function deeper(schema) {
  const inside = insideOf(schema);
  if (!inside.length) return null;
  const holder = h('details', { class: 'deeper' }, h('summary', null, t('docs.members')));
  holder.addEventListener('toggle', () => {
    if (holder.open && holder.children.length === 1) holder.append(...inside.map(members));
  });
  return holder;
}

function member(name, schema, isRequired) {
  const it = follow(schema) ?? {};
  const limits = limitsOf(it);
  return h('li', null,
    h('code', { class: 'member' }, name),
    isRequired && h('span', { class: 'needed' }, ` ${t('docs.required')}`),
    ' ', h('span', { class: 'type', lang: 'en' }, typeOf(schema)),
    it.description && [' – ', line(it.description)],
    limits && h('div', { class: 'limits' }, h('code', null, limits)),
    deeper(schema));
}

/** The members of an object's schema. @param {Object} schema @returns {Element} */
export function members(schema) {
  const it = follow(schema) ?? {};
  const needed = new Set(it.required ?? []);
  const rows = Object.entries(it.properties ?? {})
    .map(([name, one]) => member(name, one, needed.has(name)));
  if (it.additionalProperties && typeof it.additionalProperties === 'object')
    rows.push(member('*', it.additionalProperties, false));
  return h('ul', { class: 'schema' }, rows);
}

/** A schema of any kind, under its name. @param {Object} schema @returns {Element} */
export function schemaOf(schema) {
  const it = follow(schema) ?? {};
  return h('div', null, h('p', { class: 'type', lang: 'en' }, typeOf(schema)),
    it.description && h('p', null, line(it.description)),
    it.properties || it.additionalProperties ? members(schema) : insideOf(schema).map(members));
}

export { typeOf };
