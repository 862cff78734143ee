// SPDX-License-Identifier: MIT
// What may be done to one vehicle, by who is signed in and by how it stands.

import { api } from '../base/api.js';
import { plate } from '../base/format.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { callThis } from './actions.js';
import { confirm } from './confirm.js';
import { isSupervisor, mayOperate, state } from './state.js';

const ENDED = ['exited', 'returned', 'turned_back', 'rejected', 'no_show', 'cancelled', 'expired'];
const reason = () => ({ name: 'reason', type: 'reason', required: true, label: t('ops.reason') });

const ask = (options) => confirm(options);
const byReason = (id, verb) => (values, key) => api('POST', `/v1/crossings/${id}/${verb}`, { key, body: values });

function back(crossing) {
  return ask({ title: t('ops.return', { plate: plate(crossing.plate) }),
    what: [t('ops.return.place'), t('ops.return.lane')], fields: [reason()], button: t('ops.return.button'),
    send: byReason(crossing.id, 'return'), done: () => t('ops.return.done', { plate: plate(crossing.plate) }) });
}

function release(crossing) {
  return ask({ title: t('ops.release', { plate: plate(crossing.plate) }),
    what: [t('ops.release.ends'), t('ops.release.plate'), t('ops.release.pass')], fields: [reason()],
    button: t('ops.release.button'), danger: true, send: byReason(crossing.id, 'release'),
    done: () => t('ops.release.done', { plate: plate(crossing.plate) }) });
}

function turnBack(crossing) {
  return ask({ title: t('ops.turn_back', { plate: plate(crossing.plate) }),
    what: [t('ops.turn_back.ends'), t('ops.release.pass'), t('ops.turn_back.undo')], fields: [reason()],
    button: t('ops.turn_back.button'), danger: true, send: byReason(crossing.id, 'turn-back'),
    done: () => t('ops.turn_back.done', { plate: plate(crossing.plate) }) });
}

/* A step in a supervisor's name. */
function step(crossing, body, options) {
  return ask({ ...options, send: (values, key) => api('POST', `/v1/crossings/${crossing.id}/steps`, { key,
    body: { step: values.step ?? body.step, result: values.result ?? body.result, note: values.note,
      ...(body.override && { override: true }) } }),
  done: (answer) => t('ops.step.done', { plate: plate(crossing.plate), state: word('state', answer.crossing.state) }) });
}

const codes = (list) => list.map((one) => one.step ?? one);
const choice = (list) => ({ name: 'step', type: 'select', required: true, label: t('ops.step'), value: codes(list)[0],
  options: codes(list).map((one) => [one, word('step', one)]) });
const note = () => ({ name: 'note', type: 'reason', required: true, label: t('ops.reason') });

/* What is required and not done yet, the call aside: that has its own button. */
function left(crossing) {
  const done = codes(crossing.done);
  return codes(crossing.required).filter((one) => one !== 'called' && !done.includes(one));
}

function hold(crossing) {
  return step(crossing, { result: 'hold' }, { title: t('ops.hold', { plate: plate(crossing.plate) }),
    what: [t('ops.hold.stops'), t('ops.hold.place')], fields: [choice(left(crossing)), note()],
    button: t('ops.hold.button'), danger: true });
}

function lift(crossing) {
  return step(crossing, { result: 'pass' }, { title: t('ops.lift', { plate: plate(crossing.plate) }),
    what: [t('ops.lift.goes')], fields: [choice(crossing.held), note()], button: t('ops.lift.button') });
}

function override(crossing) {
  return step(crossing, { result: 'pass', override: true }, { title: t('ops.override', { plate: plate(crossing.plate) }),
    what: [t('ops.override.order'), t('ops.override.ledger')],
    fields: [choice(left(crossing)), { name: 'result', type: 'select', label: t('ops.result'), value: 'pass',
      options: ['pass', 'reject'].map((one) => [one, word('result', one)]) }, note()],
    button: t('ops.override.button'), danger: true });
}

/**
 * Takes an event back.
 * @param {string} event
 * @param {string} what in words
 */
export function undo(event, what) {
  return ask({ title: t('ops.undo', { what }), what: [t('ops.undo.back'), t('ops.undo.ledger')],
    fields: [reason()], button: t('ops.undo.button'), danger: true,
    send: (values, key) => api('POST', `/v1/events/${event}/undo`, { key, body: values }),
    done: () => t('ops.undo.done') });
}

/**
 * What may be done to it: [name for the button, what it does], in the order of use.
 * @param {Object} crossing GET /v1/crossings/{id}
 * @param {Object|null} position GET …/position
 * @returns {[string, string, () => Promise<any>, boolean][]} act, label, do, is it dangerous
 */
export function actionsFor(crossing, position) {
  const found = [];
  const isLive = !ENDED.includes(crossing.state) && crossing.state !== 'draft';
  if (!isLive) return found;
  const place = position?.place ?? null;
  const waits = position && 'ahead' in position;
  if (mayOperate() && waits && crossing.state === 'queued')
    found.push(['call', t('ops.call'), () => callThis(crossing.gate, { ...crossing, crossing: crossing.id, place }), false]);
  if (mayOperate() && crossing.state === 'called')
    found.push(['return', t('ops.return.button'), () => back(crossing), false]);
  if (isSupervisor() && left(crossing).length)
    found.push(['hold', t('ops.hold.button'), () => hold(crossing), false]);
  if (isSupervisor() && crossing.held.length)
    found.push(['lift', t('ops.lift.button'), () => lift(crossing), false]);
  if (isSupervisor() && left(crossing).length)
    found.push(['override', t('ops.override.button'), () => override(crossing), true]);
  if (mayOperate() && crossing.state === 'declared')
    found.push(['release', t('ops.release.button'), () => release(crossing), true]);
  if (mayOperate())
    found.push(['turn_back', t('ops.turn_back.button'), () => turnBack(crossing), true]);
  return found.map(([act, label, run, isDanger]) => [act, label, async () => {
    const answer = await run();
    if (answer) state.feed.hurry(crossing.gate);
    return answer;
  }, isDanger]);
}
