// SPDX-License-Identifier: MIT
// The firm's vehicles, live: where each is, why it stands there, how long it will wait.

import { api } from '../base/api.js';
import { announce, h, replace } from '../base/dom.js';
import { dateTime, number, plate, time } from '../base/format.js';
import { live } from '../base/live.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { fold } from './fold.js';
import { gatesKnown, problemBox, stateBadge, waitText } from './parts.js';

const STATES = ['called', 'held', 'queued', 'at_gate', 'in_yard', 'cleared', 'declared', 'draft', 'exited', 'returned',
  'turned_back', 'rejected', 'no_show', 'cancelled', 'expired'];
const PAGE = 100;
const SETTLE_MS = 1500; // events come in flocks
const REFRESH_MS = 30000; // the place moves when others do, and nobody tells
const PHONE = window.matchMedia('(max-width: 700px)'); // where firm.css makes cards of the rows

/** What the list says of where a vehicle is. */
function whereabouts(item) {
  if (item.place !== null) return t('firm.vehicles.place', { place: number(item.place) });
  if (item.state === 'called') return item.lane ? t('firm.vehicles.to_lane', { lane: item.lane }) : t('firm.vehicles.called');
  if (item.held.length) return item.held.map((step) => word('step', step.step)).join(', ');
  const next = item.open[0];
  return next ? t('firm.vehicles.next', { step: word('step', next.step) }) : '';
}

/* On a desk they stand there; on a phone, where a hundred rows are long, behind a word. */
function reasonsOf(item, opened) {
  const lines = [...(item.blocked_by ?? []), ...(item.reasons ?? [])].map((one) => one.text);
  const why = h('p', { class: 'why' }, lines.join(' · '));

  if (lines.length === 0 || !PHONE.matches) return lines.length ? why : null;
  return h('details', { class: 'reasons', open: opened.has(item.id), ontoggle: (event) => opened[event.target.open ? 'add' : 'delete'](item.id) },
    h('summary', null, t('firm.vehicles.why')), why);
}

function timesOf(item) {
  if (item.called_at && item.due_at) return t('firm.vehicles.due', { time: time(item.due_at) });
  if (item.window) return t('firm.vehicles.window', { from: time(item.window.from), to: dateTime(item.window.to) });
  return item.planned_arrival ? dateTime(item.planned_arrival) : '';
}

function cell(label, ...children) {
  return h('td', { dataset: { label: t(label) } }, children);
}

function rowOf(item, { chosen, opened, onChoose }) {
  const box = h('input', { type: 'checkbox', 'aria-label': t('firm.vehicles.choose', { plate: plate(item.plate) }),
    onchange: (event) => onChoose(item, event.target.checked) });

  box.checked = chosen.has(item.id);
  return h('tr', { class: `is-${item.state}`, dataset: { id: item.id } },
    h('td', { class: 'pick' }, item.pass_version ? box : null),
    h('th', { scope: 'row' }, h('a', { href: `#vehicle?id=${item.id}`, class: 'plate big' }, plate(item.plate)),
      item.trailer_plate && h('div', { class: 'quiet-text plate' }, plate(item.trailer_plate))),
    cell('firm.vehicles.state', stateBadge(item.state)),
    cell('firm.vehicles.where', h('b', null, whereabouts(item)), reasonsOf(item, opened)),
    cell('firm.vehicles.wait', waitText(item) ?? '–'),
    cell('firm.vehicles.times', timesOf(item)),
    cell('firm.vehicles.gate', `${item.gate} · ${word('direction', item.direction)}`,
      item.role === 'receiving' && h('div', { class: 'quiet-text' }, word('role', 'receiving'))));
}

class Vehicles {
  constructor(host, query) {
    this.host = host;
    this.filter = { plate: query.get('plate') ?? '', gate: query.get('gate') ?? '', state: query.get('state') ?? '', direction: '',
      declaration: query.get('declaration') ?? '' };
    this.cursors = [null];
    this.chosen = new Map();
    this.opened = new Set(); // whose reasons are shown on a phone
    this.turn = 0;
  }

