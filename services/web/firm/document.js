// SPDX-License-Identifier: MIT
// A declaration as it is typed (the API's shape, every leaf a text) and as it is sent. Pure.

import { HEADER, LISTS, checkField } from './fields.js';
import { documentTypeOf } from './checks.js';
import { hanoiInput } from './numbers.js';

/** The value at a way like "driver/document/number"; undefined: not there. */
export function at(object, way) {
  return way.split('/').reduce((node, name) => node?.[name], object);
}

/** Puts a value there; what leads to it is made. */
export function put(object, way, value) {
  const names = way.split('/');
  const last = names.pop();
  let node = object;

  for (const name of names) node = node[name] ??= {};
  node[last] = value;
}

/** An empty declaration: one vehicle, nothing else. */
export function blankTyped(direction = 'export', gate = '') {
  return { gate, direction, vehicles: [{}], receiving_vehicles: [], customs_declarations: [], goods: [] };
}

function textOf(value, kind, mark) {
  if (value === undefined || value === null) return '';
  if (kind === 'instant') return hanoiInput(value);
  if (kind === 'decimal') return String(value).replace('.', mark);
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function itemTyped(item, fields, mark) {
  const typed = {};

  for (const field of fields) {
    const text = textOf(at(item, field.name), field.kind, mark);
    if (text) put(typed, field.name, text);
  }
  return typed;
}

/**
 * A document as the API gives it, to be typed on.
 * @param {object} document
 * @param {','|'.'} [mark] between a number and its decimals
 * @returns {object}
 */
export function typedOf(document, mark = '.') {
  const typed = itemTyped(document, HEADER, mark);

  for (const [list, { fields }] of Object.entries(LISTS)) {
    typed[list] = (document[list] ?? []).map((item) => itemTyped(item, fields, mark));
  }
  return typed;
}

/** A copy to file anew: what belongs to that one passage is gone. @param {object} typed @returns {object} */
export function copyOf(typed) {
  const copy = structuredClone(typed);

  delete copy.planned_arrival;
  delete copy.border_guard_number;
  copy.customs_declarations = [];
  for (const goods of copy.goods) delete goods.customs_declaration;
  for (const vehicle of [...copy.vehicles, ...copy.receiving_vehicles]) {
    delete vehicle.seal;
    delete vehicle.container;
  }
  return copy;
}

/** What the checks of a field must know of what stands around it. */
export function aboutOf(typed, item, decimalMark) {
  return {
    direction: typed.direction,
    nationality: at(item, 'nationality') ?? '',
    documentType: at(item, 'driver/document/type') ?? '',
    decimalMark,
  };
}

/**
 * What is sent, and what is wrong with it: {pointer, code} each. What is wrong is sent nowhere.
 * @param {object} typed
 * @param {{decimalMark?: ','|'.'}} [options]
 * @returns {{document: object, problems: {pointer: string, code: string}[], warnings: {pointer: string, code: string}[]}}
 */
export function documentOf(typed, { decimalMark = '.' } = {}) {
  const result = { document: {}, problems: [], warnings: [] };

  readItem(typed, HEADER, typed, result.document, '', result, decimalMark);
  for (const [list, { fields }] of Object.entries(LISTS)) {
    result.document[list] = (typed[list] ?? []).map((item, i) => {
      const out = {};
      readItem(item, fields, typed, out, `/${list}/${i}`, result, decimalMark);
      return out;
    });
  }
  return result;
}

function readItem(item, fields, typed, out, start, result, decimalMark) {
  const about = aboutOf(typed, item, decimalMark);

  for (const field of fields) {
    const text = at(item, field.name) ?? '';
    const { value, problem, warning } = checkField(field, text, about);
    const pointer = `${start}/${field.name}`;
    if (problem) result.problems.push({ pointer, code: problem });
    if (warning) result.warnings.push({ pointer, code: warning });
    if (value !== '') put(out, field.name, value);
  }
  completeDocument(out.driver);
}

// A paper needs its kind; when nobody chose it, the number tells. A kind alone is nothing.
function completeDocument(driver) {
  if (!driver?.document) return;
  if (!driver.document.number) delete driver.document;
  else driver.document.type ??= documentTypeOf(driver.document.number) || 'cccd';
  if (Object.keys(driver).length === 0) throw new Error('a driver of nothing');
}

// --- amending --------------------------------------------------------------------------------------

/** Every leaf by its pointer. @param {any} value @returns {Map<string, any>} */
export function leavesOf(value, start = '', leaves = new Map()) {
  if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) leavesOf(inner, `${start}/${name}`, leaves);
  } else if (value !== undefined && value !== null && value !== '') {
    leaves.set(start, value);
  }
  return leaves;
}

/**
 * The leaves that differ: {pointer, was, is}.
 * @param {object} before
 * @param {object} after
 */
export function changesOf(before, after) {
  const was = leavesOf(before);
  const is = leavesOf(after);

  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((pointer) => was.get(pointer) !== is.get(pointer))
    .map((pointer) => ({ pointer, was: was.get(pointer), is: is.get(pointer) }));
}

const FIXED = ['gate', 'direction'];

/**
 * The body of an amendment: the members that differ, null for one that went.
 * @param {object} before what the server has
 * @param {object} after what shall be
 */
export function amendmentOf(before, after) {
  const body = {};

  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (FIXED.includes(name) || changesOf({ v: before[name] }, { v: after[name] }).length === 0) continue;
    const gone = after[name] === undefined || (Array.isArray(after[name]) && after[name].length === 0 && name !== 'vehicles');
    body[name] = gone ? null : after[name];
  }
  return body;
}

/**
 * My changes put over what somebody else has made of the same declaration meanwhile.
 * @param {object} base what both began with, as typed
 * @param {object} mine
 * @param {object} theirs
 * @returns {{typed: object, theirs: object[], both: object[]}} both: changed by each, differently; mine holds
 */
export function mergeTyped(base, mine, theirs) {
  const my = changesOf(base, mine);
  const their = changesOf(base, theirs);
  const typed = structuredClone(theirs);
  const theirValue = new Map(their.map((change) => [change.pointer, change]));

  for (const { pointer, is } of my) {
    const way = pointer.slice(1);
    if (is === undefined) put(typed, way, '');
    else putLeaf(typed, way, is);
  }
  const both = my.filter((change) => theirValue.has(change.pointer) && theirValue.get(change.pointer).is !== change.is)
    .map((change) => ({ ...change, theirs: theirValue.get(change.pointer).is }));
  return { typed, theirs: their, both };
}

// As put(), but lists are made as lists.
function putLeaf(object, way, value) {
  const names = way.split('/');
  let node = object;

  names.forEach((name, i) => {
    if (i === names.length - 1) node[name] = value;
    else node = node[name] ??= /^\d+$/.test(names[i + 1]) ? [] : {};
  });
}
