// SPDX-License-Identifier: MIT
// The front door: what this is, how long the waits are, and where to go.

import { $, h, replace } from '../base/dom.js';
import { api } from '../base/api.js';
import { interval, number } from '../base/format.js';
import { pageHeader } from '../base/header.js';
import { fill, t, textReady } from '../base/text.js';

/* In the order in which people look for them: page, address, texts. */
const PUBLIC = [
  ['/board/*', '/board/CKHN', 'front.board_ckhn'],
  ['/board/*', '/board/TT', 'front.board_tt'],
];
const SIGNED_IN = [
  ['/firm', '/firm', 'front.firm'],
  ['/kiosk', '/kiosk', 'front.kiosk'],
  ['/ops', '/ops', 'front.ops'],
  ['/admin', '/admin', 'front.admin'],
];
const INTEGRATORS = [['/docs', '/docs', 'front.docs']];
const AGAIN_MS = 30000;

const boards = new Map();
let pages = [];

function figures(gate) {
  const board = boards.get(gate);
  if (!board) return null;
  return h('dl', { class: 'figures' }, ['export', 'import'].map((way) => {
    const { waiting, wait_of_next: wait } = board.stock[way];
    return h('div', null, h('dt', null, t(`front.${way}`)),
      h('dd', null, t('front.waiting', { n: number(waiting),
        wait: interval(wait.p50_s, wait.p90_s) })));
  }));
}

function door([, path, key]) {
  const gate = path.startsWith('/board/') ? path.slice(7) : null;
  return h('li', null, h('a', { class: 'card door', href: path },
    h('h3', null, t(key)), h('p', null, t(`${key}.for`)), gate && figures(gate)));
}

/* Only doors that this build has. */
function group(title, doors) {
  const there = doors.filter(([page]) => pages.includes(page));
  return there.length === 0 ? null : h('section', null, h('h2', null, t(title)),
    h('ul', { class: 'grid doors' }, there.map(door)));
}

function show() {
  const focused = document.activeElement?.getAttribute('href');
  replace($('#main'), h('p', { class: 'lead' }, t('front.lead')),
    group('front.public', PUBLIC), group('front.signed_in', SIGNED_IN),
    group('front.integrators', INTEGRATORS));
  if (focused) $(`#main a[href="${focused}"]`)?.focus();
}

/* A door without figures is still a door. */
async function readBoards() {
  await Promise.all(['CKHN', 'TT'].map(async (gate) => {
    try { boards.set(gate, (await api('GET', `/v1/gates/${gate}/board`)).body); }
    catch { boards.delete(gate); }
  }));
  show();
}

await textReady('front');
pages = await (await fetch(new URL('../base/pages.json', import.meta.url))).json();
pageHeader({ title: 'front.title' });
fill(document);
show();
window.addEventListener('language', show);
readBoards();
setInterval(() => { if (!document.hidden) readBoards(); }, AGAIN_MS);
