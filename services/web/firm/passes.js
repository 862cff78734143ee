// SPDX-License-Identifier: MIT
// Passes of one or many vehicles, as the server draws them: on A4, several on a sheet, or on 80 mm rolls.
// With links, the message for each driver beside it.

import { Offline, Problem, api } from '../base/api.js';
import { h, replace } from '../base/dom.js';
import { t } from '../base/text.js';
import { copyText, linkOf } from './links.js';
import { download, problemBox, reasonOf } from './parts.js';
import { csvWrite } from './csv.js';

const AT_ONCE = 4;

/** The server's drawing as an element of this page, so that it is printed sharp. @param {string} id */
export async function passImage(id) {
  const { body } = await api('GET', `/v1/crossings/${id}/pass.svg`, { accept: 'image/svg+xml', retries: 2 });
  const parsed = new DOMParser().parseFromString(body, 'image/svg+xml').documentElement;

  if (parsed.nodeName !== 'svg') throw new Offline(new Error('not a drawing'));
  return document.importNode(parsed, true);
}

async function inTurns(ids, work) {
  const waiting = [...ids];

  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let id = waiting.shift(); id; id = waiting.shift()) await work(id);
  }));
}

class Passes {
  constructor(host, query) {
    this.host = host;
    this.ids = [...new Set((query.get('ids') ?? '').split('.').filter((id) => /^\d{14}$/.test(id)))];
    this.withLinks = query.get('links') === '1';
    this.links = new Map();
  }

  async start() {
    this.sheet = h('div', { class: 'sheet' }, this.ids.map((id) => h('figure', { class: 'slip', dataset: { id } }, h('p', { class: 'quiet-text' }, '…'))));
    this.line = h('p', { role: 'status' });
    replace(this.host, h('p', { class: 'no-print' }, h('a', { href: '#vehicles' }, `‹ ${t('firm.menu.vehicles')}`)),
      h('div', { class: 'head row no-print' }, h('h2', null, t(this.withLinks ? 'firm.links.many' : 'firm.passes.title')), this.tools()), this.line, this.sheet);
    this.paper(localStorage.getItem('gate.firm.paper') === 'roll' ? 'roll' : 'a4');
    if (this.ids.length === 0) this.line.textContent = t('firm.passes.none');
    this.loadAll();
    return () => { delete document.documentElement.dataset.paper; };
  }

  tools() {
    const choice = (name, value, key) => h('label', { class: 'row' }, h('input', { type: 'radio', name, value, onchange: () => this.paper(value) }), t(key));

    if (this.withLinks) return h('button', { type: 'button', onclick: () => this.saveLinks() }, t('firm.links.save'));
    this.print = h('button', { type: 'button', class: 'main', disabled: true, onclick: () => window.print() }, t('firm.passes.print'));
    return h('div', { class: 'row', role: 'group', 'aria-label': t('firm.passes.paper') }, choice('paper', 'a4', 'firm.passes.a4'), choice('paper', 'roll', 'firm.passes.roll'), this.print);
  }

  // The size of the page cannot hang on an attribute: it is a rule of its own.
  paper(kind) {
    const rule = kind === 'roll' ? '@page { size: 80mm 90mm; margin: 3mm 4mm; }' : '@page { size: A4; margin: 10mm; }';
    const sheet = new CSSStyleSheet();

    document.documentElement.dataset.paper = kind;
    sheet.replaceSync(`@media print { ${rule} }`);
    document.adoptedStyleSheets = [sheet];
    try { localStorage.setItem('gate.firm.paper', kind); } catch { /* until the page is left */ }
    const radio = this.host.querySelector(`input[value="${kind}"]`);
    if (radio) radio.checked = true;
  }

  async loadAll() {
    let done = 0, failed = 0;

    await inTurns(this.ids, async (id) => {
      const slip = this.sheet.querySelector(`[data-id="${id}"]`);
      try {
        await this.load(id, slip);
      } catch (error) {
        failed++;
        slip.classList.add('failed');
        replace(slip, h('p', { class: 'error' }, `${id}: ${reasonOf(error)}`));
        if (!(error instanceof Problem)) slip.append(problemBox(error, () => this.start()));
      }
      this.line.textContent = t('firm.passes.progress', { done: ++done, all: this.ids.length });
    });
    if (this.ids.length) this.line.textContent = failed ? t('firm.passes.some_failed', { n: failed }) : '';
    if (this.print) this.print.disabled = this.ids.length === failed;
  }

  async load(id, slip) {
    replace(slip, await passImage(id));
    if (!this.withLinks) return;
    const link = await linkOf(id);
    const input = h('input', { type: 'text', readonly: true, class: 'digits', value: link.url, 'aria-label': `${t('firm.links.title')} ${id}` });
    this.links.set(id, link.url);
    slip.append(h('div', { class: 'row no-print' }, input, h('button', { type: 'button', onclick: () => copyText(link.url, input) }, t('firm.links.copy'))));
  }

  saveLinks() {
    const rows = [...this.sheet.querySelectorAll('.slip')].map((slip) => [slip.querySelector('title')?.textContent ?? '', slip.dataset.id, this.links.get(slip.dataset.id) ?? '']);

    download('lien-ket-lai-xe.csv', csvWrite(rows, ';'), 'text/csv');
  }
}

/** @param {Element} host @param {{query: URLSearchParams}} options */
export function passesView(host, { query }) {
  return new Passes(host, query).start();
}
