// SPDX-License-Identifier: MIT
// The firm's screen: signs in, then shows the view that the address names behind its #.

import { $, h, replace } from '../base/dom.js';
import { pageHeader } from '../base/header.js';
import { requireSession } from '../base/session.js';
import { fill, t, textReady } from '../base/text.js';
import { wordsReady } from '../base/words.js';
import { problemBox } from './parts.js';
import { keysView } from './keys.js';
import { declarationsView } from './declarations.js';
import { fileView } from './file.js';
import { importView } from './import.js';
import { passesView } from './passes.js';
import { vehicleView } from './vehicle.js';
import { vehiclesView } from './vehicles.js';

/* name in the address → view(host, {who, query}) → what ends it, and whether it stands in the menu. */
const VIEWS = {
  vehicles: [vehiclesView, true],
  new: [fileView, true],
  import: [importView, true],
  declarations: [declarationsView, true],
  keys: [keysView, true],
  vehicle: [vehicleView, false],
  edit: [fileView, false],
  passes: [passesView, false],
};

let who = null;
let current = null; // { end }

function place() {
  const [name, query] = location.hash.slice(1).split('?');

  return { name: VIEWS[name] ? name : 'vehicles', query: new URLSearchParams(query ?? '') };
}

function menu(name) {
  const shown = { edit: 'declarations', vehicle: 'vehicles', passes: 'vehicles' }[name] ?? name;
  const link = (one) => h('a', { href: `#${one}`, 'aria-current': one === shown ? 'page' : null }, t(`firm.menu.${one}`));

  return h('nav', { class: 'tabs', 'aria-label': t('firm.menu') },
    Object.entries(VIEWS).filter(([, [, isInMenu]]) => isInMenu).map(([one]) => link(one)));
}

async function show() {
  const { name, query } = place();
  const host = h('div', { class: `view view-${name}` });
  const run = { isOver: false };

  current?.end?.();
  current = { end: () => { run.isOver = true; } };
  replace($('#main'), menu(name), host);
  try {
    const end = await VIEWS[name][0](host, { who, query });
    if (run.isOver) end?.();
    else current = { end };
  } catch (error) {
    if (!run.isOver) replace(host, problemBox(error, show));
  }
}

/* The address behind # names the view, so the skip link moves the focus itself; it comes first. */
function header(session) {
  const skip = $('.skip');

  pageHeader({ title: 'firm.title', who: session });
  document.body.prepend(skip);
  skip.onclick = (event) => {
    event.preventDefault();
    $('#main').focus();
  };
}

await Promise.all([textReady('firm'), wordsReady()]);
header(null);
fill(document);
who = await requireSession({ roles: ['firm'], host: $('#main') });
header(who);
window.addEventListener('hashchange', show);
window.addEventListener('language', show);
await show();
