// SPDX-License-Identifier: MIT
// Alarms by symptom, as the server judges them (GET /v1/gates/{gate}/stats): both operators see the
// same ones, who has taken which in hand, and what became of those before.

import { api } from '../base/api.js';
import { announce, h } from '../base/dom.js';
import { duration, interval, number, plate, time, timeNear } from '../base/format.js';
import { language, t } from '../base/text.js';
import { word } from '../base/words.js';
import { confirm } from './confirm.js';
import { keep } from './keep.js';
import { mayOperate, shortName, state } from './state.js';

/**
 * @typedef {{id: string, alarm?: number, gate: string, level: 'stop'|'look', key: string, values: Object<string, any>,
 *            crossing?: string, at: string, state: 'raised'|'taken'|'ended', taken: Object|null}} Alarm
 * values ending in _s are seconds, in _at instants: written in the language of now.
 */

const SIGNS = { stop: '■', look: '▲' };

/** An alarm as the API gives it, for the screen. @param {string} gate @param {string} at the gate's time */
export function alarmAt(gate, at, one) {
  return { ...one, gate, at, id: `${gate}.${one.code}`, key: `ops.alarm.${one.kind}` };
}

/** Those of one gate, as its figures have them. @param {Object} stats @returns {Alarm[]} */
export function alarmsOf(stats) { return stats.alarms.map((one) => alarmAt(stats.gate, stats.at, one)); }

/* One figure of the sentence. */
function shown(name, value, at) {
  if (name.endsWith('_s')) return duration(value);
  if (name.endsWith('_at')) return value ? timeNear(value, at) : '–';
  if (name === 'direction') return word('direction', value).toLowerCase();
  if (name === 'plate') return plate(value);
  if (name === 'wait') return interval(value.p50_s, value.p90_s);
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'number' ? number(value) : value;
}

/** An alarm in words. @param {Alarm} alarm */
export function alarmText(alarm) {
  return t(alarm.key, Object.fromEntries(Object.entries(alarm.values).map(([name, value]) => [name, shown(name, value, alarm.at)])));
}

/** Who took it in hand, when, and what is being done; nothing while nobody has. @param {Alarm} alarm */
export function takenText({ taken, at }) {
  return taken ? t('ops.alarm.taken_by', { name: taken.by.name ?? '–', time: timeNear(taken.at, at) }) + (taken.note ? `: ${taken.note}` : '') : '';
}

/* --- the list on top --------------------------------------------------------------------------- */

const acting = (act, alarm, text) => h('button', { type: 'button', class: 'small', 'aria-label': `${text}: ${alarmText(alarm)}`,
  dataset: { act, gate: alarm.gate, alarm: alarm.alarm ?? '', crossing: alarm.crossing ?? '' } }, text);

function row(alarm) {
  const isTaken = alarm.state === 'taken';
  return h('li', { class: `alarm ${alarm.level}${isTaken ? ' taken' : ''}`, dataset: { key: alarm.id } },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, isTaken ? '✓' : SIGNS[alarm.level]), h('strong', null, shortName(alarm.gate, language())), ' ',
    h('span', null, alarmText(alarm), alarm.raised_at && h('small', { class: 'since' }, ` ${t('ops.alarm.since', { time: timeNear(alarm.raised_at, alarm.at) })}`),
      isTaken && h('small', { class: 'by' }, takenText(alarm))),
    alarm.crossing && acting('open', alarm, t('ops.show')),
    alarm.code === 'conflicts' && acting('conflicts', alarm, t('ops.show')),
    alarm.alarm && mayOperate() && acting('take', alarm, t(isTaken ? 'ops.alarm.update' : 'ops.alarm.take')));
}

/** The alarms of all gates; what is new is said aloud, unless somebody has it in hand. */
export class Alarms {
  constructor() {
    this.heard = new Set();
    this.node = h('ul', { class: 'alarms', dataset: { tLabel: 'ops.alarms' } });
  }

  /** @returns {Alarm[]} what nobody has taken first, the worst of it first */
  found() {
    const order = (one) => (one.state === 'taken' ? 2 : one.level === 'stop' ? 0 : 1);
    return state.gates.flatMap(({ gate }) => {
      const { data, isOld } = { data: state.feed.stats(gate), isOld: state.feed.source(gate).isStale() };
      if (!data) return [];
      return isOld ? [{ id: `${gate}.frozen`, gate, at: data.at, level: 'stop', state: 'raised', key: 'ops.alarm.frozen', values: { frozen_at: data.at } }]
        : alarmsOf(data);
    }).sort((a, b) => order(a) - order(b));
  }

  draw() {
    const found = this.found();
    keep(this.node, found.length ? found.map(row) : h('li', { class: 'quiet-text none' }, t('ops.alarm.none')));
    const raised = found.filter((one) => one.state !== 'taken');
    const fresh = raised.filter((one) => !this.heard.has(one.id));
    if (fresh.length) announce(fresh.map(alarmText).join('. '), fresh.some((one) => one.level === 'stop') ? 'assertive' : 'polite');
    this.heard = new Set(raised.map((one) => one.id));
  }
}

/**
 * Takes an alarm in hand, or says what has become of it.
 * @param {string} gate
 * @param {number} number
 */
export async function takeAlarm(gate, number) {
  const stats = state.feed.stats(gate);
  const alarm = stats && alarmsOf(stats).find((one) => one.alarm === number);
  if (!alarm) return;
  const answer = await confirm({ title: t('ops.alarm.take.title', { gate: shortName(gate, language()) }),
    what: [alarmText(alarm), takenText(alarm), t('ops.alarm.take.seen'), t('ops.alarm.take.ends')],
    fields: [{ name: 'note', type: 'note', label: t('ops.alarm.note'), value: alarm.taken?.note ?? '' }],
    button: t(alarm.state === 'taken' ? 'ops.alarm.update' : 'ops.alarm.take'),
    send: (body, key) => api('POST', `/v1/gates/${gate}/alarms/${number}/take`, { key, body }),
    done: () => t('ops.alarm.take.done') });
  if (!answer) return;
  alarm.taken = answer.alarm.taken;
  Object.assign(stats.alarms.find((one) => one.alarm === number), answer.alarm, { values: alarm.values });   // until the figures have it
  state.feed.hurry(gate);
}

/** One that was, for the log: how long it lasted. @param {Object} one as the API gives it @param {number} nowMs */
export function lastedText(one, nowMs) {
  const end = one.ended_at ? Date.parse(one.ended_at) : nowMs;
  const lasted = duration((end - Date.parse(one.raised_at)) / 1000);
  return one.ended_at ? `${time(one.ended_at)} (${lasted})` : t('ops.alarm.lasts', { lasted });
}
