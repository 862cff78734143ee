// SPDX-License-Identifier: MIT
// What a field of a declaration must look like: the server's rules (common/form, domain B2 to B7) told
// while one types. Pure; held to the server by tests/screens/firm_parity.test.mjs.
//
// Each takes what was typed and gives {value, problem, warning}: the one writing that the server stores,
// and the stable codes of what is wrong ('': nothing) or suspicious.

import { fold, foldAscii } from './fold.js';

/** @typedef {{value: string, problem: string, warning: string, note?: object}} Checked */

const good = (value, more = {}) => ({ value, problem: '', warning: '', ...more });
const bad = (typed, problem) => ({ value: typed, problem, warning: '' });

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const C = '[A-HJ-NP-Z]';
const X = '[A-HJ-NP-Z0-9]';
const PLATES = [
  ['VN', 'truck', /^[1-9]\d(?:[ABCDEFGHKLMNPSTUVXYZ]|LD|DA)\d{4,5}$/],
  ['VN', 'trailer', /^[1-9]\dRM?\d{4,5}$/],
  ['CN', 'truck', new RegExp(`^[${PROVINCES}]${C}(?:${X}{5}|[A-HJK]${X}\\d{4}|\\d{5}[A-HJK])$`)],
  ['CN', 'trailer', new RegExp(`^[${PROVINCES}]${C}${X}{4}挂$`)],
];

function plateKind(text, kind) {
  return PLATES.find(([, k, form]) => k === kind && form.test(text))?.[0] ?? '';
}

/**
 * A plate. A Chinese one typed without its province counts as 桂.
 * @param {string} typed
 * @param {{kind?: 'truck'|'trailer', nationality?: ''|'VN'|'CN'}} [wanted]
 * @returns {Checked}
 */
export function checkPlate(typed, { kind = 'truck', nationality = '' } = {}) {
  let text = fold(typed);
  let country = plateKind(text, kind);
  let warning = '';

  if (!country) {
    if (/^[A-HJ-NP-Z]/.test(text)) {
      text = `桂${text}`;
      warning = 'plate_province_assumed';
    }
    if (kind === 'trailer' && text && !text.endsWith('挂') && !/^\d/.test(text)) text += '挂';
    country = plateKind(text, kind);
  }
  if (!country) return bad(typed, 'plate_format');
  if (nationality && nationality !== country) return { value: text, problem: 'plate_nationality', warning: '' };
  return good(text, { warning, note: { country } });
}

/** ISO 3779, as a new vehicle has it. @param {string} typed @returns {Checked} */
export function checkVin(typed) {
  const text = fold(typed);

  return /^[A-HJ-NPR-Z0-9]{17}$/.test(text) ? good(text) : bad(typed, 'vin_format');
}

/** The digit that ISO 6346 wants behind 10 characters. @param {string} body @returns {string} */
export function containerDigit(body) {
  const value = (c) => {
    if (/\d/.test(c)) return Number(c);
    const v = c.charCodeAt(0) - 55;
    return v + (v > 10) + (v > 20) + (v > 30);
  };

  return String([...body].reduce((sum, c, i) => sum + value(c) * 2 ** i, 0) % 11 % 10);
}

/** A wrong check digit is suspicious, not wrong. @param {string} typed @returns {Checked} */
export function checkContainer(typed) {
  const text = fold(typed);

  if (!/^[A-Z]{3}[UJZ]\d{7}$/.test(text)) return bad(typed, 'container_format');
  const digit = containerDigit(text.slice(0, 10));
  return good(text, digit === text[10] ? {} : { warning: 'container_check_digit', note: { digit } });
}

/** The tenth digit of a tax code; '': these nine were never issued. @param {string} body @returns {string} */
export function taxDigit(body) {
  const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
  const digit = 10 - (weights.reduce((sum, w, i) => sum + w * Number(body[i]), 0) % 11);

  return digit === 10 ? '' : String(digit);
}

/** @param {string} typed @returns {Checked} */
export function checkTaxCode(typed) {
  const text = foldAscii(typed);
  const form = /^(\d{10})(\d{3})?$|^\d{12}$/.exec(text);

  if (!form || form[2] === '000' || (text.length === 12 && typed.includes('-'))) return bad(typed, 'tax_code_format');
  if (text.length === 12) return good(text);
  if (taxDigit(text) !== text[9]) return bad(typed, 'tax_code_check');
  return good(form[2] ? `${form[1]}-${form[2]}` : text);
}

