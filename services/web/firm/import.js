// SPDX-License-Identifier: MIT
// Many trucks at once: a table pasted or chosen, each row judged as one looks, the good ones filed, the
// others corrected in place. Everything lies in storage: see batch.js.

import { Offline, api, freshKey } from '../base/api.js';
import { $, announce, h, replace } from '../base/dom.js';
import { number } from '../base/format.js';
import { language, t } from '../base/text.js';
import { Batch, fileAll } from './batch.js';
import { csvRead, isWorkbook, textOfFile } from './csv.js';
import { findingOf, recordsOf, reportOf, templateOf, unitsOf } from './columns.js';
import { ImportTable } from './import_table.js';
import { ask, download, gatesKnown } from './parts.js';

const ROWS_MOST = 500;
const BYTES_MOST = 2 << 20;
const FLOCK_MS = 200;

class Import {
  constructor(host, who) {
    this.host = host;
    this.batch = new Batch({ storage: localStorage, name: `gate.firm.${who.user.id}.batch`, freshKey, now: Date.now });
    this.allowed = new Set(); // filed before, and wanted again
    this.judged = new Map();  // what is costly for hundreds of rows is done once for each
    this.wrapped = new WeakMap();
    this.stood = new Map();
  }

  async start() {
    this.gates = await gatesKnown();
    if (this.batch.state.records.length) this.showTable();
    else this.showBegin();
    this.onStorage = (event) => { if (event.key === this.batch.name && !this.isBusy) { this.batch = new Batch({ ...this.batch }); this.stood.clear(); this.judge(); this.table?.showAll(); this.showCounts(); } };
    window.addEventListener('storage', this.onStorage);
    return () => { this.isOver = true; window.removeEventListener('storage', this.onStorage); };
  }

  // --- a table comes

  showBegin(text = '', problem = '') {
    const paste = h('textarea', { name: 'paste', rows: 6, id: 'paste', class: 'digits', spellcheck: 'false', placeholder: t('firm.import.paste_here'), 'aria-describedby': 'paste-error' });
    const error = h('p', { class: 'field-error', id: 'paste-error', role: 'alert', hidden: !problem }, problem);
    const file = h('input', { type: 'file', name: 'file', id: 'file', accept: '.csv,.tsv,.txt,text/csv', 'aria-label': t('firm.import.file'), onchange: (event) => this.takeFile(event.target.files[0]) });

    paste.value = text;
    paste.addEventListener('paste', () => setTimeout(() => this.take(paste.value)));
    if (problem) paste.setAttribute('aria-invalid', 'true');
    const drop = h('div', { class: 'card drop', ondragover: (event) => { event.preventDefault(); drop.classList.add('is-over'); },
      ondragleave: () => drop.classList.remove('is-over'), ondrop: (event) => { event.preventDefault(); this.takeFile(event.dataTransfer.files[0]); } },
    h('ol', { class: 'steps' },
      h('li', null, t('firm.import.step_template'), ' ', h('button', { type: 'button', onclick: () => this.template() }, t('firm.import.template'))),
      h('li', null, t('firm.import.step_fill')), h('li', null, t('firm.import.step_give'))),
    h('p', { class: 'file' }, h('span', { class: 'button', 'aria-hidden': 'true' }, t('firm.import.file')), file),
    h('label', { for: 'paste', class: 'strong' }, t('firm.import.paste')), paste, error,
    h('div', { class: 'row end' }, h('button', { type: 'button', class: 'main', onclick: () => this.take(paste.value) }, t('firm.import.read'))));

    this.table = null;
    replace(this.host, h('h2', null, t('firm.menu.import')), h('p', null, t('firm.import.what')), drop);
    if (problem) paste.focus();
  }

  template() {
    const tomorrow = new Date(Date.now() + (24 + 7) * 3600e3).toISOString().slice(0, 10);

    download(`${t('firm.import.template_name')}.csv`, templateOf(language(), tomorrow), 'text/csv');
  }

  async takeFile(file) {
    if (!file) return undefined;
    if (file.size > BYTES_MOST) return this.showBegin('', t('firm.import.too_large', { n: number(BYTES_MOST >> 20) }));
    const bytes = await file.arrayBuffer();
    return isWorkbook(bytes) ? this.showBegin('', t('firm.import.workbook')) : this.take(textOfFile(bytes));
  }

  take(text) {
    if (!text.trim()) return this.showBegin(text, t('firm.import.empty'));
    const { rows, separator } = csvRead(text);
    const { records, unknown, isHeader, strange } = recordsOf(rows);

    if (strange.length) return this.showBegin(text, t('firm.import.strange', { names: strange.slice(0, 12).join(', ') }));
    if (records.length === 0) return this.showBegin(text, t('firm.import.only_header'));
    if (records.length > ROWS_MOST) return this.showBegin(text, t('firm.import.too_many', { n: number(ROWS_MOST), is: number(records.length) }));
    if (!records.some((one) => one.cells.plate || one.cells.driver || one.cells.hs)) return this.showBegin(text, t('firm.import.no_table'));
    const isVietnamese = separator === ';' || (separator === '\t' && language() === 'vi');
    this.batch.begin(records, { decimalMark: isVietnamese ? ',' : '.', unknown, isHeader, gate: this.gates.length === 1 ? this.gates[0].gate : '' });
    this.showTable();
    return announce(t('firm.import.read_rows', { n: records.length }));
  }

