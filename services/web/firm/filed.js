// SPDX-License-Identifier: MIT
// What was filed: its number, its window, what looked odd, and what to do next.

import { h } from '../base/dom.js';
import { dateTime, plate, time } from '../base/format.js';
import { t } from '../base/text.js';
import { pointerText } from './conflict.js';

function warningsOf(declaration) {
  return declaration.warnings.length > 0 && h('div', { class: 'card look' }, h('b', null, t('firm.filed.warnings')),
    h('ul', null, declaration.warnings.map((one) => h('li', null, `${pointerText(one.pointer)}: ${one.text}`))));
}

function windowOf(declaration) {
  const { window } = declaration;
  const next = (declaration.next_windows ?? []).map((one) => `${time(one.from)}–${dateTime(one.to)}`);

  return h('p', null, window ? t('firm.filed.window', { from: time(window.from), to: dateTime(window.to) }) : t('firm.filed.live'),
    next.length > 0 && ` ${t('firm.filed.next', { windows: next.join(', ') })}`);
}

/** @param {object} declaration as answered @param {boolean} isAmended */
export function filedBox(declaration, isAmended) {
  const ids = declaration.crossings.filter((one) => one.pass).map((one) => one.id);

  return h('div', { class: 'filed' }, h('div', { class: 'card go' },
    h('h2', { tabindex: '-1' }, `✓ ${t(isAmended ? 'firm.filed.amended' : 'firm.filed.title', { number: declaration.number })}`), windowOf(declaration),
    h('ul', { class: 'plates' }, declaration.crossings.map((one) => h('li', null, h('a', { class: 'plate', href: `#vehicle?id=${one.id}` }, plate(one.plate)))))),
  warningsOf(declaration),
  h('div', { class: 'row' },
    ids.length > 0 && h('a', { class: 'button main', href: `#passes?ids=${ids.join('.')}` }, t('firm.passes.print')),
    h('a', { class: 'button', href: `#new?copy=${declaration.number}` }, t('firm.declarations.copy')),
    h('a', { class: 'button', href: `#vehicles?declaration=${declaration.number}` }, t('firm.menu.vehicles'))));
}
