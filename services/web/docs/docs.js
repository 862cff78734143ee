// SPDX-License-Identifier: MIT
// The API for integrators: the description that the server gives of itself, to read and to try.

import { $, h, replace } from '../base/dom.js';
import { pageHeader } from '../base/header.js';
import { fill, t, textReady } from '../base/text.js';
import { operationView, signature } from './operation.js';
import { code, line, prose } from './prose.js';
import { chapters, entries, specReady } from './spec.js';

let spec;
let chosen = null;

function outline() {
  const search = h('input', { type: 'search', 'aria-label': t('docs.search'),
    placeholder: t('docs.search'), oninput: (event) => narrow(event.target.value) });
  return h('nav', { 'aria-label': t('docs.operations') }, search,
    h('ul', { class: 'outline' }, h('li', null, h('a', { href: '#' }, t('docs.overview'))),
      chapters().map((tag) => h('li', { class: 'chapter' }, h('h2', { lang: 'en' }, tag.name),
        h('ul', null, tag.entries.map((one) => h('li', { dataset: { find:
          `${one.method} ${one.path} ${one.operation.summary} ${one.id}`.toLowerCase() } },
        h('a', { href: `#${one.id}`, 'aria-current': chosen === one.id ? 'page' : null },
          h('span', { class: `method ${one.method}` }, one.method.toUpperCase()), ' ',
          h('span', { lang: 'en' }, one.operation.summary)))))))));
}

function narrow(typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll('.outline [data-find]'))
    row.hidden = !words.every((word) => row.dataset.find.includes(word));
  for (const chapter of document.querySelectorAll('.outline .chapter'))
    chapter.hidden = !chapter.querySelector('[data-find]:not([hidden])');
}

const FIRST = `curl -sS ${location.origin}/v1/gates/CKHN/board
curl -sS -H "Authorization: Bearer $GATE_KEY" ${location.origin}/v1/declarations`;

function overview() {
  return h('article', null,
    h('h2', { tabindex: '-1' }, t('docs.overview')),
    h('p', null, t('docs.lead')),
    code(FIRST, 'curl'),
    h('p', null, h('a', { href: '/openapi.json' }, '/openapi.json'), ' ', t('docs.openapi')),
    prose(spec.info.description),
    chapters().map((tag) => [h('h3', { lang: 'en' }, tag.name), h('p', null, line(tag.description)),
      h('ul', null, tag.entries.map((one) => h('li', null,
        h('a', { href: `#${one.id}` }, signature(one)), ' ', line(one.operation.summary))))]));
}

function show() {
  const entry = entries().find((one) => one.id === chosen);
  replace($('#content'), entry ? operationView(entry) : overview());
  document.title = entry ? `${entry.operation.summary} · ${t('docs.title')}` : t('docs.title');
}

function showAll() {
  replace($('#main'), h('details', { class: 'side', open: matchMedia('(min-width: 900px)').matches },
    h('summary', null, t('docs.operations')), outline()), h('div', { id: 'content' }));
  show();
}

/* Another operation: the page as if it had been opened there. */
function goTo() {
  chosen = location.hash.slice(1);
  for (const link of document.querySelectorAll('.outline a'))
    if (link.getAttribute('href') === `#${chosen}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  if (!matchMedia('(min-width: 900px)').matches) $('.side').open = false;
  show();
  scrollTo(0, 0);
  $('#content h2').focus({ preventScroll: true });
}

await Promise.all([textReady('docs'), specReady().then((read) => { spec = read; })]);
chosen = location.hash.slice(1);
pageHeader({ title: 'docs.title' });
fill(document);
showAll();
window.addEventListener('hashchange', goTo);
window.addEventListener('language', showAll);
