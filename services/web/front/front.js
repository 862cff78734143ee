// SPDX-License-Identifier: MIT
// The front door: what this is, and where to go.

import { $, h, replace } from '../base/dom.js';
import { pageHeader } from '../base/header.js';
import { fill, t, textReady } from '../base/text.js';

/* In the order in which people look for them: page, address, texts. */
const DOORS = [
  ['/board/*', '/board/CKHN', 'front.board_ckhn'],
  ['/board/*', '/board/TT', 'front.board_tt'],
  ['/firm', '/firm', 'front.firm'],
  ['/kiosk', '/kiosk', 'front.kiosk'],
  ['/ops', '/ops', 'front.ops'],
  ['/admin', '/admin', 'front.admin'],
  ['/docs', '/docs', 'front.docs'],
];

/* Only what this build has. */
async function doorsThatOpen() {
  const answer = await fetch(new URL('../base/pages.json', import.meta.url));
  const pages = await answer.json();
  return DOORS.filter(([page]) => pages.includes(page));
}

function door([, path, key]) {
  return h('li', null, h('a', { class: 'card door', href: path },
    h('h2', null, t(key)), h('p', null, t(`${key}.for`))));
}

function show(doors) {
  replace($('#main'),
    h('p', { class: 'lead' }, t('front.lead')),
    doors.length ? h('ul', { class: 'grid doors' }, doors.map(door)) : null);
}

await textReady('front');
const doors = await doorsThatOpen();
pageHeader({ title: 'front.title' });
fill(document);
show(doors);
window.addEventListener('language', () => show(doors));
