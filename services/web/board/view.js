// SPDX-License-Identifier: MIT
// The board as elements. Each part is made anew from the state; none of them is kept elsewhere.

import { h, replace } from '../base/dom.js';
import { date, interval, number, time } from '../base/format.js';
import { language, t } from '../base/text.js';
import { word } from '../base/words.js';
import { CALLED_MAX, NEXT_BOTH_MAX, NEXT_MAX } from './state.js';

const DIRECTIONS = ['export', 'import'];
const FRESH_MS = 60000;

function sign(direction) {
  return h('span', { class: 'sign', 'aria-hidden': 'true' }, direction === 'export' ? '↗' : '↙');
}

function way(direction) {
  return h('span', { class: 'way' }, sign(direction), ' ', word('direction', direction));
}

function calledRow(one, nowMs) {
  const isNew = nowMs - Date.parse(one.called_at) < FRESH_MS;
  return h('tr', { class: isNew ? 'new' : null },
    h('th', { scope: 'row', class: 'big digits' }, one.number),
    h('td', { class: 'plate' }, one.plate),
    h('td', { class: 'lane' }, one.lane === null ? '–'
      : [h('span', { class: 'lane-word' }, t('board.lane')), ' ', h('b', null, String(one.lane))]),
    h('td', null, way(one.direction)),
    h('td', { class: 'at digits' }, time(one.called_at)));
}

function head(...keys) {
  return h('thead', null, h('tr', null, keys.map((key) => h('th', { scope: 'col' }, t(key)))));
}

/** @param {Element} node @param {Object} board @param {number} nowMs the gate's time */
export function showCalled(node, board, nowMs) {
  const called = board.called.filter((one) => one.state !== 'exited').slice(0, CALLED_MAX);
  replace(node,
    h('h2', null, t('board.called')),
    called.length === 0 ? h('p', { class: 'none' }, t('board.called.none'))
      : h('div', { class: 'rows' }, h('table', null,
        head('board.number', 'board.plate', 'board.lane', 'board.way', 'board.at'),
        h('tbody', null, called.map((one) => calledRow(one, nowMs))))));
}

function nextRow(one) {
  return h('tr', null,
    h('td', { class: 'place digits' }, number(one.place)),
    h('th', { scope: 'row', class: 'digits' }, one.number),
    h('td', { class: 'plate' }, one.plate),
    h('td', { class: 'wait' }, interval(one.wait.p50_s, one.wait.p90_s)));
}

function nextOf(board, direction) {
  const areBoth = DIRECTIONS.every((one) => board.next[one].length > 0);
  const rows = board.next[direction].slice(0, areBoth ? NEXT_BOTH_MAX : NEXT_MAX);
  const stock = board.stock[direction];
  return h('section', { class: `next ${direction}` },
    h('h3', null, way(direction)),
    h('p', { class: 'stock' }, t('board.waiting', { n: number(stock.waiting) }),
      stock.held > 0 && ` (${t('board.held', { n: number(stock.held) })})`, ' · ',
      t('board.joins_now', {
        wait: interval(stock.wait_of_next.p50_s, stock.wait_of_next.p90_s) })),
    rows.length === 0 ? h('p', { class: 'none' }, t(stock.waiting > 0 ? 'board.next.later' : 'board.next.none'))
      : h('table', null, head('board.place', 'board.number', 'board.plate', 'board.wait'),
        h('tbody', null, rows.map(nextRow))));
}

/** @param {Element} node @param {Object} board */
export function showNext(node, board) {
  replace(node, h('h2', null, t('board.next')), DIRECTIONS.map((one) => nextOf(board, one)));
}

function hoursOf(route, direction) {
  const now = route[direction];
  if (!now) return null;
  const tone = { open: 'go', closed: 'stop', pre_registered: 'look' }[now.mode];
  return h('li', null, way(direction), ' ',
    h('span', { class: `state ${tone}` }, word('mode', now.mode)),
    now.next && [' ', t('board.then', { mode: word('mode', now.next.mode),
      at: `${time(now.next.at)} ${date(now.next.at)}` })]);
}

function routeOf(route) {
  return h('div', { class: 'route' },
    h('h3', null, t('board.route', { route: route.route }),
      h('span', { class: 'hours digits' }, ` ${route.opens}–${route.closes}`)),
    h('ul', null, DIRECTIONS.map((one) => hoursOf(route, one))));
}

function noticeOf(entry) {
  const tone = { open: 'go', closed: 'stop', pre_registered: 'look' }[entry.mode];
  const what = [entry.route && t('board.route', { route: entry.route }),
    entry.direction && word('direction', entry.direction)].filter(Boolean).join(' · ');
  return h('li', null, h('span', { class: `state ${tone}` }, word('mode', entry.mode)), ' ',
    what && `${what}: `, `${time(entry.from)} ${date(entry.from)} – ${time(entry.to)} ${date(entry.to)}`,
    '. ', entry.cause && `${word('cause', entry.cause)}. `, entry.reason);
}

function lanesOf(board) {
  const open = board.lanes.filter((one) => one.open).map((one) => one.lane);
  return h('p', null, t('board.lanes_open'), ' ', h('b', { class: 'digits' },
    open.length ? open.join(', ') : '–'));
}

/** Hours, notices and the day. @param {Element} node @param {Object} board */
export function showGate(node, board) {
  const { today } = board;
  replace(node,
    h('div', { class: 'routes' }, board.routes.filter((one) => one.freight).map(routeOf),
      h('div', null, lanesOf(board),
        h('p', null, t('board.today', { exits: number(today.exits), target: number(today.target) })),
        h('p', { class: 'small' }, t('board.overtakes', { n: number(today.overtakes.count) })))),
    board.notices.length === 0 ? null
      : [h('h2', { class: 'unseen' }, t('board.notices')),
        h('ul', { class: 'notices' }, board.notices.slice(0, 4).map(noticeOf))]);
}

/** The gate's name in the language of now. @param {Object} board */
export function nameOf(board) { return board.names[language()] ?? board.names.vi; }
