// SPDX-License-Identifier: MIT
// What the scanner cannot read is typed: a number or a plate; and the plate that stands on the vehicle,
// to be compared with the pass.
import { showError } from '../base/form.js';
import { t } from '../base/text.js';
import { askForm, field } from './dialogs.js';
import { readPlate } from './plate.js';
import { readScan } from './scan.js';

/** A plate that was typed; the field says when it is none. @param {HTMLInputElement} input @returns {string | undefined} */
function plateOf(input) {
  const typed = input.value.trim();
  const plate = typed ? readPlate(typed) ?? readPlate(`${typed}挂`) : null;
  if (!typed || plate) return plate ?? undefined;
  showError(input, t('kiosk.manual.not_plate'));
  throw Object.assign(new Error('plate'), { code: 'kiosk.manual.not_plate' });
}

/**
 * @param {import('./desk.js').Desk} desk @param {string} [begun] what was typed before the dialog was there
 */
export function askManual(desk, begun = '') {
  const hasScan = desk.shown.stage === 'verdict' && Boolean(desk.last.scan);
  const dialog = askForm({
    title: t('kiosk.manual.title'), go: t('kiosk.manual.go'), name: 'manual',
    fields: [
      field('code', t('kiosk.manual.code'), { hint: t(hasScan ? 'kiosk.manual.code.same' : 'kiosk.manual.code.hint') }),
      field('plate', t('kiosk.manual.plate'), { hint: t('kiosk.manual.plate.hint') }),
      field('trailer', t('kiosk.manual.trailer')),
    ],
    submit: async (form) => {
      const { code, plate, trailer } = form.elements;
      const seen = { plate: plateOf(plate), trailer: plateOf(trailer) };
      const typed = code.value.trim();
      if (!typed && hasScan && (seen.plate || seen.trailer)) return void desk.scanSeen(seen);
      if (!typed && seen.plate) return void desk.scan({ text: seen.plate }, { trailer: seen.trailer });
      if (!typed || readScan(typed).kind === 'unreadable') {
        showError(code, t('kiosk.manual.not_code'));
        throw Object.assign(new Error('code'), { code: 'kiosk.manual.not_code' });
      }
      void desk.scan({ text: typed }, seen);
    },
  });
  const input = dialog.querySelector('[name=code]');
  input.value = begun;
  input.setSelectionRange?.(begun.length, begun.length);
}
