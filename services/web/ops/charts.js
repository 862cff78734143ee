// SPDX-License-Identifier: MIT
// The day by hour, beside the same weekday before: who came and who left, and how many waited.

import { api } from '../base/api.js';
import { chart } from '../base/chart.js';
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { state } from './state.js';

const EVERY_MS = 60000;
const DAY_S = 86400;

/** The day in Hanoi of an instant, YYYY-MM-DD. @param {number} ms */
export function hanoiDay(ms) { return new Date(ms + 7 * 3600e3).toISOString().slice(0, 10); }

/** So many days before a day. @param {string} day @param {number} days */
export function daysBefore(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_S * 1000).toISOString().slice(0, 10);
}

const both = (one) => one.export + one.import;

/* 24 values, of the hours there are; an hour that has not begun is a gap. */
function hours(day, member) {
  const values = Array(24).fill(null);
  for (const one of day?.per_hour ?? []) values[new Date(Date.parse(one.hour) + 7 * 3600e3).getUTCHours()] = both(one[member]);
  return values;
}

export class Charts {
  /** @param {string} gate @param {Element} node */
  constructor(gate, node) {
    Object.assign(this, { gate, node, today: null, before: null, askedMs: -Infinity, drawn: null });
    this.flow = h('div', null);
    this.stock = h('div', null);
    this.flowTitle = h('h3', null);
    this.stockTitle = h('h3', null);
    node.append(h('div', null, this.flowTitle, this.flow), h('div', null, this.stockTitle, this.stock));
  }

  /* The day is the gate's, as its figures say. */
  async read() {
    const stats = state.feed.stats(this.gate);
    const nowMs = performance.now();
    if (!stats || nowMs - this.askedMs < EVERY_MS) return;
    this.askedMs = nowMs;
    const day = stats.today.day, before = daysBefore(day, 7);
    try {
      if (this.before?.day !== before) this.before = (await api('GET', `/v1/gates/${this.gate}/days/${before}`)).body;
      this.today = (await api('GET', `/v1/gates/${this.gate}/days/${day}`)).body;
      this.draw();
    } catch { this.askedMs = nowMs - EVERY_MS + 10000; }
  }

  draw() {
    this.flowTitle.textContent = t('ops.chart.flow');
    this.stockTitle.textContent = t('ops.chart.stock');
    if (!this.today) return;
    const midnight = Date.parse(`${this.today.day}T00:00:00+07:00`) / 1000;
    const x = Array.from({ length: 24 }, (_, i) => midnight + i * 3600);
    const flow = { title: t('ops.chart.flow'), x, height: 170, series: [
      { label: t('ops.chart.arrivals'), values: hours(this.today, 'arrivals'), colour: '--accent' },
      { label: t('ops.chart.clearances'), values: hours(this.today, 'clearances'), colour: '--go', width: 3 },
      { label: t('ops.chart.arrivals_then'), values: hours(this.before, 'arrivals'), colour: '--accent', dash: [2, 5], width: 1.5 },
      { label: t('ops.chart.clearances_then'), values: hours(this.before, 'clearances'), colour: '--go', dash: [6, 5], width: 1.5 },
    ] };
    const stock = { title: t('ops.chart.stock'), x, height: 170, series: [
      { label: t('ops.chart.waiting'), values: hours(this.today, 'waiting'), colour: '--ink', width: 3 },
      { label: t('ops.chart.waiting_then'), values: hours(this.before, 'waiting'), colour: '--quiet', dash: [6, 5], width: 1.5 },
    ] };
    if (this.drawn) {
      this.drawn[0].update(flow);
      this.drawn[1].update(stock);
    } else this.drawn = [chart(this.flow, flow), chart(this.stock, stock)];
  }
}
