// SPDX-License-Identifier: MIT
// Administration: who may use the service, and the published rules. One section at a time, by the
// address behind '#', each with what was changed in it.

import { $, h, replace } from '../base/dom.js';
import { pageHeader } from '../base/header.js';
import { requireSession } from '../base/session.js';
import { fill, t, textReady } from '../base/text.js';
import { wordsReady } from '../base/words.js';
import { trail } from './audit.js';
import { calendar } from './calendar.js';
import { credits } from './credits.js';
import { devices } from './devices.js';
import { firms } from './firms.js';
import { keys } from './keys.js';
import { head } from './list.js';
import { officers } from './officers.js';
import { procedure } from './procedure.js';
import { reference } from './reference.js';
import { users } from './users.js';
import { windows } from './windows.js';

/* id: the address; types: of the events that belong to it; show: makes its content. */
const SECTIONS = [firms, officers, users, devices, keys, procedure, credits, windows, calendar,
  reference, { id: 'audit', types: [], show: () => [head(t('admin.audit'))] }];

let who = null;

function currentSection() {
  return SECTIONS.find((one) => `#${one.id}` === location.hash) ?? SECTIONS[0];
}

function navigation(current) {
  return h('nav', { class: 'sections', 'aria-label': t('admin.sections') },
    SECTIONS.map(({ id }) => h('a', { href: `#${id}`,
      'aria-current': id === current.id ? 'page' : null }, t(`admin.${id}`))));
}

function show() {
  const current = currentSection();
  const feed = trail(current.types);
  const body = h('div', { class: 'section' });
  const [top, ...rest] = current.show({ changed: () => feed.reload() });
  replace(body, top, h('p', { class: 'quiet-text what' }, t(`admin.${current.id}.what`)), rest);
  replace($('#main'), h('div', { class: 'desk' }, navigation(current),
    h('div', null, body, feed.node)));
}

function start() {
  pageHeader({ title: 'admin.title', who });
  fill(document);
  show();
}

await Promise.all([textReady('admin'), wordsReady()]);
pageHeader({ title: 'admin.title' });
fill(document);
who = await requireSession({ roles: ['admin'], host: $('#main') });
start();
window.addEventListener('language', start);
window.addEventListener('hashchange', () => { show(); $('#main h2')?.focus(); });