  // --- it is judged

  judge() {
    const { records, options } = this.batch.state;
    const wrap = (unit) => {
      if (!this.wrapped.has(unit)) this.wrapped.set(unit, { ...unit, id: unit.records.join('-'), body: JSON.stringify(unit.document) });
      return this.wrapped.get(unit);
    };

    this.units = unitsOf(records, options, this.judged).map(wrap);
    this.unitOf = new Map(this.units.flatMap((unit) => unit.records.map((i) => [i, unit])));
  }

  entryOf(unit) {
    return this.batch.state.entries[unit.id] ?? { state: 'new' };
  }

  /** What is said of a unit: {state, findings, number?}; asked for all of them after every answer. */
  standing(unit) {
    if (!this.stood.has(unit)) this.stood.set(unit, this.stand(unit));
    return this.stood.get(unit);
  }

  stand(unit) {
    const entry = this.entryOf(unit);
    const say = (one) => t(`firm.code.${one.code}`, { digit: '', value: one.value ?? '' });
    const problems = unit.problems.map((one) => ({ ...one, text: say(one) }));
    const warnings = unit.warnings.map((one) => ({ ...one, text: say(one), isWarning: true }));

    if (entry.state === 'filed') return { state: entry.result?.state === 'draft' ? 'draft' : 'filed', number: entry.number, findings: this.answered(unit, entry.result) };
    if (entry.state === 'sending') return { state: 'sending', findings: [] };
    if (problems.length) return { state: 'wrong', findings: [...problems, ...warnings] };
    if (entry.state === 'refused' && entry.sent === unit.body) return { state: 'refused', findings: this.refusal(unit, entry.problem) };
    const before = this.batch.memory.find(unit.body);
    if (before && !this.allowed.has(unit.id)) return { state: 'known', number: before, findings: [] };
    return { state: 'good', findings: warnings };
  }

  answered(unit, result) {
    const place = (isWarning) => (one) => ({ ...findingOf(one, unit), text: one.text, isWarning });

    return [...(result?.rule_failures ?? []).map(place(false)), ...(result?.warnings ?? []).map(place(true))];
  }

  refusal(unit, problem) {
    const errors = problem.errors?.length ? problem.errors : [{ pointer: '', code: problem.code, text: problem.text }];

    return errors.map((one) => ({ ...findingOf(one, unit), text: one.text }));
  }

  // --- it is shown

  showTable() {
    const { options } = this.batch.state;

    for (const one of [this.judged, this.stood]) one.clear();

    this.judge();
    this.line = h('p', { class: 'counts', role: 'status' });
    this.progress = h('progress', { max: 1, value: 0, hidden: true, 'aria-label': t('firm.import.filing') });
    this.go = h('button', { type: 'button', class: 'main', onclick: () => this.file() });
    this.trouble = h('div', { class: 'trouble' });
    this.table = new ImportTable(this);
    replace(this.host, h('h2', null, t('firm.menu.import')),
      options.unknown?.length > 0 && h('p', { class: 'note' }, t('firm.import.unknown', { names: options.unknown.join(', ') })),
      h('div', { class: 'sticky-top card' }, this.line, this.progress, this.trouble, h('div', { class: 'row' }, this.go,
        h('button', { type: 'button', onclick: () => this.report() }, t('firm.import.report')),
        h('button', { type: 'button', class: 'quiet', onclick: () => this.startOver() }, t('firm.import.again')))),
      this.table.node);
    this.showCounts();
  }

  counts() {
    const counts = { good: 0, wrong: 0, filed: 0, draft: 0, refused: 0, known: 0, sending: 0 };

    for (const unit of this.units) counts[this.standing(unit).state]++;
    return counts;
  }

  showCounts() {
    if (!this.line) return;
    const counts = this.counts();
    const passes = this.passIds();

    replace(this.line, Object.entries(counts).filter(([, n]) => n).map(([state, n]) => h('span', { class: `count is-${state}` }, `${t(`firm.import.is_${state}`)} `, h('b', null, number(n)))),
      passes.length > 0 && h('a', { href: `#passes?ids=${passes.join('.')}` }, t('firm.passes.print')));
    this.go.disabled = counts.good + counts.refused === 0 || this.isBusy;
    this.go.textContent = t('firm.import.go', { n: number(counts.good + counts.refused) });
  }

