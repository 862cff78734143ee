// SPDX-License-Identifier: MIT
// Exceptions to the opening hours: what holds or lies ahead, some of it taken off, one more put on.

import { api, Offline } from '../base/api.js';
import { h, toast } from '../base/dom.js';
import { dateTime } from '../base/format.js';
import { language, t } from '../base/text.js';
import { word } from '../base/words.js';
import { confirm } from './confirm.js';
import { gateNow, gateOf, shortName, state, tell } from './state.js';

const MODES = ['closed', 'pre_registered', 'open'];
const CAUSES = ['gate', 'far_side', 'holiday', 'weather', 'other'];

/* Hanoi's time as a field of type datetime-local has it. */
const local = (ms) => new Date(ms + 7 * 3600e3).toISOString().slice(0, 16);
const instant = (text) => `${text}:00+07:00`;

/** An entry in a line. @param {Object} one */
export function entryText(one) {
  const where = [one.route ?? t('ops.calendar.all_routes'), one.direction ? word('direction', one.direction) : t('ops.calendar.both')];
  return `${word('mode', one.mode)} · ${dateTime(one.from)} – ${dateTime(one.to)} · ${where.join(', ')} · ${word('cause', one.cause)}: ${one.reason}`;
}

function keepers(entries) {
  return h('fieldset', null, h('legend', null, t('ops.calendar.now')),
    entries.length ? entries.map((one, i) => h('label', { class: 'check' },
      h('input', { type: 'checkbox', name: `keep_${i}`, checked: true }), ' ', h('span', null, entryText(one))))
      : h('p', { class: 'quiet-text' }, t('ops.calendar.none')));
}

const field = (label, control) => h('label', { class: 'field' }, h('span', null, label), control);
const options = (pairs) => pairs.map(([value, label]) => h('option', { value }, label));

function adder(gate) {
  const nowMs = gateNow(gate) ?? Date.now();
  const routes = gateOf(gate).routes.filter((one) => one.freight).map((one) => [one.route, one.route]);
  const directions = ['export', 'import'].map((one) => [one, word('direction', one)]);
  return h('fieldset', null, h('legend', null, t('ops.calendar.add')),
    h('div', { class: 'pairs' },
      field(t('ops.calendar.mode'), h('select', { name: 'mode' }, options([['',
        t('ops.calendar.nothing')], ...MODES.map((one) => [one, word('mode', one)])]))),
      field(t('ops.calendar.cause'), h('select', { name: 'cause' }, options(CAUSES.map((one) => [one, word('cause', one)])))),
      field(t('ops.calendar.from'), h('input', { type: 'datetime-local', name: 'from', value: local(nowMs) })),
      field(t('ops.calendar.to'), h('input', { type: 'datetime-local', name: 'to', value: local(nowMs + 2 * 3600e3) })),
      field(t('ops.direction'), h('select', { name: 'direction' }, options([['', t('ops.calendar.both')], ...directions]))),
      field(t('ops.calendar.route'), h('select', { name: 'route' }, options([['', t('ops.calendar.all_routes')], ...routes])))),
    field(t('ops.reason'), h('textarea', { name: 'reason', maxlength: 500, rows: 2 })));
}

function entriesOf(values, entries) {
  const kept = entries.filter((one, i) => values[`keep_${i}`])
    .map(({ route, direction, ...rest }) => ({ ...rest, ...(route && { route }), ...(direction && { direction }) }));
  if (!values.mode) return kept;
  const { mode, cause, direction, route, reason = '' } = values;
  return [...kept, { mode, cause, reason, from: instant(values.from ?? ''), to: instant(values.to ?? ''),
    ...(direction && { direction }), ...(route && { route }) }];
}

/** @param {string} gate */
export async function editCalendar(gate) {
  let entries;
  try {
    entries = (await api('GET', `/v1/gates/${gate}/calendar`)).body.entries;
  } catch (error) {
    toast(error instanceof Offline ? t('base.offline') : error.text);
    return;
  }
  const answer = await confirm({ title: t('ops.calendar.of', { gate: shortName(gate, language()) }), wide: true,
    what: [t('ops.calendar.replaces'), t('ops.calendar.stops'), t('ops.calendar.told')],
    fields: [{ node: keepers(entries) }, { node: adder(gate) }], button: t('ops.calendar.save'),
    send: (values, key) => api('PUT', `/v1/gates/${gate}/calendar`, { key, body: { entries: entriesOf(values, entries) } }),
    pointerToField: (pointer) => /^\/entries\/\d+\/(\w+)$/.exec(pointer)?.[1] ?? null,
    done: () => t('ops.calendar.done') });
  if (!answer) return;
  state.feed.hurry(gate);
  tell('calendar', gate);
}
