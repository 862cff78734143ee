// SPDX-License-Identifier: MIT
// The rows of a pasted table: what each becomes, what is wrong with it at its cell, corrected in place.

import { h, replace } from '../base/dom.js';
import { language, t } from '../base/text.js';
import { COLUMNS } from './columns.js';

const LOOKS = { good: '', wrong: 'stop', refused: 'stop', filed: 'go', draft: 'look', known: 'look', sending: 'look' };
const SIGNS = { good: '○', wrong: '■', refused: '■', filed: '✓', draft: '▲', known: '▲', sending: '…' };

export class ImportTable {
  /** @param {object} owner the import: units, standings, and what is done with them */
  constructor(owner) {
    this.owner = owner;
    this.onlyWrong = false;
    this.rows = new Map();
    this.looks = new WeakMap();
    this.node = h('div', { class: 'import-table' });
    this.draw();
  }

  /** Those that the table has, and those that are always wanted. */
  columns() {
    const used = new Set(this.owner.batch.state.records.flatMap((one) => Object.keys(one.cells)));
    const always = ['gate', 'direction', 'planned_arrival', 'plate', 'driver', 'document_number'];

    return COLUMNS.filter((c) => used.has(c.key) || always.includes(c.key));
  }

  draw() {
    const columns = this.columns();
    const only = h('label', { class: 'row only' }, h('input', { type: 'checkbox', onchange: (event) => { this.onlyWrong = event.target.checked; this.showAll(); } }), t('firm.import.only_wrong'));

    this.body = h('tbody');
    replace(this.node, only, h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('firm.import.rows') }, h('table', { class: 'rows' },
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('firm.import.row')), h('th', { scope: 'col' }, t('firm.import.result')),
        columns.map((c) => h('th', { scope: 'col' }, this.nameOf(c))), h('th', null, h('span', { class: 'unseen' }, t('firm.form.remove'))))), this.body)));
    this.owner.batch.state.records.forEach((record, i) => {
      const row = this.rowOf(record, i, columns);
      this.rows.set(i, row);
      this.body.append(row.node);
    });
    this.showAll();
  }

  nameOf(column) {
    return column.names[['vi', 'en', 'zh'].indexOf(language())];
  }

  rowOf(record, i, columns) {
    const result = h('td', { class: 'result' });
    const inputs = new Map();
    const cells = columns.map((c) => {
      const input = h('input', { type: 'text', 'aria-label': t('firm.import.cell', { name: this.nameOf(c), row: record.line }), value: record.cells[c.key] ?? '', spellcheck: 'false', autocomplete: 'off',
        onchange: (event) => this.owner.change(i, c.key, event.target.value.trim()) });
      input.size = Math.max(6, Math.min(24, input.value.length + 1, 24), this.nameOf(c).length > 12 ? 10 : 6);
      inputs.set(c.key, input);
      return h('td', null, input);
    });
    const drop = h('button', { type: 'button', class: 'quiet', 'aria-label': t('firm.import.drop', { row: record.line }), onclick: () => this.owner.drop(i) }, '✕');

    return { node: h('tr', null, h('th', { scope: 'row', class: 'number' }, record.line), result, cells, h('td', null, drop)), result, inputs, drop };
  }

  showAll() {
    for (const unit of this.owner.units) this.show(unit);
  }

  /** All rows of a unit as they stand now. */
  show(unit) {
    const standing = this.owner.standing(unit);

    unit.records.forEach((i, place) => this.showRow(i, place, unit, standing));
  }

  showRow(i, place, unit, standing) {
    const row = this.rows.get(i);
    const own = standing.findings.filter((one) => one.record === i);
    const isDone = ['filed', 'draft', 'sending'].includes(standing.state);

    row.node.className = `is-${standing.state}${place ? ' follows' : ''}`;
    row.node.hidden = this.onlyWrong && ['good', 'filed'].includes(standing.state) && own.length === 0;
    row.drop.hidden = isDone;
    for (const [key, input] of row.inputs) {
      const wrong = own.filter((one) => one.key === key);
      this.mark(input, wrong, isDone, `row-${i}-${key}`);
    }
    const loose = own.filter((one) => !row.inputs.has(one.key));
    replace(row.result, h('span', { class: `state ${LOOKS[standing.state]}` }, `${SIGNS[standing.state]} ${t(`firm.import.is_${standing.state}`)}`),
      standing.number && h('div', null, h('a', { href: `#edit?number=${standing.number}`, class: 'digits' }, standing.number)),
      standing.state === 'known' && place === 0 && h('button', { type: 'button', onclick: () => this.owner.allow(unit) }, t('firm.import.file_again')),
      loose.map((one) => h('p', { class: one.isWarning ? 'echo warned' : 'field-error' }, one.text)));
  }

  mark(input, findings, isDone, id) {
    const isWrong = findings.some((one) => !one.isWarning);
    const said = findings.map((one) => one.text).join(' · ');
    const look = `${isDone} ${isWrong} ${said}`;

    if ((this.looks.get(input) ?? 'false false ') === look) return;   // thousands of cells, and few that change
    this.looks.set(input, look);
    input.readOnly = isDone;
    input.parentNode.querySelector('p')?.remove();
    if (isWrong) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    if (findings.length === 0) {
      input.removeAttribute('aria-describedby');
      return;
    }
    input.setAttribute('aria-describedby', id);
    input.after(h('p', { class: isWrong ? 'field-error' : 'echo warned', id }, said));
  }
}
