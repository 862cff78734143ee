// SPDX-License-Identifier: MIT
// What somebody else changed while this amendment was typed.

import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { LISTS, HEADER } from './fields.js';
import { labelOf } from './field_view.js';

/** The name of the field behind a pointer, with the number of its item. @param {string} pointer */
export function pointerText(pointer) {
  const form = /^\/(vehicles|receiving_vehicles|customs_declarations|goods)\/(\d+)\/(.+)$/.exec(pointer);
  const fields = form ? LISTS[form[1]].fields : HEADER;
  const field = fields.find((one) => one.name === (form ? form[3] : pointer.slice(1)));
  const name = field ? labelOf(field) : pointer;

  return form ? `${t(`firm.form.${form[1]}.one`)} ${Number(form[2]) + 1} · ${name}` : name;
}

function rowOf(change, both) {
  const mine = both.find((one) => one.pointer === change.pointer);

  return h('tr', { class: mine ? 'is-both' : '' }, h('th', { scope: 'row' }, pointerText(change.pointer)),
    h('td', null, change.was ?? '–'), h('td', null, change.is ?? '–'), h('td', null, mine ? mine.is ?? '–' : ''));
}

/**
 * @param {{theirs: object[], both: object[]}} merged
 * @param {{keepMine: () => void, takeTheirs: () => void}} actions
 */
export function conflictBox(merged, { keepMine, takeTheirs }) {
  return h('div', { class: 'card look conflict', role: 'alert' },
    h('h3', { tabindex: '-1' }, t('firm.conflict.title')), h('p', null, t(merged.both.length ? 'firm.conflict.both' : 'firm.conflict.apart')),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('firm.conflict.title') }, h('table', null,
      h('thead', null, h('tr', null, ['field', 'was', 'theirs', 'mine'].map((one) => h('th', { scope: 'col' }, t(`firm.conflict.${one}`))))),
      h('tbody', null, merged.theirs.map((change) => rowOf(change, merged.both))))),
    h('div', { class: 'row end' }, h('button', { type: 'button', onclick: takeTheirs }, t('firm.conflict.take_theirs')),
      h('button', { type: 'button', class: 'main', onclick: keepMine }, t('firm.conflict.keep_mine'))));
}
