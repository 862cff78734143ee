// SPDX-License-Identifier: MIT
// The firm's declarations: found, completed, amended, copied, cancelled.

import { api, freshKey } from '../base/api.js';
import { h, replace, toast } from '../base/dom.js';
import { dateTime, plate } from '../base/format.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { fold } from './fold.js';
import { ask, declarationBadge, gatesKnown, problemBox } from './parts.js';

const STATES = ['live', 'draft', 'ready', 'in_progress', 'completed', 'cancelled'];
const PLATES_SHOWN = 4;

function platesOf(item) {
  const rest = item.crossings.length - PLATES_SHOWN;

  return [item.crossings.slice(0, PLATES_SHOWN).map((one) => h('a', { class: 'plate', href: `#vehicle?id=${one.id}` }, plate(one.plate))),
    rest > 0 && h('span', null, t('firm.declarations.more', { n: rest }))];
}

class Declarations {
  constructor(host, query) {
    this.host = host;
    this.filter = { state: query.get('state') ?? '', gate: '', plate: '', from: '', to: '' };
    this.cursors = [null];
    this.turn = 0;
  }

  async start() {
    this.list = h('div', { class: 'list' });
    replace(this.host, h('h2', null, t('firm.menu.declarations')), this.filters(await gatesKnown()), this.list);
    await this.load();
  }

  filters(gates) {
    const set = (name) => (event) => {
      this.filter[name] = event.target.value;
      this.cursors = [null];
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.load(), name === 'plate' ? 300 : 0);
    };
    const field = (key, control) => h('label', { class: 'field' }, h('span', null, t(key)), control);
    const option = (value, text) => h('option', { value, selected: value === this.filter.state && value !== '' }, text);

    return h('form', { class: 'filters', onsubmit: (event) => event.preventDefault() },
      field('firm.declarations.state', h('select', { onchange: set('state') }, option('', t('firm.all')), STATES.map((one) => option(one, t(`firm.declaration.${one}`))))),
      field('firm.field.gate', h('select', { onchange: set('gate') }, h('option', { value: '' }, t('firm.all')), gates.map((one) => h('option', { value: one.gate }, one.gate)))),
      field('firm.field.plate', h('input', { type: 'search', oninput: set('plate') })),
      field('firm.declarations.from', h('input', { type: 'date', onchange: set('from') })),
      field('firm.declarations.to', h('input', { type: 'date', onchange: set('to') })));
  }

  async load() {
    const turn = ++this.turn;
    const query = Object.fromEntries(Object.entries({ ...this.filter, plate: fold(this.filter.plate), after: this.cursors.at(-1) }).filter(([, value]) => value));

    try {
      const { body } = await api('GET', '/v1/declarations', { query });
      if (turn === this.turn) this.show(body);
    } catch (error) {
      if (turn === this.turn) replace(this.list, problemBox(error, () => this.load()));
    }
  }

  show(page) {
    const go = (change) => () => { change(); this.load(); };
    const titles = ['number', 'state', 'vehicles', 'planned', 'gate', 'actions'];

    replace(this.list, page.items.length === 0 ? h('p', { class: 'card' }, t('firm.declarations.none')) :
      h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('firm.menu.declarations') }, h('table', { class: 'stack' },
        h('thead', null, h('tr', null, titles.map((one) => h('th', { scope: 'col' }, t(`firm.declarations.${one}`))))), h('tbody', null, page.items.map((item) => this.row(item))))),
    (this.cursors.length > 1 || page.next) && h('nav', { class: 'row pager', 'aria-label': t('firm.pages') },
      this.cursors.length > 1 && h('button', { type: 'button', onclick: go(() => this.cursors.pop()) }, t('firm.newer')),
      page.next && h('button', { type: 'button', onclick: go(() => this.cursors.push(page.next)) }, t('firm.older'))));
  }

  row(item) {
    const cell = (label, ...children) => h('td', { dataset: { label: t(`firm.declarations.${label}`) } }, children);
    const isLive = ['draft', 'ready', 'in_progress'].includes(item.state);

    return h('tr', null, h('th', { scope: 'row' }, h('a', { href: `#edit?number=${item.number}`, class: 'digits' }, item.number), h('div', { class: 'quiet-text' }, dateTime(item.filed_at))),
      cell('state', declarationBadge(item.state), item.rule_failures > 0 && h('div', { class: 'why' }, t('firm.declarations.lacks', { n: item.rule_failures }))),
      cell('vehicles', h('div', { class: 'plates' }, platesOf(item))),
      cell('planned', item.planned_arrival ? dateTime(item.planned_arrival) : '–'),
      cell('gate', `${item.gate} · ${word('direction', item.direction)}`),
      cell('actions', h('div', { class: 'row' },
        isLive && h('a', { class: 'button', href: `#edit?number=${item.number}` }, t(item.state === 'draft' ? 'firm.declarations.complete' : 'firm.declarations.edit')),
        h('a', { class: 'button', href: `#new?copy=${item.number}` }, t('firm.declarations.copy')),
        ['draft', 'ready'].includes(item.state) && h('button', { type: 'button', class: 'quiet', onclick: () => this.cancel(item) }, t('firm.declarations.cancel')))));
  }

  async cancel(item) {
    const key = freshKey();
    const done = await ask({ title: t('firm.cancel.title', { number: item.number }), go: t('firm.declarations.cancel'), danger: true,
      body: [h('p', null, t('firm.cancel.what', { plates: item.crossings.map((one) => plate(one.plate)).join(', ') || '–' })),
        h('label', { class: 'field' }, h('span', null, t('firm.reason')), h('input', { name: 'reason', maxlength: 300 }))],
      done: (form) => {
        const reason = form.elements.reason.value.trim();
        return api('POST', `/v1/declarations/${item.number}/cancel`, { key, retries: 2, body: reason ? { reason } : undefined });
      } });

    if (!done) return;
    toast(t('firm.cancel.done', { number: item.number }));
    this.load();
  }
}

/** @param {Element} host @param {{query: URLSearchParams}} options */
export function declarationsView(host, { query }) {
  return new Declarations(host, query).start();
}
