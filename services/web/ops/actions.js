// SPDX-License-Identifier: MIT
// What operators do at a gate: call, lanes. Each says what will happen before it does.

import { api } from '../base/api.js';
import { language, t } from '../base/text.js';
import { number, plate } from '../base/format.js';
import { word } from '../base/words.js';
import { confirm } from './confirm.js';
import { shortName, state } from './state.js';

const CLASSES = ['perishable', 'frozen_live', 'electronics', 'general', 'new_vehicle', 'empty'];

const reason = (required = true) => ({ name: 'reason', type: 'reason', required, label: t('ops.reason') });
const override = () => ({ name: 'override', type: 'checkbox', label: t('ops.override_call') });
const name = (gate) => shortName(gate, language());

const post = (path) => (values, key) => api('POST', path, { body: values, key });

/* After it was done the figures are asked for at once. */
async function then(gate, answer) {
  if (answer) state.feed.hurry(gate);
  return answer;
}

const called = (body) => t('ops.call.done', { plate: plate(body.crossing.plate), lane: body.crossing.lane });

/* A full yard and a closed route can be passed, with a reason: the refusal offers it. */
function mayOverride(problem, form) {
  if (!['yard_full', 'route_closed', 'pre_registered_only', 'reason_required'].includes(problem.code)) return null;
  const more = [];
  if (problem.code !== 'reason_required' && !form.elements.override) more.push(override());
  if (!form.elements.reason) more.push(reason());
  return more;
}

/** The directions a lane serves, as its calls name them. */
const direction = (lane) => ({ name: 'direction', type: 'select', label: t('ops.direction'),
  value: lane.directions[0], options: lane.directions.map((one) => [one, word('direction', one)]) });

/**
 * Calls the first in the queue to a lane.
 * @param {string} gate
 * @param {Object} lane as in the figures
 * @param {{plate: string}|null} next who is first now, as far as the screen knows
 */
export async function callFirst(gate, lane, next) {
  const fields = lane.directions.length > 1 ? [direction(lane)] : [];
  return then(gate, await confirm({
    title: t('ops.call.first', { lane: lane.lane, gate: name(gate) }),
    what: [next ? t('ops.call.first.next', { plate: plate(next.plate) }) : t('ops.call.first.none'),
      t('ops.call.grace'), t('ops.call.board')],
    fields, button: t('ops.call'),
    send: (values, key) => api('POST', `/v1/gates/${gate}/call`, { key, body: { lane: lane.lane,
      direction: values.direction ?? lane.directions[0], ...(values.reason && { reason: values.reason }),
      ...(values.override && { override: true }) } }),
    done: called, onProblem: mayOverride }));
}

/* Open lanes that take it. */
function lanesFor(gate, one) {
  return (state.feed.stats(gate)?.lanes ?? []).filter((lane) => lane.open && lane.route === one.route &&
    lane.directions.includes(one.direction));
}

/**
 * Calls this vehicle; any but the first is an overtake with a reason.
 * @param {string} gate
 * @param {Object} one an item of the queue
 */
export async function callThis(gate, one) {
  const lanes = lanesFor(gate, one);
  const isFirst = one.place === 1;
  const passes = one.place ? one.place - 1 : null;
  return then(gate, await confirm({
    title: t('ops.call.this', { plate: plate(one.plate), gate: name(gate) }),
    what: [isFirst ? t('ops.call.this.first') : passes === null ? t('ops.call.this.back')
      : t('ops.call.this.passes', { count: number(passes) }),
    !isFirst && t('ops.call.this.public'), t('ops.call.grace'),
    !lanes.length && t('ops.call.no_lane')],
    fields: [{ name: 'lane', type: 'select', label: t('ops.lane'), required: true, value: String(lanes[0]?.lane ?? ''),
      options: lanes.map((lane) => [String(lane.lane), t('ops.lane.n', { lane: lane.lane })]) },
    ...(isFirst ? [] : [reason()])],
    button: isFirst ? t('ops.call') : t('ops.call.overtake'), danger: !isFirst,
    send: (values, key) => api('POST', `/v1/gates/${gate}/call`, { key, body: { lane: Number(values.lane),
      direction: one.direction, crossing: one.crossing, ...(values.reason && { reason: values.reason }),
      ...(values.override && { override: true }) } }),
    done: called, onProblem: mayOverride }));
}

/** @param {string} gate @param {Object} lane as in the figures */
export async function closeLane(gate, lane) {
  return then(gate, await confirm({
    title: t('ops.lane.close', { lane: lane.lane, gate: name(gate) }),
    what: [t('ops.lane.close.calls'), lane.serving && t('ops.lane.close.serving'), t('ops.lane.public')],
    fields: [reason(false)], button: t('ops.close'), danger: true,
    send: post(`/v1/gates/${gate}/lanes/${lane.lane}/close`),
    done: () => t('ops.lane.closed', { lane: lane.lane }) }));
}

/* Which classes: all, or the ones of the list. */
function classChoice(lane) {
  const of = (list) => (list ? list.join(' ') : '');
  const known = [['',
    t('ops.lane.all_classes')], ['perishable frozen_live', `${word('class', 'perishable')}, ${word('class', 'frozen_live')}`],
    ...CLASSES.map((one) => [one, word('class', one)])];
  if (!known.some(([value]) => value === of(lane.classes)))
    known.push([of(lane.classes), lane.classes.map((one) => word('class', one)).join(', ')]);
  return { name: 'classes', type: 'select', label: t('ops.lane.classes'), value: of(lane.classes), options: known };
}

/** @param {string} gate @param {Object} lane as in the figures */
export async function openLane(gate, lane) {
  const options = [['export', word('direction', 'export')], ['import', word('direction', 'import')],
    ['import export', t('ops.lane.both')]];
  const both = [...lane.directions].sort((a, b) => (a < b ? 1 : -1)).join(' ');
  return then(gate, await confirm({
    title: t('ops.lane.open', { lane: lane.lane, gate: name(gate) }),
    what: [t('ops.lane.open.calls'), t('ops.lane.public')],
    fields: [{ name: 'directions', type: 'select', label: t('ops.direction'), value: both, options }, classChoice(lane), reason(false)],
    button: t('ops.open'),
    send: (values, key) => api('POST', `/v1/gates/${gate}/lanes/${lane.lane}/open`, { key, body: {
      directions: values.directions.split(' '), classes: values.classes ? values.classes.split(' ') : null,
      ...(values.reason && { reason: values.reason }) } }),
    done: () => t('ops.lane.opened', { lane: lane.lane }) }));
}

/** @param {string} gate @param {{conflict: number, plate: string, text: string}} one */
export async function resolveConflict(gate, one) {
  return then(gate, await confirm({
    title: t('ops.resolve', { plate: plate(one.plate) }),
    what: [one.text, t('ops.resolve.what')],
    fields: [{ name: 'resolution', type: 'reason', required: true, label: t('ops.resolution') }],
    button: t('ops.resolve.button'),
    send: post(`/v1/gates/${gate}/conflicts/${one.conflict}/resolve`),
    done: () => t('ops.resolve.done') }));
}
