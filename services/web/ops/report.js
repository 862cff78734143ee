// SPDX-License-Identifier: MIT
// The report of a day, a sheet of A4 for each gate, made from GET /v1/gates/{gate}/days/{day}.

import { api, Offline } from '../base/api.js';
import { h, replace, toast } from '../base/dom.js';
import { date, dateTime, duration, number, time } from '../base/format.js';
import { language, t } from '../base/text.js';
import { word } from '../base/words.js';
import { entryText } from './calendar.js';
import { daysBefore, hanoiDay } from './charts.js';
import { csvOf, save } from './csv.js';
import { gateNow, gateName, state } from './state.js';

const maybe = (seconds) => (seconds === null || seconds === undefined ? '–' : duration(seconds));
const sum = (list, get) => list.reduce((all, one) => all + get(one), 0);

function table(report, name, title, head, rows, foot) {
  if (!rows.length) return null;
  const numbers = (row, cell) => row.map((one, i) => h(i === 0 ? 'th' : 'td', { scope: i === 0 ? 'row' : null,
    class: i > 0 && typeof one === 'number' ? 'number' : null }, typeof one === 'number' ? number(one) : one));
  const exported = () => save(`${report.gate}-${report.day}-${name}.csv`, csvOf(head, foot ? [...rows, foot] : rows));
  return h('section', { class: 'part' }, h('div', { class: 'row spread' }, h('h3', null, title),
    h('button', { type: 'button', class: 'small', dataset: { act: `csv-${name}` }, 'aria-label': `${t('ops.csv')}: ${title}, ${report.gate}`, onclick: exported }, t('ops.csv'))),
  h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${title}, ${report.gate}` }, h('table', null,
    h('thead', null, h('tr', null, head.map((one, i) => h('th', { scope: 'col', class: typeof rows[0][i] === 'number' ? 'number' : null }, one)))),
    h('tbody', null, rows.map((row) => h('tr', null, numbers(row)))),
    foot && h('tfoot', null, h('tr', null, numbers(foot))))));
}

const E = (key) => `${t(key)} ${t('ops.report.out')}`;
const I = (key) => `${t(key)} ${t('ops.report.in')}`;

function hours(report) {
  const rows = report.per_hour.filter((one) => ['arrivals', 'calls', 'clearances', 'waiting'].some((key) => one[key].export + one[key].import));
  const head = [t('ops.report.hour'), E('ops.chart.arrivals'), I('ops.chart.arrivals'), E('ops.report.calls'), I('ops.report.calls'),
    E('ops.chart.clearances'), I('ops.chart.clearances'), E('ops.chart.waiting'), I('ops.chart.waiting')];
  const cells = (one) => ['arrivals', 'calls', 'clearances', 'waiting'].flatMap((key) => [one[key].export, one[key].import]);
  const totals = ['arrivals', 'calls', 'clearances'].flatMap((key) => ['export', 'import'].map((d) => sum(rows, (one) => one[key][d])));
  return table(report, 'hours', t('ops.report.hours'), head, rows.map((one) => [time(one.hour), ...cells(one)]),
    [t('ops.report.sum'), ...totals, '', '']);
}

function classes(report) {
  return table(report, 'classes', t('ops.report.classes'), [t('ops.class'), t('ops.chart.arrivals'), t('ops.report.calls'), t('ops.report.exits'),
    t('ops.report.p50'), t('ops.report.p90'), t('ops.report.longest')], report.classes.map((one) =>
    [`${word('class', one.class)}, ${word('direction', one.direction).toLowerCase()}`, one.arrivals, one.calls, one.exits,
      maybe(one.wait_p50_s), maybe(one.wait_p90_s), maybe(one.longest_wait_s)]));
}

function stages(report) {
  return table(report, 'stages', t('ops.report.stages'), [t('ops.report.stage'), t('ops.report.count'), t('ops.report.p50'), t('ops.report.p90')],
    report.stages.map((one) => [`${t(`ops.stage.${one.stage}`)}, ${word('direction', one.direction).toLowerCase()}`, one.count, duration(one.p50_s), duration(one.p90_s)]));
}

function lanes(report) {
  return table(report, 'lanes', t('ops.lanes'), [t('ops.lane'), t('ops.report.calls'), t('ops.report.busy')],
    report.lanes.map((one) => [t('ops.lane.n', { lane: one.lane }), one.calls, duration(one.busy_s)]));
}

function overtakes(report) {
  return table(report, 'overtakes', t('ops.report.overtakes'), [t('ops.col.event'), t('ops.report.at'), t('ops.col.plate'), t('ops.report.passed'), t('ops.reason')],
    report.overtakes.map((one) => [one.event, time(one.at), one.plate, one.passed, one.reason]));
}

function figures(report) {
  const exits = report.exits.export + report.exits.import;
  const { count, within_p90: kept } = report.promises;
  const last = report.per_hour.at(-1)?.waiting ?? { export: 0, import: 0 };
  const ended = Object.entries(report.ends).map(([code, n]) => `${word('state', code)} ${number(n)}`).join(', ') || number(0);
  const pairs = [[t('ops.report.exits'), `${number(exits)} / ${number(report.target)} (${number(Math.round(100 * exits / report.target))} %)`],
    [t('ops.report.by_direction'), t('ops.both', { export: number(report.exits.export), import: number(report.exits.import) })],
    [t('ops.chart.arrivals'), number(sum(report.per_hour, (one) => one.arrivals.export + one.arrivals.import))],
    [t('ops.report.left'), t('ops.both', { export: number(last.export), import: number(last.import) })],
    [t('ops.report.kept'), count ? t('ops.report.kept_of', { percent: number(Math.round(100 * kept / count)), count: number(count) }) : '–'],
    [t('ops.report.overtakes'), number(report.overtakes.length)], [t('ops.report.no_shows'), number(report.no_shows)],
    [t('ops.report.conflicts'), t('ops.report.conflicts_of', { found: number(report.conflicts.found), open: number(report.conflicts.open) })],
    [t('ops.report.ended'), ended]];
  return h('dl', { class: 'facts' }, pairs.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

function sheet(report) {
  return h('article', { class: 'sheet', dataset: { gate: report.gate } }, h('h2', null, t('ops.report.of', { gate: gateName(report.gate, language()) })),
    h('p', null, date(`${report.day}T12:00:00+07:00`), ' · ', report.is_over ? t('ops.report.whole') : t('ops.report.until', { time: dateTime(report.at) })),
    figures(report), hours(report), classes(report), stages(report), lanes(report), overtakes(report),
    report.calendar.length ? h('section', { class: 'part' }, h('h3', null, t('ops.report.calendar')),
      h('ul', null, report.calendar.map((one) => h('li', null, entryText(one))))) : null,
    h('div', { class: 'signs' }, h('p', null, t('ops.report.made_by')), h('p', null, t('ops.report.approved_by'))));
}

export class Report {
  constructor() {
    this.sheets = h('div', { class: 'sheets' });
    this.day = h('input', { type: 'date', name: 'day', onchange: () => { location.hash = `report=${this.day.value}`; } });
    this.label = h('span', null);
    this.print = h('button', { type: 'button', class: 'main', dataset: { act: 'print' }, onclick: () => window.print() });
    this.back = h('button', { type: 'button', dataset: { act: 'back' }, onclick: () => { location.hash = ''; } });
    this.node = h('section', { class: 'report', hidden: true, 'aria-label': '' },
      h('div', { class: 'row report-tools' }, this.back, h('label', { class: 'row' }, this.label, this.day), this.print), this.sheets);
  }

  write() {
    this.label.textContent = t('ops.report.day');
    this.print.textContent = t('ops.report.print');
    this.back.textContent = t('ops.report.back');
    this.node.setAttribute('aria-label', t('ops.report'));
    if (this.reports) replace(this.sheets, this.reports.map(sheet));
  }

  /** @param {string} day YYYY-MM-DD; of the gates that are seen */
  async show(day) {
    this.node.hidden = false;
    this.day.max = hanoiDay(gateNow(state.gates[0].gate) ?? Date.now());
    this.day.value = day;
    this.day.min = daysBefore(this.day.max, 3 * 366);
    try {
      const read = (gate) => api('GET', `/v1/gates/${gate}/days/${day}`);
      this.reports = (await Promise.all(state.gates.map((one) => read(one.gate)))).map((one) => one.body);
    } catch (error) {
      this.reports = [];
      toast(error instanceof Offline ? t('base.offline') : t('ops.report.none'));
    }
    this.write();
  }

  hide() {
    this.node.hidden = true;
    this.reports = null;
    replace(this.sheets);
  }
}
