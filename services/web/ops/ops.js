// SPDX-License-Identifier: MIT
// Operations: both gates on one screen. Are we clearing faster than they arrive, and when will we
// be done?

import { api } from '../base/api.js';
import { $, h, replace } from '../base/dom.js';
import { beijing, number, time } from '../base/format.js';
import { pageHeader } from '../base/header.js';
import { requireSession } from '../base/session.js';
import { fill, language, t, textReady } from '../base/text.js';
import { wordsReady } from '../base/words.js';
import { Alarms, takeAlarm } from './alarms.js';
import { hanoiDay } from './charts.js';
import { Feed } from './feed.js';
import { keep } from './keep.js';
import { Lists } from './lists.js';
import { Panel } from './panel.js';
import { Report } from './report.js';
import { gateNow, hear, shortName, state, tell } from './state.js';
import { bar, dayShare } from './tiles.js';
import { eventText, findVehicle, openVehicle } from './vehicle.js';

const RECENT = 6;
const GATES_EVERY_MS = 60000;
let panels = [], lists, report, gatesMs = -Infinity;
let recent = [];
const alarms = new Alarms();
const parts = {};

/* --- the strip on top ------------------------------------------------------------------------ */

function drawDay() {
  const known = state.gates.map((one) => state.feed.stats(one.gate)).filter(Boolean);
  if (!known.length) return;
  const { exits, target } = known[0].today.all_gates;
  const route = state.gates[0].routes.find((one) => one.main);
  const label = t('ops.tile.of_target', { exits: number(exits), target: number(target) });
  keep(parts.day, h('span', { class: 'label' }, t('ops.day')), h('strong', null, `${number(exits)} / ${number(target)}`),
    bar(exits / target, label, dayShare(known[0], route)));
  keep(parts.clock, h('strong', null, time(known[0].at)), ` ${t('ops.hanoi')} · ${beijing(known[0].at)} ${t('ops.beijing')}`);
}

function drawLine() {
  const line = state.feed.line;
  parts.line.className = `line ${line}`;
  parts.line.textContent = t(`ops.line.${line}`);
}

function drawRecent() {
  keep(parts.recent, recent.map((one) => h('li', { dataset: { key: one.id } }, h('span', { class: 'digits' }, time(one.at)), ' ',
    h('strong', null, shortName(one.gate, language())), ' ', eventText(one), one.crossing && [' ',
      h('button', { type: 'button', class: 'plain plate', dataset: { act: 'open', crossing: one.crossing } }, one.plate ?? one.crossing)])));
  parts.recentTitle.hidden = !recent.length;
}

/* --- the frame ------------------------------------------------------------------------------- */

async function find(event) {
  event.preventDefault();
  const field = parts.find.elements.plate;
  if (!field.value.trim()) return;
  parts.found.textContent = '';
  try {
    const found = await findVehicle(field.value.trim());
    if (!found.crossing?.id) parts.found.textContent = found.text;
  } catch (error) {
    parts.found.textContent = error.errors?.[0]?.text ?? error.text ?? t('base.offline');
  }
}

function frame(main) {
  parts.day = h('div', { class: 'day' });
  parts.clock = h('p', { class: 'clock' });
  parts.line = h('span', { class: 'line' });
  parts.log = h('button', { type: 'button', class: 'small', dataset: { t: 'ops.alarm.log', act: 'log' } });
  parts.found = h('p', { class: 'error', role: 'alert' });
  parts.find = h('form', { class: 'find row', role: 'search', onsubmit: find },
    h('input', { name: 'plate', type: 'search', maxlength: 64, placeholder: true, autocomplete: 'off', dataset: { tLabel: 'ops.find' } }),
    h('button', { type: 'submit', dataset: { t: 'ops.find.go' } }));
  parts.report = h('a', { class: 'button', href: '#report', dataset: { t: 'ops.report', act: 'report' }, onclick: openReport });
  parts.recentTitle = h('h2', { dataset: { t: 'ops.recent' }, hidden: true });
  parts.recent = h('ol', { class: 'recent plain-list' });
  panels = state.gates.map((one) => new Panel(one.gate, (gate, lane) => lists.firstFor(gate, lane)));
  lists = new Lists(state.gates.map((one) => one.gate));
  report = new Report();
  parts.board = h('div', { class: 'board' },
    h('div', { class: 'top' }, parts.day, h('div', { class: 'row now' }, parts.clock, parts.line, parts.log)), parts.found,
    alarms.node, h('div', { class: 'gates' }, panels.map((one) => one.node)),
    h('div', { class: 'below' }, lists.node, h('section', { class: 'happened' }, parts.recentTitle, parts.recent)));
  pageHeader({ title: 'ops.title', who: state.who, more: [parts.find, parts.report] });
  replace(main, parts.board, report.node);
  parts.board.addEventListener('click', clicked);
  fill(main);
  report.write();
}

