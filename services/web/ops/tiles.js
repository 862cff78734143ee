// SPDX-License-Identifier: MIT
// The figures of one gate as tiles. Quiet while all is well; a colour, a sign and a word where it is
// not, by the same alarms as the list on top.

import { h } from '../base/dom.js';
import { date, duration, interval, number, plate, time, timeNear } from '../base/format.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { LIMITS } from './limits.js';

/* Which alarm colours which tile. */
const TILE_OF = { finish: 'finish', no_exit: 'rates', perishable: 'perishable', far_side: 'far', no_lane_export: 'stock',
  no_lane_import: 'stock', wait_export: 'waits', wait_import: 'waits', promises: 'waits', no_shows: 'stock' };

function tileOf(alarm) {
  const id = alarm.id.slice(alarm.gate.length + 1);
  return id.startsWith('yard_') ? 'yard' : TILE_OF[id];
}

const SIGNS = { stop: '■', look: '▲' };

function tile(name, label, level, ...children) {
  return h('div', { class: level ? `tile ${level}` : 'tile', dataset: { key: name }, role: 'group', 'aria-label': label },
    h('h3', null, level && h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[level]), label), children,
    h('p', { class: 'age' }));
}

const big = (...text) => h('p', { class: 'big' }, text);
const small = (...text) => h('p', { class: 'small' }, text);

/** A bar of a share; mark: a second share to compare with. */
export function bar(share, label, mark) {
  const full = Math.max(0, Math.min(1, share));
  return h('div', { class: share >= 1 ? 'share full' : share >= LIMITS.yardLook ? 'share nearly' : 'share', role: 'img', 'aria-label': label },
    h('span', { class: 'fill', style: { width: `${(full * 100).toFixed(1)}%` } }),
    mark !== undefined && h('span', { class: 'mark-at', style: { left: `${(Math.min(1, mark) * 100).toFixed(1)}%` } }));
}

function stock(stats, level) {
  const { export: out, import: into } = stats.in_queue;
  const held = out.held + into.held, delayed = out.delayed + into.delayed;
  return tile('stock', t('ops.tile.stock'), level, big(number(out.total + into.total), ' ', h('small', null, t('ops.waiting'))),
    small(t('ops.both', { export: number(out.total), import: number(into.total) })),
    small(t('ops.tile.inside', { count: number(stats.inside.total) }),
      held ? ` · ${t('ops.tile.held', { count: number(held) })}` : '', delayed ? ` · ${t('ops.tile.delayed', { count: number(delayed) })}` : ''));
}

function rates(stats, level) {
  const { arrivals_per_hour: arrivals, clearances_per_hour: cleared, before } = stats.rates;
  return tile('rates', t('ops.tile.rates'), level,
    big(number(cleared), ' ', h('span', { class: 'against' }, cleared < arrivals ? '<' : cleared > arrivals ? '>' : '='),
      ' ', number(arrivals)),
    small(t('ops.tile.per_hour')),
    small(t('ops.tile.before', { cleared: number(before.clearances_per_hour), arrived: number(before.arrivals_per_hour) })));
}

function finish(stats, level) {
  const { at, closes_at: closes, stock: left } = stats.projected_finish;
  const isLater = left > 0 && date(at) !== date(stats.at);          // 09:24 of tomorrow is not 09:24
  return tile('finish', t('ops.tile.finish'), level, big(left ? time(at) : t('ops.tile.nothing'), isLater && h('small', null, ` ${date(at)}`)),
    small(closes ? t('ops.tile.closes', { time: timeNear(closes, stats.at) }) : t('ops.tile.never_closes')),
    small(left && closes ? (stats.projected_finish.before_closing ? t('ops.tile.in_time') : t('ops.tile.too_late')) : ''));
}

/* The share of the opening hours that is over: where the day should be by now. */
export function dayShare(stats, route) {
  const at = new Date(Date.parse(stats.at) + 7 * 3600e3);
  const now = at.getUTCHours() * 60 + at.getUTCMinutes();
  const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const [from, to] = route ? [minutes(route.opens), minutes(route.closes)] : [0, 1440];
  return Math.max(0, Math.min(1, (now - from) / (to - from)));
}

function today(stats, route) {
  const { exits, target, overtakes } = stats.today;
  const label = t('ops.tile.of_target', { exits: number(exits), target: number(target) });
  return tile('today', t('ops.tile.today'), null, big(number(exits), h('small', null, ` / ${number(target)}`)),
    bar(exits / target, label, dayShare(stats, route)),
    small(overtakes.count ? t('ops.tile.overtakes', { count: number(overtakes.count) }) : t('ops.tile.no_overtakes')));
}

function waits(stats, level) {
  const { count, within_p90: kept } = stats.promises;
  const line = (one) => h('p', { class: 'pair' }, h('span', null, word('direction', one)),
    h('strong', null, interval(stats.waits[one].p50_s, stats.waits[one].p90_s)));
  return tile('waits', t('ops.tile.waits'), level, line('export'), line('import'),
    small(count ? t('ops.tile.kept', { percent: number(Math.round(100 * kept / count)) }) : t('ops.tile.kept_none')));
}

function perishable(stats, level) {
  const one = stats.oldest_perishable;
  return tile('perishable', t('ops.tile.perishable'), level, big(one ? duration(one.waited_s) : '–'),
    one ? h('p', { class: 'small' }, h('button', { type: 'button', class: 'plain plate', dataset: { act: 'open', crossing: one.crossing } },
      plate(one.plate)), ` · ${word('direction', one.direction)}`) : small(t('ops.tile.no_perishable')));
}

function far(stats, level) {
  const { taken_per_hour: taken, p50_s: p50, before, cleared_waiting: waiting } = stats.far_side;
  return tile('far', t('ops.tile.far'), level, big(number(taken), ' ', h('small', null, t('ops.per_hour'))),
    small(p50 === null ? t('ops.tile.far_none') : t('ops.tile.far_each', { took: duration(p50) })),
    small(t('ops.tile.far_before', { count: number(before.taken_per_hour), took: before.p50_s === null ? '–' : duration(before.p50_s) })),
    small(waiting ? t('ops.tile.far_waiting', { count: number(waiting) }) : ''));
}

function yard(stats, level) {
  return tile('yard', t('ops.tile.yard'), level, stats.yards.filter((one) => one.capacity > 0).map((one) => {
    const label = `${one.name}: ${number(one.occupied)} / ${number(one.capacity)}`;
    return [h('p', { class: 'pair' }, h('span', null, one.name), h('strong', null, `${number(one.occupied)} / ${number(one.capacity)}`)),
      bar(one.occupied / one.capacity, label)];
  }));
}

/**
 * @param {Object} stats
 * @param {import('./alarms.js').Alarm[]} alarms of this gate
 * @param {Object} [route] the gate's main route
 * @returns {HTMLElement[]}
 */
export function tilesOf(stats, alarms, route) {
  const levels = {};
  for (const alarm of [...alarms].reverse()) levels[tileOf(alarm)] = alarm.level;
  return [finish(stats, levels.finish), rates(stats, levels.rates), stock(stats, levels.stock), today(stats, route),
    waits(stats, levels.waits), perishable(stats, levels.perishable), far(stats, levels.far), yard(stats, levels.yard)];
}
