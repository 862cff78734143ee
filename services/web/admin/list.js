// SPDX-License-Identifier: MIT
// A list that comes by pages, as a table that scrolls in itself.

import { h, replace } from '../base/dom.js';
import { dateTime } from '../base/format.js';
import { t } from '../base/text.js';

/** An instant, or a dash. @param {string|null} iso */
export function moment(iso) { return iso ? dateTime(iso) : '–'; }

/** Live, or since when not. @param {string|null} endedAt @param {string} key of the word for over */
export function standing(endedAt, key = 'admin.disabled') {
  return endedAt
    ? h('span', { class: 'state stop' }, `■ ${t(key)}`)
    : h('span', { class: 'state go' }, `● ${t('admin.live')}`);
}

/** @param {string} text @param {(event: Event) => void} onclick @param {string} [kind] a class */
export function act(text, onclick, kind = '') {
  return h('button', { type: 'button', class: kind, onclick }, text);
}

function rowOf(item, columns, isOver) {
  return h('tr', isOver(item) ? { class: 'over' } : null, columns.map((column, index) => {
    const content = column.show(item);
    const props = { class: column.kind ?? null };
    return index ? h('td', props, content) : h('th', { scope: 'row', ...props }, content);
  }));
}

/**
 * @param {{caption: string, columns: {title: string, kind?: string, show: (item: any) => any}[],
 *          load: (after: string|null) => Promise<{items: any[], next: string|null}>,
 *          isOver?: (item: any) => boolean}} options
 * @returns {{node: Element, reload: () => Promise<void>}}
 */
export function list({ caption, columns, load, isOver = () => false }) {
  const rows = h('tbody');
  const note = h('p', { class: 'quiet-text', role: 'status' });
  const more = h('button', { type: 'button', class: 'more', hidden: true }, t('admin.more'));
  let turn = 0;

  async function add(after) {
    const mine = ++turn;
    more.hidden = true;
    try {
      const page = await load(after);
      if (mine !== turn) return;
      if (!after) replace(rows);
      rows.append(...page.items.map((item) => rowOf(item, columns, isOver)));
      note.textContent = rows.children.length ? '' : t('admin.empty');
      more.hidden = !page.next;
      more.onclick = () => add(page.next);
    } catch (problem) {
      if (mine === turn) note.textContent = problem.text || t('base.offline');
    }
  }

  const reload = () => add(null);
  reload();
  return {
    reload,
    node: h('div', null,
      h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
        h('table', null, h('caption', { class: 'unseen' }, caption),
          h('thead', null, h('tr', null, columns.map((column) =>
            h('th', { scope: 'col' }, column.title || h('span', { class: 'unseen' }, t('admin.acts')))))),
          rows)),
      note, more),
  };
}

/**
 * The head of a section.
 * @param {string} title @param {...any} tools
 */
export function head(title, ...tools) {
  return h('div', { class: 'head' }, h('h2', { tabindex: '-1' }, title), tools);
}

/** A field that searches while one types. @param {string} label @param {(text: string) => void} find */
export function search(label, find) {
  let wait = null;
  return h('input', { type: 'search', 'aria-label': label, placeholder: label, oninput: (event) => {
    clearTimeout(wait);
    wait = setTimeout(() => find(event.target.value.trim()), 250);
  } });
}