  async start() {
    const gates = await gatesKnown();
    this.list = h('div', { class: 'list', 'aria-busy': 'true' });
    this.chips = h('div', { class: 'chips', role: 'group', 'aria-label': t('firm.vehicles.state') });
    this.line = h('p', { class: 'live-line', role: 'status' });
    this.bulk = h('div', { class: 'bulk row' });
    replace(this.host, h('div', { class: 'head row' }, h('h2', null, t('firm.menu.vehicles')), this.line), this.filters(gates), this.chips, this.list, this.bulk);
    await this.load();
    this.stream = live('/v1/stream', {
      on: new Proxy({}, { get: () => () => this.soon() }), state: (state) => this.showState(state) });
    this.clock = setInterval(() => { if (!document.hidden) this.load(true); }, REFRESH_MS);
    this.turned = () => this.load(true);
    PHONE.addEventListener('change', this.turned);
    return () => this.end();
  }

  end() {
    this.isOver = true;
    this.stream?.close();
    PHONE.removeEventListener('change', this.turned);
    clearInterval(this.clock);
    clearTimeout(this.pending);
  }

  filters(gates) {
    const search = h('input', { type: 'search', name: 'plate', autocomplete: 'off', value: this.filter.plate,
      oninput: (event) => { this.filter.plate = event.target.value; clearTimeout(this.typing); this.typing = setTimeout(() => this.again(), 250); } });
    const choice = (name, key, options) => h('label', { class: 'field' }, h('span', null, t(key)),
      h('select', { name, onchange: (event) => { this.filter[name] = event.target.value; this.again(); } },
        h('option', { value: '' }, t('firm.all')), options));

    return h('form', { class: 'filters', onsubmit: (event) => event.preventDefault() },
      h('label', { class: 'field grow' }, h('span', null, t('firm.vehicles.search')), search),
      choice('gate', 'firm.field.gate', gates.map((gate) => h('option', { value: gate.gate, selected: gate.gate === this.filter.gate }, gate.names[document.documentElement.lang]))),
      choice('direction', 'firm.field.direction', ['export', 'import'].map((one) => h('option', { value: one }, word('direction', one)))));
  }

  again() {
    this.cursors = [null];
    this.load();
  }

  soon() {
    this.pending ??= setTimeout(() => { this.pending = null; if (!this.isOver) this.load(true); }, SETTLE_MS);
  }

  query() {
    const entries = Object.entries({ ...this.filter, plate: fold(this.filter.plate), limit: PAGE, after: this.cursors.at(-1) });

    return Object.fromEntries(entries.filter(([, value]) => value));
  }

  async load(isQuiet = false) {
    const turn = ++this.turn;
    try {
      const { body } = await api('GET', '/v1/crossings', { query: this.query() });
      if (turn !== this.turn || this.isOver) return;
      this.loaded = true;
      this.show(body);
    } catch (error) {
      if (turn !== this.turn || this.isOver) return;
      if (isQuiet && this.loaded) this.showState('lost'); // what is shown stays, and says how old it is
      else replace(this.list, problemBox(error, () => this.load()));
    }
  }

  showState(state) {
    this.stale = state !== 'live';
    this.list.classList.toggle('stale', this.stale);
    this.line.textContent = this.stale ? t('firm.vehicles.old', { time: this.at ? time(this.at) : '–' }) : t('firm.vehicles.live', { time: this.at ? time(this.at) : '–' });
    this.line.className = `live-line ${this.stale ? 'is-lost' : 'is-live'}`;
  }

  show(page) {
    const items = [...page.items].sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || (a.place ?? 1e9) - (b.place ?? 1e9));
    const focus = document.activeElement?.closest?.('tr')?.dataset.id;
    const part = document.activeElement?.matches?.('summary') ? 'summary' : 'a';