/** @param {string} typed @returns {Checked} */
export function checkPhone(typed) {
  const text = foldAscii(typed).replace(/[()]/g, '');
  const vn = /^(?:\+84|0084|0)([35789]\d{8})$/.exec(text);
  const cn = /^(?:\+86|0086)?(1[3-9]\d{9})$/.exec(text);

  if (vn) return good(`+84${vn[1]}`);
  return cn ? good(`+86${cn[1]}`) : bad(typed, 'phone_format');
}

function dayExists(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));

  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function checkResident(typed, text) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const form = /^\d{6}(\d{4})(\d\d)(\d\d)\d{3}.$/.exec(text);

  if (!form || form[1] < 1900 || !dayExists(+form[1], +form[2], +form[3])) return bad(typed, 'document_format');
  const sum = weights.reduce((total, w, i) => total + w * Number(text[i]), 0);
  return '10X98765432'[sum % 11] === text[17] ? good(text) : bad(typed, 'document_check');
}

const DOCUMENTS = { cccd: /^\d{12}$/, cmnd: /^\d{9}$/, passport: /^(?:[A-Z]\d{7,8}|E[A-HJ-NP-Z]\d{7})$/ };

/** The kind of paper that a number looks like; '': none of them. @param {string} typed @returns {string} */
export function documentTypeOf(typed) {
  const text = foldAscii(typed);
  const kinds = ['cccd', 'cmnd', 'passport', 'cn_id'];

  return kinds.find((type) => (type === 'cn_id' ? /^\d{17}[\dX]$/.test(text) : DOCUMENTS[type].test(text))) ?? '';
}

/** @param {string} typed @param {string} type @returns {Checked} */
export function checkDocument(typed, type) {
  const text = foldAscii(typed);

  if (type === 'border_pass') return checkText(typed, 20).problem ? bad(typed, 'document_format') : good(typed.trim());
  if (type === 'cn_id') return checkResident(typed, text);
  return DOCUMENTS[type]?.test(text) ? good(text) : bad(typed, 'document_format');
}

/** @param {string} typed @returns {Checked} */
export function checkHs(typed) {
  const text = foldAscii(typed);

  return /^(?!00|77)(?:\d{8}|\d{10})$/.test(text) ? good(text) : bad(typed, 'hs_format');
}

/** @param {string} typed @param {'export'|'import'|''} direction @returns {Checked} */
export function checkCustomsNumber(typed, direction) {
  const text = foldAscii(typed);

  if (!/^[13]\d{11}$/.test(text)) return bad(typed, 'customs_number_format');
  const wrong = direction && text[0] !== (direction === 'export' ? '3' : '1');
  return wrong ? bad(typed, 'customs_number_direction') : good(text);
}

const folded = (form, code) => (typed) => {
  const text = foldAscii(typed);

  return form.test(text) ? good(text) : bad(typed, code);
};

export const checkCustomsType = folded(/^[A-Z]\d\d$/, 'customs_type_format');
export const checkCountry = folded(/^[A-Z]{2}$/, 'country_format');
export const checkUnit = folded(/^[A-Z0-9]{2,3}$/, 'unit_format');
export const checkCurrency = folded(/^[A-Z]{3}$/, 'currency_format');
export const checkSeal = folded(/^[A-Z0-9/]{1,32}$/, 'seal_format');

const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u061c\ufeff\ufdd0-\ufdef]/u;

/** A line of text, in characters. @param {string} typed @param {number} most @returns {Checked} */
export function checkText(typed, most) {
  const text = typed.trim();

  if (HIDDEN.test(text)) return bad(typed, 'not_printable');
  return [...text].length > most ? bad(typed, 'too_long') : good(text);
}

/** Text of several lines. @param {string} typed @param {number} most @returns {Checked} */
export function checkNote(typed, most) {
  return { ...checkText(typed.replace(/[\n\t]/g, ' '), most), value: typed.replace(/\r/g, '').trim() };
}

/** @param {string} typed @param {number} most @returns {Checked} */
export function checkCode(typed, most) {
  const text = typed.trim();

  if (!/^[A-Za-z0-9._/-]+$/.test(text)) return bad(typed, 'code_format');
  return text.length > most ? bad(typed, 'too_long') : good(text);
}
