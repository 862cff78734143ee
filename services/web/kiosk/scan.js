// SPDX-License-Identifier: MIT
// What a scanner or a person typed, told apart by its form, as the server does (common/form/scan.h);
// and, where it was changed on its way, by what.
import { fold, readPlate } from './plate.js';

const CROSSING_DIGITS = 14;
const MANGLED_MIN = 10; // digits that show that a number was meant

/** @typedef {'pass' | 'crossing' | 'declaration' | 'plate' | 'mangled' | 'unreadable'} ScanKind */
/** @typedef {{kind: ScanKind, value: string, cause?: 'telex' | 'caps' | 'other'}} Scan */

/** @param {string} digits @returns {boolean} */
function isDeclaration(digits) {
  if (!/^20[0-9]{12,14}$/.test(digits) || digits.slice(8, 10) === '00') return false;
  const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso);
}

/** @param {string} digits @returns {ScanKind} */
function kindOfDigits(digits) {
  if (isDeclaration(digits)) return 'declaration';
  if (digits.length === CROSSING_DIGITS) return 'crossing';
  return digits.length > CROSSING_DIGITS ? 'pass' : 'unreadable';
}

/**
 * Why digits came with something else: an input method for Vietnamese writes letters with marks (and
 * takes keys back), Caps Lock or Shift the signs over the digits.
 * @param {string} text @param {{caps?: boolean, erased?: boolean}} keys @returns {'telex' | 'caps' | 'other'}
 */
function causeOf(text, keys) {
  if (keys.erased || /[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]/u.test(text)) return 'telex';
  if (keys.caps || /[!@#$%^&*()]/.test(text)) return 'caps';
  return 'other';
}

/**
 * @param {string} text
 * @param {{caps?: boolean, erased?: boolean, keyboard?: boolean, signs?: number}} [keys] what the
 *   keyboard did meanwhile; signs: how many keys of the digit row gave a sign instead
 * @returns {Scan}
 */
export function readScan(text, keys = {}) {
  const plate = readPlate(text);
  if (plate && !keys.erased) return { kind: 'plate', value: plate };
  const folded = fold(text);
  const digits = folded.replace(/[^0-9]/g, '');
  const meant = digits.length + (keys.signs ?? 0);
  if (folded === digits && !keys.erased) {
    const kind = kindOfDigits(digits);
    return { kind, value: kind === 'unreadable' ? text : digits };
  }
  if (meant < MANGLED_MIN) return { kind: 'unreadable', value: text };
  return { kind: 'mangled', value: text, cause: causeOf(text, keys) };
}