function showList(what) {
  lists.show(what);
  lists.node.scrollIntoView({ block: 'start' });
}

async function clicked(event) {
  const button = event.target.closest('button[data-act]');
  if (!button || button.closest('.gate, .lists')) return;
  const { act, gate, alarm, crossing } = button.dataset;
  if (act === 'conflicts') showList({ gate, kind: 'conflicts' });
  else if (act === 'log') showList({ kind: 'alarms' });
  else if (act === 'take') {
    await takeAlarm(gate, Number(alarm));
    alarms.draw();
  } else if (crossing) openVehicle(crossing);
}

function openReport(event) {
  event.preventDefault();
  location.hash = `report=${hanoiDay(gateNow(state.gates[0].gate) ?? Date.now())}`;
}

function route() {
  const day = /^#report=(\d{4}-\d{2}-\d{2})$/.exec(location.hash)?.[1];
  parts.board.hidden = Boolean(day);
  if (day) report.show(day);
  else report.hide();
}

/* --- following ------------------------------------------------------------------------------- */

function onData(gate) {
  panels.find((one) => one.gate === gate)?.draw();
  drawDay();
  alarms.draw();
  if (gate === lists.gate) lists.read();
}

function onEvent(event) {
  recent = [event, ...recent.filter((one) => one.id !== event.id)].slice(0, RECENT);
  drawRecent();
  if (event.type === 'calendar') gatesMs = -Infinity;
  tell('event', event);
}

async function readGates() {
  gatesMs = performance.now();
  try {
    const { body } = await api('GET', '/v1/gates');
    const mine = body.items.filter((one) => state.who.gates.includes(one.gate));
    // how they stand now, by each gate's own clock
    await Promise.all(mine.map(async (one) => {
      one.routes = (await api('GET', `/v1/gates/${one.gate}/calendar`)).body.routes;
    }));
    state.gates = mine;
  } catch { if (!state.gates.length) throw new Error(t('base.offline')); }
}

async function beat() {
  for (const one of panels) {
    one.grow();
    if (!document.hidden) one.charts.read();
  }
  alarms.draw();
  if (performance.now() - gatesMs > GATES_EVERY_MS && !document.hidden) {
    await readGates();
    for (const one of panels) one.draw();
  }
  if (lists.items.length === 0) lists.read();
}

function redraw() {
  for (const one of panels) one.write();
  lists.write();
  report.write();
  drawDay();
  alarms.draw();
  drawLine();
  drawRecent();
}

await Promise.all([textReady('ops'), wordsReady()]);
const main = $('#main');
pageHeader({ title: 'ops.title' });
fill(document);
state.who = await requireSession({ roles: ['operator', 'supervisor'], host: main });
await readGates();
state.feed = new Feed(state.gates.map((one) => one.gate), { onData, onEvent, onLine: drawLine });
frame(main);
drawLine();
state.feed.start();
route();
lists.read(true);
setInterval(beat, 1000);
window.addEventListener('hashchange', route);
window.addEventListener('language', redraw);
window.addEventListener('theme', () => panels.forEach((one) => one.charts.draw()));
hear('calendar', () => { gatesMs = -Infinity; });
