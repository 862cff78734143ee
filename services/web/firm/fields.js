// SPDX-License-Identifier: MIT
// The fields of a declaration: what each is called, how it is checked, how wide it is. One list for the
// form, for the table of many trucks and for reading the server's pointers. Pure.

import * as checks from './checks.js';
import { checkDay, checkInstant, checkNumber } from './numbers.js';

/**
 * @typedef {{name: string, kind: string, most?: number, decimals?: number, choices?: string[],
 *            plate?: 'truck'|'trailer', wanted?: boolean, wide?: boolean, more?: boolean}} Field
 * name: the way from its object ("driver/document/number"); wanted: without it the declaration stays a
 * draft; more: seldom needed, shown when asked for.
 */

const WEIGHT = { kind: 'decimal', decimals: 3 };

/** @type {Field[]} */
export const HEADER = [
  { name: 'gate', kind: 'choice', choices: [], wanted: true },
  { name: 'direction', kind: 'choice', choices: ['export', 'import'], wanted: true },
  { name: 'planned_arrival', kind: 'instant', wanted: true },
  { name: 'reference', kind: 'text', most: 64 },
  { name: 'regime', kind: 'choice', choices: ['ordinary', 'temporary', 'transit', 'bonded'], more: true },
  { name: 'route', kind: 'choice', choices: [], more: true },
  { name: 'unloading_place', kind: 'text', most: 128, more: true },
  { name: 'border_guard_number', kind: 'border_guard_number', more: true },
  { name: 'fee_payer/name', kind: 'text', most: 200, more: true },
  { name: 'fee_payer/tax_code', kind: 'tax_code', more: true },
  { name: 'fee_payer/address', kind: 'text', most: 300, more: true },
  { name: 'fee_payer/phone', kind: 'phone', more: true },
  { name: 'note', kind: 'note', most: 500, wide: true, more: true },
];

/** @type {Field[]} */
export const VEHICLE = [
  { name: 'plate', kind: 'plate', plate: 'truck', wanted: true },
  { name: 'trailer_plate', kind: 'plate', plate: 'trailer' },
  { name: 'container', kind: 'container' },
  { name: 'seal', kind: 'seal' },
  { name: 'driver/name', kind: 'text', most: 100, wanted: true },
  { name: 'driver/document/type', kind: 'choice', choices: ['cccd', 'passport', 'border_pass', 'cn_id', 'cmnd'] },
  { name: 'driver/document/number', kind: 'document', wanted: true },
  { name: 'driver/phone', kind: 'phone' },
  { name: 'nationality', kind: 'choice', choices: ['VN', 'CN'], more: true },
  { name: 'vin', kind: 'vin', more: true },
  { name: 'class', kind: 'choice', choices: ['VT1', 'VT2', 'VT3', 'VT4', 'VT5', 'VT6'], more: true },
  { name: 'body', kind: 'choice', choices: ['truck', 'tractor', 'tank', 'flatbed', 'other'], more: true },
  { name: 'own_weight_kg', ...WEIGHT, most: 200000, more: true },
  { name: 'goods_weight_kg', ...WEIGHT, most: 200000, more: true },
  { name: 'licence', kind: 'text', most: 40, more: true },
  { name: 'insurance', kind: 'text', most: 40, more: true },
  { name: 'co_driver/name', kind: 'text', most: 100, more: true },
];

/** @type {Field[]} */
export const CUSTOMS = [
  { name: 'number', kind: 'customs_number', wanted: true },
  { name: 'type', kind: 'customs_type' },
  { name: 'office', kind: 'code', most: 8 },
  { name: 'date', kind: 'day' },
];

