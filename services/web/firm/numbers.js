// SPDX-License-Identifier: MIT
// Numbers and times as people write them: 19.500 or 19,500 for the same weight, 23/11/2026 8:30 for an
// instant. Pure: what now is comes as an argument.

const good = (value) => ({ value, problem: '', warning: '' });
const bad = (typed, problem) => ({ value: typed, problem, warning: '' });

/**
 * A number with decimals. Where one mark alone could be either, decimalMark says which it is.
 * @param {string} typed
 * @param {{decimals: number, most: number, decimalMark?: ','|'.'}} wanted
 * @returns {{value: number|string, problem: string, warning: string}}
 */
export function checkNumber(typed, { decimals, most, decimalMark = '.' }) {
  const text = typed.replace(/[\s\u00a0\u202f']/g, '');
  const mark = markOf(text, decimalMark);
  const groups = mark === ',' ? '.' : ',';
  const plain = text.split(groups).join('').replace(mark, '.');
  const whole = mark && text.includes(mark) ? text.slice(0, text.indexOf(mark)) : text;

  if (!/^\d+(\.\d+)?$/.test(plain) || !groupsAreWhole(whole, groups)) return bad(typed, 'wrong_type');
  if ((plain.split('.')[1] ?? '').replace(/0+$/, '').length > decimals) return bad(typed, 'number_decimals');
  return Number(plain) > most ? bad(typed, 'number_range') : good(Number(plain));
}

// The mark that separates decimals: of two kinds the last one; of one kind it cannot stand twice; in front
// of other than three digits it cannot group.
function markOf(text, decimalMark) {
  const last = { ',': text.lastIndexOf(','), '.': text.lastIndexOf('.') };

  if (last[','] >= 0 && last['.'] >= 0) return last[','] > last['.'] ? ',' : '.';
  for (const mark of [',', '.']) {
    if (last[mark] < 0) continue;
    if (text.indexOf(mark) !== last[mark]) return mark === ',' ? '.' : ',';
    if (text.length - last[mark] - 1 !== 3) return mark;
  }
  return decimalMark;
}

function groupsAreWhole(whole, groups) {
  const parts = whole.split(groups);

  return parts.length === 1 || (parts[0].length <= 3 && parts.slice(1).every((part) => part.length === 3));
}

const DAY_FIRST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/;
const YEAR_FIRST = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/;

/**
 * A day, written either way. @param {string} typed @returns {{value: string, problem: string, warning: string}}
 */
export function checkDay(typed) {
  const text = typed.trim();
  const first = DAY_FIRST.exec(text);
  const year = YEAR_FIRST.exec(text);
  const [y, m, d] = first ? [first[3].padStart(4, '20'), first[2], first[1]] : year ? year.slice(1) : [];

  if (!y || !exists(+y, +m, +d)) return bad(typed, 'date_format');
  return good(`${y}-${two(m)}-${two(d)}`);
}

function exists(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));

  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function two(number) {
  return String(number).padStart(2, '0');
}

/**
 * An instant: RFC 3339 as it is, anything else by the clock of Hanoi.
 * @param {string} typed
 * @returns {{value: string, problem: string, warning: string}}
 */
export function checkInstant(typed) {
  const text = typed.trim();
  const rfc = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text);

  if (rfc) return Number.isNaN(Date.parse(text.replace(' ', 'T'))) ? bad(typed, 'instant_format') : good(text);
  const form = /^(\S+)[\sT]+(\d{1,2})[:hg](\d{2})?(?::(\d{2})(?:\.\d+)?)?$/i.exec(text);
  const day = form ? checkDay(form[1]) : null;
  if (!day || day.problem || +form[2] > 23 || +(form[3] ?? 0) > 59 || +(form[4] ?? 0) > 59) return bad(typed, 'instant_format');
  return good(`${day.value}T${two(form[2])}:${form[3] ?? '00'}:${form[4] ?? '00'}+07:00`);
}

/** What an input of type datetime-local shows of an instant: Hanoi's clock. @param {string} iso */
export function hanoiInput(iso) {
  const ms = Date.parse(iso);

  return Number.isNaN(ms) ? '' : new Date(ms + 7 * 3600e3).toISOString().slice(0, 16);
}

/** Whether an instant is before now_ms. @param {string} iso @param {number} nowMs */
export function isPast(iso, nowMs) {
  return Date.parse(iso) < nowMs;
}
