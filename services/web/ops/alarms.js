// SPDX-License-Identifier: MIT
// Alarms by symptom, from the figures of one gate (GET /v1/gates/{gate}/stats). Pure: the same
// figures give the same alarms, at the gate's own time.

import { LIMITS } from './limits.js';

/**
 * @typedef {{id: string, gate: string, level: 'stop'|'look', key: string,
 *            values: Object<string, any>, crossing?: string, lanes?: number[]}} Alarm
 * values ending in _s are seconds, in _at instants: the screen writes them in its language.
 */

const DIRECTIONS = ['export', 'import'];

/* Waits, and may be called now. */
function callable(stats, direction) {
  const line = stats.in_queue[direction];
  return line.total - line.held - line.delayed;
}

/* Since when somebody waits whom the lane may call; null: nobody does. */
function waitedFor(lane, stats) {
  const since = lane.directions.filter((direction) => callable(stats, direction) > 0)
    .flatMap((direction) => Object.entries(stats.in_queue[direction].by_class))
    .filter(([name]) => !lane.classes || lane.classes.includes(name))
    .map(([, one]) => Date.parse(one.oldest_joined_at));
  return since.length ? Math.min(...since) : null;
}

/* An open lane with somebody to call: for how long it has called nobody. */
function idleSeconds(lane, stats) {
  const waited = waitedFor(lane, stats);
  if (!lane.open || lane.serving || waited === null) return 0;
  const times = [lane.last_call_at, lane.changed_at, stats.trouble.opened_at]
    .filter(Boolean).map((at) => Date.parse(at));
  return (Date.parse(stats.at) - Math.max(waited, ...times)) / 1000;
}

function finish(stats) {
  const { stock, at, closes_at: closes, before_closing: inTime } = stats.projected_finish;
  const { arrivals_per_hour: arrivals, clearances_per_hour: clearances } = stats.rates;
  const values = { arrivals, clearances, finish_at: at, closes_at: closes, stock };
  const slower = clearances < arrivals;
  if (stock > 0 && closes && !inTime)
    return [{ level: slower ? 'stop' : 'look', id: 'finish', values,
      key: slower ? 'ops.alarm.not_done' : 'ops.alarm.late_finish' }];
  if (arrivals - clearances >= LIMITS.behindPerHour && stock >= LIMITS.behindStock)
    return [{ level: 'look', id: 'finish', key: 'ops.alarm.behind', values }];
  return [];
}

function lanes(stats) {
  if (!stats.trouble.opened_at) return [];
  const found = [];
  const idle = stats.lanes.map((lane) => ({ lane: lane.lane, idle_s: idleSeconds(lane, stats) }))
    .filter((one) => one.idle_s >= LIMITS.laneIdleMin * 60);
  if (idle.length)
    found.push({ level: 'look', id: 'lane_idle', key: 'ops.alarm.lane_idle', lanes: idle.map((one) => one.lane),
      values: { lanes: idle.map((one) => one.lane).join(', '), idle_s: Math.max(...idle.map((one) => one.idle_s)) } });
  for (const direction of DIRECTIONS)
    if (callable(stats, direction) > 0 &&
        !stats.lanes.some((one) => one.open && one.directions.includes(direction)))
      found.push({ level: 'stop', id: `no_lane_${direction}`, key: 'ops.alarm.no_lane',
        values: { direction, waiting: callable(stats, direction) } });
  return found;
}

function exits(stats) {
  const { last_exit_at: last, opened_at: opened } = stats.trouble;
  if (!opened || stats.inside.total === 0) return [];
  const since = Math.max(...[last, opened, stats.inside.oldest_at].filter(Boolean).map((at) => Date.parse(at)));
  const idle_s = (Date.parse(stats.at) - since) / 1000;
  if (idle_s < LIMITS.noExitMin * 60) return [];
  return [{ level: 'stop', id: 'no_exit', key: 'ops.alarm.no_exit',
    values: { idle_s, inside: stats.inside.total } }];
}

function yards(stats) {
  return stats.yards.filter((one) => one.capacity > 0 &&
    one.occupied / one.capacity >= LIMITS.yardLook).map((one) => ({
    level: one.occupied / one.capacity >= LIMITS.yardStop ? 'stop' : 'look', id: `yard_${one.yard}`,
    key: one.occupied >= one.capacity ? 'ops.alarm.yard_full' : 'ops.alarm.yard_nearly',
    values: { yard: one.name, occupied: one.occupied, capacity: one.capacity } }));
}

function perishable(stats) {
  const oldest = stats.oldest_perishable;
  if (!oldest || oldest.waited_s < LIMITS.perishableWaitH * 3600) return [];
  return [{ level: oldest.waited_s < LIMITS.perishableSpoilsH * 3600 ? 'look' : 'stop',
    id: 'perishable', key: 'ops.alarm.perishable', crossing: oldest.crossing,
    values: { plate: oldest.plate, waited_s: oldest.waited_s } }];
}

function waits(stats) {
  return DIRECTIONS.filter((direction) => stats.in_queue[direction].total > 0 &&
    stats.waits[direction].p90_s >= LIMITS.waitP90H * 3600).map((direction) => ({
    level: 'look', id: `wait_${direction}`, key: 'ops.alarm.wait',
    values: { direction, wait: stats.waits[direction] } }));
}

function farSide(stats) {
  const { far_side: far } = stats;
  if (far.oldest_cleared_s >= LIMITS.farSideStoodMin * 60)
    return [{ level: 'look', id: 'far_side', key: 'ops.alarm.far_side_stands',
      values: { waiting: far.cleared_waiting, stood_s: far.oldest_cleared_s } }];
  if (far.taken_per_hour >= LIMITS.farSideTaken && far.before.taken_per_hour >= LIMITS.farSideTaken &&
      far.p50_s >= LIMITS.farSideLeastMin * 60 && far.p50_s >= LIMITS.farSideSlower * far.before.p50_s)
    return [{ level: 'look', id: 'far_side', key: 'ops.alarm.far_side_slow',
      values: { now_s: far.p50_s, before_s: far.before.p50_s } }];
  return [];
}

function people(stats) {
  const found = [];
  const { no_shows_per_hour: noShows, conflicts_open: conflicts } = stats.trouble;
  if (noShows >= LIMITS.noShowsPerHour)
    found.push({ level: 'look', id: 'no_shows', key: 'ops.alarm.no_shows', values: { count: noShows } });
  if (conflicts > 0)
    found.push({ level: 'look', id: 'conflicts', key: 'ops.alarm.conflicts', values: { count: conflicts } });
  const { count, within_p90: kept } = stats.promises;
  if (count >= LIMITS.promisesCount && kept / count < LIMITS.promisesKept)
    found.push({ level: 'look', id: 'promises', key: 'ops.alarm.promises',
      values: { percent: Math.round(100 * kept / count), count } });
  return found;
}

const JUDGES = [finish, exits, lanes, yards, perishable, waits, farSide, people];

/**
 * The alarms of one gate, the worst first.
 * @param {Object} stats
 * @returns {Alarm[]}
 */
export function alarmsOf(stats) {
  const found = JUDGES.flatMap((judge) => judge(stats))
    .map((one) => ({ ...one, id: `${stats.gate}.${one.id}`, gate: stats.gate }));
  return [...found.filter((one) => one.level === 'stop'), ...found.filter((one) => one.level !== 'stop')];
}
