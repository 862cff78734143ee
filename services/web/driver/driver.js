// SPDX-License-Identifier: MIT
// What the driver sees on the phone: where to go now, the pass, the place, the wait. Asks again by
// itself; in a tunnel it shows what was known last, and says so.

import { Offline, Problem, api } from '../base/api.js';
import { $, announce, h, replace } from '../base/dom.js';
import { beijing, dateTime, interval, number, plate, time } from '../base/format.js';
import { pageHeader } from '../base/header.js';
import { fill, language, t, textReady } from '../base/text.js';
import { word, wordsReady } from '../base/words.js';
import { advice } from './advice.js';
import { codeOf, enlarge } from './code.js';

const TOKEN = location.pathname.split('/').pop();
const PLACE = `gate.link.${TOKEN}`;
const CALLED_MS = 5000;
const USUAL_MS = 15000;
const HIDDEN_MS = 60000;

let shown = null; // { data, svg, version }: what was known last
let isLost = false;
let hasEnded = false;
let waiting = null;
let codeNode = null;

// --- what was known last

function recall() {
  try { return JSON.parse(localStorage.getItem(PLACE)); } catch { return null; }
}

function keep() {
  try { localStorage.setItem(PLACE, JSON.stringify(shown)); } catch { /* the page still has it */ }
}

function forget() {
  try { localStorage.removeItem(PLACE); } catch { /* nothing was kept */ }
}

// --- asking

async function passOf(data) {
  const { pass, state } = data.crossing;
  const version = pass && !pass.revoked ? `${pass.version} ${language()}` : '';

  if (!version || ['exited', 'returned', 'cancelled', 'expired', 'rejected', 'turned_back', 'no_show'].includes(state)) return { svg: null, version: '' };
  if (shown?.version === version && shown.svg) return { svg: shown.svg, version };
  const { body } = await api('GET', `/v1/links/${TOKEN}/pass.svg`, { accept: 'image/svg+xml' });
  return { svg: body, version };
}

async function look() {
  clearTimeout(waiting);
  let next = document.hidden ? HIDDEN_MS : USUAL_MS;
  try {
    const { body } = await api('GET', `/v1/links/${TOKEN}`);
    tellCall(body.crossing);
    shown = { data: body, ...(await passOf(body)) };
    isLost = false;
    keep();
    if (body.crossing.state === 'called' && !document.hidden) next = CALLED_MS;
  } catch (error) {
    if (error instanceof Problem && [404, 410].includes(error.status)) return end(error);
    isLost = true;
    next = Math.max(next, (error.retryAfterS ?? 0) * 1000);
    if (!(error instanceof Offline) && !(error instanceof Problem)) console.error(error);
  }
  draw();
  waiting = setTimeout(look, next);
  return undefined;
}

function end(problem) {
  hasEnded = true;
  forget();
  replace($('#main'), h('div', { class: 'now stop', role: 'alert' }, h('p', { class: 'sign', 'aria-hidden': 'true' }, '■'), h('h2', null, t('driver.ended')), h('p', null, problem.text)));
}

function tellCall(crossing) {
  const isNew = crossing.state === 'called' && shown && shown.data.crossing.state !== 'called';

  if (!isNew) return;
  announce(advice(crossing).title, 'assertive');
  navigator.vibrate?.([400, 200, 400, 200, 800]);
}

// --- the screen

function freshness() {
  const at = shown.data.at;
  const text = isLost ? t('driver.old', { time: dateTime(at) }) : t('driver.fresh', { time: time(at), beijing: beijing(at) });

  return h('p', { class: `fresh ${isLost ? 'is-lost' : ''}`, role: 'status' }, text);
}

function now(crossing) {
  const { look: colour, sign, title, lines } = advice(crossing);

  return h('section', { class: `now ${colour}` }, h('p', { class: 'sign', 'aria-hidden': 'true' }, sign), h('h2', null, title), lines.map((line) => h('p', null, line)));
}

/* At which gate; and that it is another one than the driver was sent to first. */
function whereTo({ gate_names: names, moved_from: before, crossing }) {
  const to = names[language()];

  return [h('p', { class: 'gate' }, to), before && !crossing.ended_at &&
    h('p', { class: 'moved', role: 'status' }, t('driver.moved', { to, from: before[language()] }))];
}

function placeBox(position) {
  if (position.place === null) return null;
  const reasons = [...(position.blocked_by ?? []), ...position.reasons];

  return h('section', { class: 'card' }, h('dl', { class: 'facts' },
    h('div', null, h('dt', null, t('driver.place')), h('dd', null, number(position.place))),
    position.wait && h('div', null, h('dt', null, t('driver.wait')), h('dd', null, interval(position.wait.p50_s, position.wait.p90_s)))),
  h('ul', { class: 'why' }, reasons.map((one) => h('li', null, one.text))));
}

function codeBox() {
  if (!shown.svg) return null;
  codeNode = codeOf(shown.svg);
  return h('section', { class: 'code', 'aria-label': t('driver.pass') }, h('button', { type: 'button', class: 'enlarge', 'aria-label': t('driver.enlarge'), onclick: () => enlarge(codeOf(shown.svg), plate(shown.data.crossing.plate)) }, codeNode),
    h('p', null, t('driver.tap')));
}

function facts(data) {
  const { crossing } = data;
  const rows = [['driver.direction', word('direction', crossing.direction)],
    ['driver.window', crossing.window && `${time(crossing.window.from)}–${dateTime(crossing.window.to)}`],
    ['driver.planned', crossing.planned_arrival && dateTime(crossing.planned_arrival)], ['driver.number', crossing.id]];

  return h('dl', { class: 'rows' }, rows.filter(([, value]) => value).map(([key, value]) => h('div', null, h('dt', null, t(key)), h('dd', null, value))));
}

function waysDone(crossing) {
  return crossing.done.length > 0 && h('details', { open: $('details.done')?.open ?? false, class: 'done' }, h('summary', null, t('driver.done', { n: crossing.done.length, all: crossing.required.length })),
    h('ol', null, crossing.done.map((one) => h('li', null, `✓ ${word('step', one.step)} · ${time(one.at)}`))));
}

function draw() {
  if (hasEnded) return;
  if (!shown) {
    replace($('#main'), h('p', { class: 'card', role: 'status' }, t(isLost ? 'base.offline' : 'driver.loading')));
    return;
  }
  const { crossing, position } = shown.data;
  const focus = document.activeElement?.className;

  document.title = `${plate(crossing.plate)} · ${word('state', crossing.state)}`;
  replace($('#main'), h('div', { class: 'who-car' }, h('p', { class: 'plate' }, plate(crossing.plate)), crossing.trailer_plate && h('p', { class: 'plate trailer' }, plate(crossing.trailer_plate))),
    whereTo(shown.data), freshness(), now(crossing), codeBox(), placeBox(position), facts(shown.data), waysDone(crossing),
    h('p', { class: 'quiet-text small' }, t('driver.until', { time: dateTime(shown.data.expires_at) })));
  if (focus) $(`.${focus.split(' ')[0]}`)?.focus();
}

// --- begin

await Promise.all([textReady('driver'), wordsReady()]);
pageHeader({ title: 'driver.title' });
fill(document);
shown = recall();
draw();
look();
window.addEventListener('language', () => { draw(); look(); });
window.addEventListener('online', look);
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/d/sw.js', { scope: '/d/' }).catch(() => { /* the page works without */ });
