// SPDX-License-Identifier: MIT
// Who waits, who is inside, and what did not fit: lists of one gate, by pages, with the reasons for
// every place; each as CSV in full.

import { api, Offline } from '../base/api.js';
import { h, toast } from '../base/dom.js';
import { number } from '../base/format.js';
import { language, t } from '../base/text.js';
import { csvOf, save } from './csv.js';
import { COLUMNS } from './columns.js';
import { keep } from './keep.js';
import { gateNow, hear, shortName, state } from './state.js';
import { openVehicle } from './vehicle.js';

const PAGE = 50, MOST = 200, AGAIN_MS = 5000;
const PATHS = { queue: 'queue', inside: 'inside', conflicts: 'conflicts', alarms: 'alarms' };
const KINDS = Object.keys(PATHS);

const keyOf = (kind, item) => `${kind}-${item.alarm ?? item.crossing}-${item.conflict ?? ''}`;
const path = (gate, kind) => `/v1/gates/${gate}/${PATHS[kind]}`;

/** All items, page by page. @param {string} gate @param {string} kind @param {Object} query */
export async function all(gate, kind, query = {}) {
  const items = [];
  let after = null;
  do {
    const { body } = await api('GET', path(gate, kind), { query: { ...query, limit: MOST, after } });
    items.push(...body.items);
    after = body.next;
  } while (after);
  return items;
}

export class Lists {
  /** @param {string[]} gates */
  constructor(gates) {
    Object.assign(this, { gates, gate: gates[0], kind: 'queue', direction: '', items: [], next: null, wanted: PAGE,
      readMs: -Infinity, version: null, turn: 0 });
    this.tabs = h('div', { class: 'row tabs', role: 'tablist' });
    this.tools = h('div', { class: 'row' });
    this.head = h('tr', null);
    this.body = h('tbody', null);
    this.count = h('p', { class: 'quiet-text count', role: 'status' });
    this.more = h('button', { type: 'button', hidden: true, dataset: { act: 'more' }, onclick: () => { this.wanted += PAGE; this.read(true); } });
    this.region = h('div', { class: 'scroll list', tabindex: '0', role: 'tabpanel', id: 'list' },
      h('table', null, h('thead', null, this.head), this.body));
    this.node = h('section', { class: 'lists', 'aria-labelledby': 'lists-title' }, this.title = h('h2', { id: 'lists-title' }),
      h('div', { class: 'row spread' }, this.tabs, this.tools), this.count, this.region, this.more);
    this.body.addEventListener('click', (event) => this.clicked(event));
    hear('changed', () => this.read(true));
    this.write();
  }

  write() {
    this.title.textContent = t('ops.lists');
    this.more.textContent = t('ops.more');
    this.region.setAttribute('aria-label', t(`ops.list.${this.kind}`));
    keep(this.tabs, KINDS.map((kind) => h('button', { type: 'button', role: 'tab', id: `tab-${kind}`, dataset: { key: kind, act: kind },
      'aria-selected': String(kind === this.kind), 'aria-controls': 'list', class: kind === this.kind ? 'tab on' : 'tab' },
    t(`ops.list.${kind}`))));
    this.tabs.onclick = (event) => this.show({ kind: event.target.closest('button')?.dataset.key });
    const select = (name, value, pairs) => h('select', { name, 'aria-label': t(`ops.list.${name}`), dataset: { key: name },
      onchange: (event) => this.show({ [name]: event.target.value }) },
    pairs.map(([one, label]) => h('option', { value: one, selected: one === value }, label)));
    keep(this.tools, select('gate', this.gate, this.gates.map((one) => [one, shortName(one, language())])),
      this.kind === 'queue' && select('direction', this.direction, [['', t('ops.calendar.both')], ...['export', 'import'].map((one) => [one, t(`words.direction.${one}`)])]),
      h('button', { type: 'button', dataset: { key: 'csv', act: 'csv' }, onclick: (event) => this.exportAll(event.currentTarget) }, t('ops.csv')));
    this.draw();
  }

  /** Another gate, list or direction. @param {{gate?: string, kind?: string, direction?: string}} what */
  show(what) {
    if (what.kind === undefined && 'kind' in what) return;
    Object.assign(this, what, { items: [], next: null, wanted: PAGE });
    this.write();
    this.read(true);
  }

  /** Called on every beat: reads again when the gate has moved on. */
  async read(isNow = false) {
    const version = state.feed.stats(this.gate)?.version;
    const isDue = performance.now() - this.readMs > AGAIN_MS && (version !== this.version || this.kind === 'alarms');
    if (!isNow && (!isDue || document.hidden)) return;
    const turn = ++this.turn;
    this.readMs = performance.now();
    try {
      const query = this.kind === 'queue' ? { direction: this.direction || null } : {};
      const items = [];
      let after = null;
      do {
        const { body } = await api('GET', path(this.gate, this.kind), { query: { ...query, after, limit: Math.min(MOST, this.wanted - items.length) } });
        items.push(...body.items);
        after = body.next;
      } while (after && items.length < this.wanted);
      if (turn !== this.turn) return;             // something else is shown by now
      Object.assign(this, { items, next: after, version, takenMs: performance.now() });
      this.draw();
    } catch { /* the panel of the gate says how old its data is */ }
  }

  draw() {
    const columns = COLUMNS[this.kind].filter((one) => one.class !== 'csv-only');
    const about = { gate: this.gate, nowMs: gateNow(this.gate) };
    keep(this.head, columns.map((one) => h('th', { scope: 'col', class: one.class }, t(one.label))));
    keep(this.body, this.items.map((item) => h('tr', { dataset: { key: keyOf(this.kind, item) } },
      columns.map((one) => h('td', { class: one.class }, one.show(item, about))))));
    this.count.textContent = this.items.length ? t('ops.list.count', { count: number(this.items.length), more: this.next ? '+' : '' })
      : t(`ops.list.${this.kind}.none`);
    this.more.hidden = !this.next;
  }

  async clicked(event) {
    const button = event.target.closest('button[data-act]');
    if (!button) return;
    const key = button.closest('tr').dataset.key;
    const item = this.items.find((one) => key === keyOf(this.kind, one));
    if (button.dataset.act === 'open') await openVehicle(item.crossing);
    else await COLUMNS[this.kind].find((one) => one.act?.[button.dataset.act]).act[button.dataset.act](this.gate, item);
    this.read(true);
  }

  async exportAll(button) {
    const { gate, kind, direction } = this;
    const columns = COLUMNS[kind].filter((one) => one.csv);
    button.setAttribute('aria-busy', 'true');
    try {
      const items = await all(gate, kind, kind === 'queue' ? { direction: direction || null } : kind === 'conflicts' ? { all: true } : {});
      save(`${gate}-${kind}.csv`, csvOf(columns.map((one) => t(one.label)), items.map((item) => columns.map((one) => one.csv(item, { gate })))));
    } catch (error) {
      toast(error instanceof Offline ? t('base.offline') : error.text ?? t('base.failed'));
    } finally { button.removeAttribute('aria-busy'); }
  }

  /**
   * Who would be called to a lane now; null: nobody, or it is not known.
   * @param {string} gate @param {Object} lane
   */
  async firstFor(gate, lane) {
    try {
      const { body } = await api('GET', path(gate, 'queue'), { query: { direction: lane.directions[0], limit: PAGE } });
      return body.items.find((one) => one.place !== null && one.route === lane.route &&
        (!lane.classes || lane.classes.includes(one.class))) ?? null;
    } catch { return null; }
  }
}