  passIds() {
    return this.units.flatMap((unit) => (this.entryOf(unit).result?.crossings ?? []).filter((one) => one.pass).map((one) => one.id));
  }

  /** A cell was corrected. */
  change(record, key, value) {
    const { cells } = this.batch.state.records[record];

    if (value) cells[key] = value;
    else delete cells[key];
    this.batch.save();
    this.judge();
    if (key === 'group') this.table.showAll();
    else this.table.show(this.unitOf.get(record));
    this.showCounts();
  }

  /** Filed before, and wanted again. */
  allow(unit) {
    this.allowed.add(unit.id);
    this.stood.delete(unit);
    this.table.show(unit);
    this.showCounts();
  }

  /** A row that is not wanted after all. */
  drop(record) {
    const { state } = this.batch;
    const filed = this.units.filter((unit) => this.entryOf(unit).state === 'filed');

    state.records.splice(record, 1);
    // what was filed is known by its rows' places, which move up
    const moved = {};
    for (const unit of filed) {
      const id = unit.records.map((i) => (i > record ? i - 1 : i)).join('-');
      moved[id] = { ...this.entryOf(unit), id };
    }
    state.entries = moved;
    this.batch.save();
    if (state.records.length === 0) return this.showBegin();
    return this.showTable();
  }

  // --- it is filed

  async file() {
    if (this.isBusy) return;
    this.isBusy = true;
    replace(this.trouble);
    const wanted = this.units.filter((unit) => ['good', 'refused'].includes(this.standing(unit).state)).map((unit) => ({ id: unit.id, body: unit.document }));
    let done = 0;
    const byId = new Map(this.units.map((unit) => [unit.id, unit]));
    const shown = this.inFlocks((ids) => {
      Object.assign(this.progress, { hidden: false, max: wanted.length, value: done });
      for (const id of ids) this.table.show(byId.get(id));
      this.showCounts();
    });
    const changed = (id) => {
      const unit = byId.get(id);
      if (this.entryOf(unit).state !== 'sending') done++;
      this.stood.delete(unit);
      shown(id);
    };
    const run = () => fileAll(this.batch, wanted, (body, key) => api('POST', '/v1/declarations', { body, key, retries: 3 }).then((answer) => answer.body), changed);

    this.go.setAttribute('aria-busy', 'true');
    this.showCounts();
    try {
      // one tab at a time, where the browser can tell; the keys hold in any case
      const end = navigator.locks ? await navigator.locks.request(this.batch.name, run) : await run();
      this.ended(end);
    } finally {
      this.isBusy = false;
      this.go.removeAttribute('aria-busy');
      this.progress.hidden = true;
      this.showCounts();
    }
  }

  // A table of hundreds of rows is laid out anew with each change: a few times a second is enough.
  inFlocks(show) {
    const ids = new Set();
    let timer = null;

    return (id) => {
      ids.add(id);
      timer ??= setTimeout(() => {
        timer = null;
        if (!this.isOver && this.table) show([...ids]);
        ids.clear();
      }, FLOCK_MS);
    };
  }

  ended(end) {
    if (this.isOver) return;
    this.stood.clear();              // another tab may have filed some
    this.table.showAll();
    if (end === 'lost') {
      replace(this.trouble, h('p', { class: 'error', role: 'alert' }, t('firm.import.lost')));
      this.waitForLine();
      return;
    }
    const counts = this.counts();
    announce(t('firm.import.done', { filed: counts.filed + counts.draft, left: counts.wrong + counts.refused }), 'assertive');
    if (counts.wrong + counts.refused > 0) $('[aria-invalid=true]', this.table.node)?.focus();
  }

  // When the line is back it goes on by itself: nobody has to sit and watch.
  waitForLine() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(async () => {
      if (this.isOver || this.isBusy) return;
      try {
        await api('GET', '/readyz');
        this.file();
      } catch (error) {
        if (error instanceof Offline || error.status === 503) this.waitForLine();
      }
    }, 4000);
  }

  // --- and afterwards

  report() {
    const messages = this.batch.state.records.map((record, i) => {
      const { state, number: filed, findings } = this.standing(this.unitOf.get(i));
      const own = findings.filter((one) => one.record === i).map((one) => one.text);
      return [t(`firm.import.is_${state}`), filed, ...own].filter(Boolean).join(' · ');
    });

    download(`${t('firm.import.report_name')}.csv`, reportOf(this.batch.state.records, messages, language(), t('firm.import.result')), 'text/csv');
  }

  async startOver() {
    const counts = this.counts();
    const left = counts.good + counts.wrong + counts.refused;
    const sure = left === 0 || await ask({ title: t('firm.import.again'), go: t('firm.import.again'), danger: true, body: h('p', null, t('firm.import.left', { n: left })), done: () => true });

    if (!sure) return;
    this.batch.clear();
    this.showBegin();
  }
}

/** @param {Element} host @param {{who: object}} options */
export function importView(host, { who }) {
  return new Import(host, who).start();
}
