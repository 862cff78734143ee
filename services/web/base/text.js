// SPDX-License-Identifier: MIT
// The words on the screen: one catalogue, a file per folder, three languages in each row.

const ORDER = ['vi', 'en', 'zh'];
const PLACE = 'gate.language';
const texts = new Map();
let current = choose();

function choose() {
  const asked = new URLSearchParams(location.search).get('lang');
  if (ORDER.includes(asked)) return asked;
  let kept = null;
  try { kept = localStorage.getItem(PLACE); } catch { /* storage is off: the default holds */ }
  return ORDER.includes(kept) ? kept : 'vi';
}

document.documentElement.lang = current;

async function load(folder) {
  const answer = await fetch(new URL(`../texts/${folder}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`texts of ${folder}: ${answer.status}`);
  for (const [key, row] of Object.entries(await answer.json())) texts.set(key, row);
}

const loads = new Map();

/**
 * Loads the texts of a folder, and those of base; again and again is fine.
 * @param {string} folder
 * @returns {Promise<void>}
 */
export async function textReady(folder) {
  for (const name of ['base', folder]) if (!loads.has(name)) loads.set(name, load(name));
  await Promise.all([loads.get('base'), loads.get(folder)]);
}

/** @returns {'vi'|'en'|'zh'} */
export function language() { return current; }

/**
 * The text of a key in the language of now, with its {placeholders} filled in.
 * @param {string} key
 * @param {Object<string, string|number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const row = texts.get(key);
  if (!row) {
    if (globalThis.textsAreStrict) throw new Error(`no text ${key}`);
    return key;
  }
  return row[ORDER.indexOf(current)].replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole);
}

/** Whether there is such a key: for codes that come from elsewhere. @param {string} key */
export function hasText(key) { return texts.has(key); }

/**
 * From here on in this language, remembered. Tells the window by the event 'language'.
 * @param {'vi'|'en'|'zh'} wanted
 */
export function setLanguage(wanted) {
  if (!ORDER.includes(wanted)) return;
  current = wanted;
  try { localStorage.setItem(PLACE, wanted); } catch { /* until the page is left */ }
  const place = new URL(location.href);
  if (place.searchParams.has('lang')) {
    place.searchParams.delete('lang');
    history.replaceState(history.state, '', place);
  }
  showLanguage();
}

/**
 * As setLanguage, but for this page only and not remembered: boards that go through all three.
 * @param {'vi'|'en'|'zh'} wanted
 */
export function passLanguage(wanted) {
  current = wanted;
  showLanguage();
}

function showLanguage() {
  document.documentElement.lang = current;
  fill(document);
  window.dispatchEvent(new CustomEvent('language', { detail: current }));
}

/**
 * Writes the texts of the elements below root: data-t is the text, data-t-label the name of a
 * control (placeholder and title as well, where the element has one).
 * @param {ParentNode} root
 */
export function fill(root) {
  for (const node of root.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll('[data-t-label]')) {
    const label = t(node.dataset.tLabel);
    node.setAttribute('aria-label', label);
    if (node.hasAttribute('placeholder')) node.setAttribute('placeholder', label);
    if (node.hasAttribute('title')) node.setAttribute('title', label);
  }
}
