// SPDX-License-Identifier: MIT
// The columns of the lists: how each is shown, and what of it goes into the CSV.

import { h } from '../base/dom.js';
import { dateTime, duration, interval, number, plate, time } from '../base/format.js';
import { hasText, t } from '../base/text.js';
import { word } from '../base/words.js';
import { alarmAt, alarmText, lastedText } from './alarms.js';
import { callThis, resolveConflict } from './actions.js';
import { isSupervisor, mayOperate } from './state.js';
import { stateChip } from './vehicle.js';

/** The reason for a place, in words. @param {string} code */
export function reasonText(code) { return hasText(`ops.reason.${code}`) ? t(`ops.reason.${code}`) : code; }

const opener = (one) => h('button', { type: 'button', class: 'plain plate', dataset: { act: 'open' } }, plate(one.plate));
const steps = (list) => list.map((one) => word('step', one.step));
const ago = (iso, about) => (iso && about.nowMs ? duration((about.nowMs - Date.parse(iso)) / 1000) : '–');
const kindText = (one) => `${word('class', one.class)} · ${word('direction', one.direction)}`;

const vehicle = { label: 'ops.col.plate', show: opener, csv: (one) => one.plate };
const crossing = { label: 'ops.crossing', class: 'csv-only', show: () => null, csv: (one) => one.crossing };
const kind = { label: 'ops.class', show: kindText, csv: kindText };

const queue = [
  { label: 'ops.place', class: 'number', show: (one) => (one.place === null ? '–' : number(one.place)), csv: (one) => one.place },
  vehicle, crossing, kind,
  { label: 'ops.col.waited', show: (one, about) => [time(one.joined_at), h('span', { class: 'quiet-text' }, ` (${ago(one.joined_at, about)})`)],
    csv: (one) => one.joined_at },
  { label: 'ops.reasons', class: 'why', show: (one) => h('ul', { class: 'plain-list' }, one.reasons.map((code) => h('li', null, reasonText(code),
    code === 'place_credit' ? ` (${duration(one.credit_s)})` : code === 'place_held' ? ` (${steps(one.held).join(', ')})`
      : code === 'place_no_show' && one.eligible_at ? ` (${time(one.eligible_at)})` : ''))),
  csv: (one) => one.reasons.map(reasonText) },
  { label: 'ops.credit', class: 'csv-only', show: () => null, csv: (one) => one.credit_s },
  { label: 'ops.rank', class: 'csv-only', show: () => null, csv: (one) => one.rank_at },
  { label: 'ops.wait', show: (one) => interval(one.wait.p50_s, one.wait.p90_s), csv: (one) => [one.wait.p50_s, one.wait.p90_s] },
  { label: 'ops.col.act', class: 'act', act: { call: callThis }, show: (one) => mayOperate() && !one.held.length &&
    h('button', { type: 'button', class: one.place === 1 ? 'main small' : 'small', dataset: { act: 'call' },
      'aria-label': t('ops.call.n', { plate: plate(one.plate) }) }, t('ops.call')) },
];

const inside = [
  vehicle, crossing,
  { label: 'ops.col.state', show: (one) => stateChip(one.state), csv: (one) => word('state', one.state) },
  kind,
  { label: 'ops.lane', class: 'number', show: (one) => (one.lane ? number(one.lane) : '–'), csv: (one) => one.lane },
  { label: 'ops.col.called', show: (one, about) => (one.called_at ? [time(one.called_at), h('span', { class: 'quiet-text' }, ` (${ago(one.called_at, about)})`)] : '–'),
    csv: (one) => one.called_at },
  { label: 'ops.col.due', show: (one) => (one.state === 'called' && one.due_at ? time(one.due_at) : '–'), csv: (one) => (one.state === 'called' ? one.due_at : null) },
  { label: 'ops.open_steps', class: 'why', show: (one) => (one.held.length ? [t('ops.list.held_by', { steps: steps(one.held).join(', ') })]
    : steps(one.open).join(', ') || '–'), csv: (one) => steps(one.held.length ? one.held : one.open) },
  { label: 'ops.col.last', show: (one, about) => ago(one.last_step_at, about), csv: (one) => one.last_step_at },
];

const conflicts = [
  vehicle, crossing,
  { label: 'ops.col.what', class: 'why', show: (one) => one.text, csv: (one) => one.text },
  { label: 'ops.step', show: (one) => (one.step ? word('step', one.step) : '–'), csv: (one) => one.step && word('step', one.step) },
  { label: 'ops.col.who', show: (one) => one.by?.name ?? '–', csv: (one) => one.by?.name },
  { label: 'ops.col.device', class: 'digits', show: (one) => one.device ?? '–', csv: (one) => one.device },
  { label: 'ops.col.occurred', show: (one) => (one.occurred_at ? time(one.occurred_at) : '–'), csv: (one) => one.occurred_at },
  { label: 'ops.col.found', show: (one) => time(one.found_at), csv: (one) => one.found_at },
  { label: 'ops.resolution', class: 'csv-only', show: () => null, csv: (one) => one.resolution },
  { label: 'ops.col.act', class: 'act', act: { resolve: resolveConflict }, show: (one) => isSupervisor() &&
    h('button', { type: 'button', class: 'small', dataset: { act: 'resolve' } }, t('ops.resolve.button')) },
];

const happened = (one, about) => alarmText(alarmAt(about.gate, one.raised_at, one));
const alarms = [
  { label: 'ops.alarm.raised', show: (one) => dateTime(one.raised_at), csv: (one) => one.raised_at },
  { label: 'ops.alarm', class: 'why', show: (one, about) => [h('span', { class: `state ${one.level}` }, t(`ops.alarm.level.${one.level}`)), ' ',
    happened(one, about), one.crossing && [' ', h('button', { type: 'button', class: 'plain', dataset: { act: 'open' } }, t('ops.show'))]],
  csv: (one, about) => happened(one, about) },
  { label: 'ops.alarm.level', class: 'csv-only', show: () => null, csv: (one) => t(`ops.alarm.level.${one.level}`) },
  { label: 'ops.alarm.who', show: (one) => (one.taken ? [one.taken.by.name, ' ', time(one.taken.at)] : t('ops.alarm.nobody')), csv: (one) => one.taken?.by.name },
  { label: 'ops.alarm.taken_at', class: 'csv-only', show: () => null, csv: (one) => one.taken?.at },
  { label: 'ops.alarm.note', class: 'why', show: (one) => one.taken?.note ?? '–', csv: (one) => one.taken?.note },
  { label: 'ops.alarm.ended', show: (one, about) => lastedText(one, about.nowMs ?? Date.parse(one.raised_at)), csv: (one) => one.ended_at },
];

export const COLUMNS = { queue, inside, conflicts, alarms };
