// SPDX-License-Identifier: MIT
// How much the firm's programs asked, by day and key: the last thirty days in Hanoi.

import { h } from '../base/dom.js';
import { date, number } from '../base/format.js';
import { t } from '../base/text.js';

const DAYS = 30, WIDTH = 600, HEIGHT = 80;

/** The days that are shown, the oldest first: YYYY-MM-DD. @param {number} nowMs */
export function daysUntil(nowMs) {
  return Array.from({ length: DAYS }, (_, i) => new Date(nowMs + 7 * 3600e3 - (DAYS - 1 - i) * 86400e3).toISOString().slice(0, 10));
}

const asked = (key, day) => key.days?.find((one) => one.day === day)?.requests ?? 0;
const sum = (list) => list.reduce((all, one) => all + one, 0);
const noon = (day) => date(`${day}T12:00:00+07:00`);

function bars(days, totals) {
  const most = Math.max(...totals), step = WIDTH / days.length;

  return h('svg', { class: 'usage-bars', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': t('firm.usage.bars', { most: number(most) }) },
    totals.map((n, i) => n > 0 && h('rect', { x: (i * step + 2).toFixed(1), width: (step - 4).toFixed(1), y: (HEIGHT * (1 - n / most)).toFixed(1), height: Math.max(1, HEIGHT * n / most).toFixed(1) })));
}

function table(days, keys) {
  const used = days.filter((day) => keys.some((key) => asked(key, day))).reverse();

  return h('details', null, h('summary', null, t('firm.usage.table')), h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('firm.usage.title') }, h('table', null,
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('firm.usage.day')), keys.map((key) => h('th', { scope: 'col', class: 'number digits' }, key.device ?? `${key.prefix}…`)))),
    h('tbody', null, used.map((day) => h('tr', null, h('th', { scope: 'row' }, noon(day)), keys.map((key) => h('td', { class: 'number' }, number(asked(key, day))))))))));
}

/**
 * @param {{prefix: string, device: string|null, days?: {day: string, requests: number}[]}[]} keys
 * @param {number} nowMs
 * @returns {Element|null} null: nothing was asked
 */
export function usageBox(keys, nowMs) {
  const days = daysUntil(nowMs);
  const used = keys.filter((key) => days.some((day) => asked(key, day)));
  const totals = days.map((day) => sum(used.map((key) => asked(key, day))));

  if (!used.length) return null;
  return h('section', { class: 'card usage' }, h('h3', null, t('firm.usage.title')),
    h('p', null, t('firm.usage.sum', { all: number(sum(totals)), today: number(totals.at(-1)) })),
    bars(days, totals), h('div', { class: 'row spread quiet-text usage-ends' }, h('span', null, noon(days[0])), h('span', null, noon(days.at(-1)))),
    table(days, used));
}