    this.at = page.at;
    this.list.removeAttribute('aria-busy');
    this.showState('live');
    this.showChips(page.counts);
    replace(this.list, items.length ? this.table(items) : this.nothing(), this.pager(page));
    if (focus) this.list.querySelector(`tr[data-id="${focus}"] ${part}`)?.focus();
    this.tellCalled(items);
    this.showBulk();
  }

  // Who listens hears of a call; who looks sees it on top.
  tellCalled(items) {
    const called = new Set(items.filter((item) => item.state === 'called').map((item) => item.id));
    const fresh = this.called ? items.filter((item) => called.has(item.id) && !this.called.has(item.id)) : [];

    if (fresh.length) announce(t('firm.vehicles.now_called', { plates: fresh.map((item) => plate(item.plate)).join(', ') }), 'assertive');
    this.called = called;
  }

  table(items) {
    const titles = ['plate', 'state', 'where', 'wait', 'times', 'gate'];

    return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('firm.menu.vehicles') }, h('table', { class: 'stack' },
      h('thead', null, h('tr', null, h('th', { class: 'pick' }, this.allBox(items)), titles.map((title) => h('th', { scope: 'col' }, t(`firm.vehicles.${title}`))))),
      h('tbody', null, items.map((item) => rowOf(item, { chosen: this.chosen, opened: this.opened, onChoose: (one, is) => this.choose([one], is) })))));
  }

  allBox(items) {
    const withPass = items.filter((item) => item.pass_version);
    const box = h('input', { type: 'checkbox', 'aria-label': t('firm.vehicles.choose_all'), onchange: (event) => {
      this.choose(withPass, event.target.checked);
      for (const one of this.list.querySelectorAll('tbody input[type=checkbox]')) one.checked = event.target.checked;
    } });

    box.checked = withPass.length > 0 && withPass.every((item) => this.chosen.has(item.id));
    return box;
  }

  choose(items, isChosen) {
    for (const item of items) {
      if (isChosen) this.chosen.set(item.id, item);
      else this.chosen.delete(item.id);
    }
    this.showBulk();
  }

  showBulk() {
    const ids = [...this.chosen.keys()];

    this.bulk.hidden = ids.length === 0;
    replace(this.bulk, ids.length > 0 && [h('span', { role: 'status' }, t('firm.vehicles.chosen', { n: number(ids.length) })),
      h('a', { class: 'button main', href: `#passes?ids=${ids.join('.')}` }, t('firm.passes.print')),
      h('a', { class: 'button', href: `#passes?ids=${ids.join('.')}&links=1` }, t('firm.links.many'))]);
  }

  showChips(counts) {
    const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
    const only = this.filter.declaration && h('button', { type: 'button', class: 'chip', 'aria-pressed': 'true', onclick: () => {
      this.filter.declaration = '';
      history.replaceState(null, '', '#vehicles');
      this.again();
    } }, t('firm.vehicles.of_declaration', { number: this.filter.declaration }), ' ✕');
    const chip = (state, n, label) => h('button', { type: 'button', class: 'chip', 'aria-pressed': String(this.filter.state === state),
      onclick: () => { this.filter.state = state; this.again(); } }, label, ' ', h('b', null, number(n)));

    replace(this.chips, only, chip('', total, t('firm.all')),
      STATES.filter((state) => counts[state] || this.filter.state === state).map((state) => chip(state, counts[state] ?? 0, word('state', state))));
  }

  nothing() {
    const isFiltered = this.filter.plate || this.filter.state || this.filter.gate || this.filter.direction || this.filter.declaration;

    return h('div', { class: 'card empty' }, h('p', null, t(isFiltered ? 'firm.vehicles.none_fits' : 'firm.vehicles.none')),
      !isFiltered && h('div', { class: 'row' }, h('a', { class: 'button main', href: '#new' }, t('firm.menu.new')), h('a', { class: 'button', href: '#import' }, t('firm.menu.import'))));
  }

  pager(page) {
    const go = (change) => () => { change(); this.load(); };

    return (this.cursors.length > 1 || page.next) && h('nav', { class: 'row pager', 'aria-label': t('firm.pages') },
      this.cursors.length > 1 && h('button', { type: 'button', onclick: go(() => this.cursors.pop()) }, t('firm.newer')),
      page.next && h('button', { type: 'button', onclick: go(() => this.cursors.push(page.next)) }, t('firm.older')));
  }
}

/** @param {Element} host @param {{query: URLSearchParams}} options */
export function vehiclesView(host, { query }) {
  return new Vehicles(host, query).start();
}
