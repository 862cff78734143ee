// SPDX-License-Identifier: MIT
// Prints the pass that the server draws, by the browser's own printing. No pass depends on it.
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { openDialog, wordsOf } from './dialogs.js';
import { kbd } from './verdict_view.js';

/** @param {import('./connection.js').Connection} connection @param {string} crossing */
export async function openPrint(connection, crossing) {
  const error = h('p', { class: 'error', role: 'alert' });
  const go = h('button', { type: 'button', class: 'main', disabled: true, dataset: { key: 'Enter' },
    onclick: () => window.print() }, kbd('↵'), t('kiosk.print.go'));
  const picture = h('img', { class: 'pass', alt: t('kiosk.print.alt', { crossing }) });
  const dialog = openDialog(t('kiosk.print.title'), [picture, error, go], 'print');
  try {
    const { body } = await connection.ask('GET', `/v1/crossings/${crossing}/pass.svg`, { accept: 'image/svg+xml' });
    const address = URL.createObjectURL(new Blob([body], { type: 'image/svg+xml' }));
    dialog.addEventListener('close', () => URL.revokeObjectURL(address));
    picture.src = address;
    await picture.decode();
    go.disabled = false;
    go.focus();
  } catch (problem) {
    error.textContent = wordsOf(problem);
  }
}