/** @type {Field[]} */
export const GOODS = [
  { name: 'hs', kind: 'hs', wanted: true },
  { name: 'description', kind: 'text', most: 500, wanted: true },
  { name: 'origin', kind: 'country' },
  { name: 'quantity', kind: 'decimal', decimals: 3, most: 1e9 },
  { name: 'unit', kind: 'unit' },
  { name: 'packages', kind: 'integer', most: 1e7 },
  { name: 'net_weight_kg', ...WEIGHT, most: 1e6 },
  { name: 'gross_weight_kg', ...WEIGHT, most: 1e6 },
  { name: 'value', kind: 'decimal', decimals: 2, most: 1e13 },
  { name: 'currency', kind: 'currency' },
  { name: 'customs_declaration', kind: 'customs_number', more: true },
  { name: 'plates', kind: 'plates', more: true },
];

/** The lists of a declaration and the fields of their items. */
export const LISTS = {
  vehicles: { fields: VEHICLE, most: 100 },
  receiving_vehicles: { fields: VEHICLE, most: 20 },
  customs_declarations: { fields: CUSTOMS, most: 50 },
  goods: { fields: GOODS, most: 200 },
};

const EMPTY = { value: '', problem: '', warning: '' };

const KINDS = {
  text: (typed, f) => checks.checkText(typed, f.most),
  note: (typed, f) => checks.checkNote(typed, f.most),
  code: (typed, f) => checks.checkCode(typed, f.most),
  choice: (typed) => ({ ...EMPTY, value: typed }),
  plate: (typed, f, about) => checks.checkPlate(typed, { kind: f.plate, nationality: f.plate === 'truck' ? about.nationality : '' }),
  plates: checkPlates,
  vin: checks.checkVin,
  container: checks.checkContainer,
  seal: checks.checkSeal,
  tax_code: checks.checkTaxCode,
  phone: checks.checkPhone,
  document: (typed, f, about) => checks.checkDocument(typed, about.documentType || checks.documentTypeOf(typed) || 'cccd'),
  hs: checks.checkHs,
  customs_number: (typed, f, about) => checks.checkCustomsNumber(typed, about.direction),
  customs_type: checks.checkCustomsType,
  border_guard_number: checkBorderGuard,
  country: checks.checkCountry,
  unit: checks.checkUnit,
  currency: checks.checkCurrency,
  decimal: (typed, f, about) => checkNumber(typed, { ...f, decimalMark: about.decimalMark }),
  integer: (typed, f, about) => checkNumber(typed, { ...f, decimals: 0, decimalMark: about.decimalMark }),
  day: checkDay,
  instant: checkInstant,
};

/**
 * What was typed into a field, judged. Nothing typed is never wrong here.
 * @param {Field} field
 * @param {string} typed
 * @param {{direction?: string, nationality?: string, documentType?: string, decimalMark?: ','|'.'}} [about]
 * @returns {{value: any, problem: string, warning: string, note?: object}}
 */
export function checkField(field, typed, about = {}) {
  return typed.trim() === '' ? EMPTY : KINDS[field.kind](typed, field, about);
}

// Plates or VINs with commas, semicolons or line ends between them.
function checkPlates(typed) {
  const names = typed.split(/[,;\n]+/).map((one) => one.trim()).filter(Boolean).map((one) => {
    const plate = checks.checkPlate(one);
    return plate.problem ? checks.checkVin(one) : plate;
  });
  const wrong = names.some((name) => name.problem);

  return wrong ? { value: typed, problem: 'plate_format', warning: '' } : { ...EMPTY, value: names.map((name) => name.value) };
}

function checkBorderGuard(typed) {
  const text = typed.replace(/[\s.-]/g, '');
  const form = /^(\d\d)(\d\d)(\d{4})\d{5}$/.exec(text);
  const isGood = form && !checkDay(`${form[1]}/${form[2]}/${form[3]}`).problem;

  return isGood ? { ...EMPTY, value: text } : { value: typed, problem: 'border_guard_number_format', warning: '' };
}

/**
 * The class of goods that decides the queue's credit: of the longest published prefix.
 * @param {string} hs
 * @param {{code: string, class: string}[]} classes
 * @returns {string} general when none fits
 */
export function classOfHs(hs, classes) {
  const fitting = classes.filter((one) => hs.startsWith(one.code)).sort((a, b) => b.code.length - a.code.length);

  return fitting[0]?.class ?? 'general';
}
