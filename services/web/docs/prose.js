// SPDX-License-Identifier: MIT
// The little markdown that descriptions are written in: paragraphs, lists, **bold** and `code`.

import { h } from '../base/dom.js';

function words(text) {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith('**') && part.length > 4) return h('b', null, part.slice(2, -2));
    if (part.startsWith('`') && part.length > 2) return h('code', null, part.slice(1, -1));
    return part;
  });
}

function block(text) {
  const lines = text.split('\n');
  if (lines.every((line) => line.startsWith('- ')))
    return h('ul', null, lines.map((line) => h('li', null, words(line.slice(2)))));
  return h('p', null, words(text));
}

/** @param {string|undefined} text in English @returns {Element|null} */
export function prose(text) {
  if (!text) return null;
  return h('div', { class: 'prose', lang: 'en' }, text.trim().split(/\n\n+/).map(block));
}

/** One line of it. @param {string|undefined} text */
export function line(text) { return text ? h('span', { lang: 'en' }, words(text)) : null; }

/** A block of code that scrolls in itself. @param {string} text @param {string} label */
export function code(text, label) {
  return h('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': label },
    h('code', null, text));
}
