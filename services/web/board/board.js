// SPDX-License-Identifier: MIT
// The public board of one gate, for a display in the yard and for phones. It runs for weeks: all
// that it keeps is one copy of the board; parts are drawn anew when it changes.

import { $, announce, h, replace } from '../base/dom.js';
import { api, Problem } from '../base/api.js';
import { beijing, clockTime, date, duration, time } from '../base/format.js';
import { pageHeader } from '../base/header.js';
import { live } from '../base/live.js';
import { fill, language, passLanguage, t, textReady } from '../base/text.js';
import { wordsReady } from '../base/words.js';
import { chime, setChime } from './chime.js';
import { fresh, take } from './state.js';
import { nameOf, showCalled, showGate, showNext } from './view.js';

const CYCLE_S = 12;
const OLD_MS = 20000;
const LANGUAGES = ['vi', 'en', 'zh'];
const EVENTS = ['board', 'counts', 'called', 'exited', 'lane'];

const gate = location.pathname.split('/').pop();
const state = fresh();
const parts = {};
let link = { state: 'lost', ageMs: 0 };
let turnsLeft = CYCLE_S;
let isCycling = false;

/* ---- the frame, made once ---- */

function toggle(key, isOn, fn) {
  const button = h('button', { class: 'quiet', type: 'button', 'aria-pressed': String(isOn),
    dataset: { t: key }, onclick: () => {
      const next = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(next));
      fn(next);
    } }, t(key));
  return button;
}

function setCycling(isOn) {
  isCycling = isOn;
  turnsLeft = CYCLE_S;
}

function frame() {
  isCycling = matchMedia('(min-width: 1000px)').matches && !/[?&]lang=/.test(location.search);
  parts.cycle = toggle('board.cycle', isCycling, setCycling);
  parts.cycle.classList.add('only-wide');
  pageHeader({ title: 'board.title',
    more: [parts.cycle, toggle('board.sound', false, setChime)] });
  for (const name of ['hanoi', 'beijing']) parts[name] = h('b', { class: 'digits' });
  for (const name of ['day', 'asOf']) parts[name] = h('span');
  parts.name = h('p', { class: 'name' });
  parts.age = h('p', { class: 'age', role: 'status' });
  parts.called = h('section', { class: 'called card' });
  parts.next = h('section', { class: 'nexts card' });
  parts.gate = h('section', { class: 'gate card', 'aria-live': 'off' });
  replace($('#main'),
    h('div', { class: 'top' }, parts.name, h('p', { class: 'clocks' },
      h('span', null, h('span', { dataset: { t: 'board.hanoi' } }), ' ', parts.hanoi),
      h('span', null, h('span', { dataset: { t: 'board.beijing' } }), ' ', parts.beijing), parts.day, parts.asOf)),
    parts.age, h('div', { class: 'columns' }, parts.called, parts.next), parts.gate);
  fill(document);
}

/* ---- what changes ---- */

const gateNow = () => Date.now() + state.behindMs;

function showClocks() {
  const now = gateNow();
  const texts = { hanoi: time(now), beijing: beijing(now), day: date(now) };
  for (const [name, text] of Object.entries(texts))
    if (parts[name].textContent !== text) parts[name].textContent = text;
}

/* Data that cannot be trusted any more must not look as if it could. */
function showAge() {
  const isOld = link.state !== 'live' && link.ageMs > OLD_MS;
  let text = '';
  if (!state.board) text = link.state === 'lost' && link.ageMs > OLD_MS ? t('board.lost') : t('board.loading');
  else if (link.state !== 'live') text = t('board.old', { age: duration(link.ageMs / 1000) });
  if (parts.age.textContent !== text) parts.age.textContent = text;
  parts.asOf.textContent = state.board ? t('board.as_of', { at: clockTime(state.board.at) }) : '';
  parts.age.classList.toggle('is-old', isOld);
  document.body.classList.toggle('old', isOld);
}

function show() {
  if (!state.board) return;
  parts.name.textContent = nameOf(state.board);
  document.title = `${nameOf(state.board)} · ${t('board.title')}`;
  showCalled(parts.called, state.board, gateNow());
  showNext(parts.next, state.board);
  showGate(parts.gate, state.board);
}

/* One drawing for all events of a moment. */
let isDue = false;
function showSoon() {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    show();
    showAge();
  }, 50);
}

function onEvent(name, data) {
  if (!take(state, name, data)) return;
  if (name === 'called') {
    chime();
    announce(t('board.say', { number: data.number, lane: data.lane ?? '–' }));
  }
  showSoon();
}

function onSecond() {
  showClocks();
  showAge();
  if (!isCycling || --turnsLeft > 0) return;
  turnsLeft = CYCLE_S;
  passLanguage(LANGUAGES[(LANGUAGES.indexOf(language()) + 1) % LANGUAGES.length]);
}

/* ---- a gate that is not there ---- */

async function showOthers() {
  const { body } = await api('GET', '/v1/gates', { retries: 20 });
  replace($('#main'), h('div', { class: 'wrap' },
    h('p', { class: 'note' }, t('board.unknown', { gate })),
    h('ul', null, body.items.map((one) =>
      h('li', null, h('a', { class: 'button', href: `/board/${one.gate}` }, nameOf(one)))))));
}

/* False when there is no such gate; a server that does not answer now will. */
async function isThere() {
  try {
    await api('GET', `/v1/gates/${encodeURIComponent(gate)}/board`);
  } catch (error) {
    return !(error instanceof Problem && error.status === 404);
  }
  return true;
}

await Promise.all([textReady('board'), wordsReady()]);
frame();
window.addEventListener('language', () => {
  show();
  showClocks();
  showAge();
});
if (await isThere()) {
  live(`/v1/gates/${gate}/board/stream`, {
    on: Object.fromEntries(EVENTS.map((name) => [name, (data) => onEvent(name, data)])),
    state: (name, ageMs) => {
      link = { state: name, ageMs };
      showAge();
    },
  });
  setInterval(onSecond, 1000);
  onSecond();
} else {
  await showOthers();
  window.addEventListener('language', showOthers);
}
