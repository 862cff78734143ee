// SPDX-License-Identifier: MIT
// Before a scan, and while one is being typed.
import { h } from '../base/dom.js';
import { duration, number, plate, time } from '../base/format.js';
import { t } from '../base/text.js';
import { digitsAnnounced } from '../pass/pass.js';

/** Three corners of a QR code: what to hold before the scanner. */
function picture() {
  const corner = (x, y) => h('path', { d: `M${x} ${y} h34 v34 h-34 Z M${x + 12} ${y + 12} h10 v10 h-10 Z`,
    fill: 'none', stroke: 'currentColor', 'stroke-width': 8 });
  const dots = [[60, 60], [76, 60], [90, 68], [60, 76], [74, 84], [90, 90], [60, 92]];
  return h('svg', { viewBox: '0 0 104 104', class: 'picture', 'aria-hidden': 'true', focusable: 'false' },
    corner(8, 8), corner(62, 8), corner(8, 62),
    h('path', { d: dots.map(([x, y]) => `M${x} ${y} h9 v9 h-9 Z`).join(' '), fill: 'currentColor' }));
}

/** The age of a list, to be worried about when it is old. @param {string} key @param {number | null} at @param {number} now @param {boolean} isStale */
function age(key, at, now, isStale) {
  const text = at ? t(key, { time: time(at), age: duration((now - at) / 1000) }) : t(`${key}.none`);
  return h('li', { class: isStale || !at ? 'old' : null }, text);
}

/** @param {{lists: import('./lists.js').Lists, place: any, now: number, wrongBy: number, canVerify: boolean, done: number}} what */
export function readyView({ lists, place, now, wrongBy, canVerify, done }) {
  const revocations = lists.revocations.get(place.number);
  const listAge = lists.expectedAt ? now - lists.expectedAt : Infinity;
  return h('section', { class: 'ready' },
    picture(), h('h2', null, t('kiosk.ready')),
    h('p', { class: 'lead' }, t('kiosk.ready.how')),
    !canVerify && h('p', { class: 'warning', role: 'alert' }, t('kiosk.no_verifier')),
    wrongBy !== 0 && h('p', { class: 'warning', role: 'alert' },
      t(wrongBy < 0 ? 'kiosk.clock.behind' : 'kiosk.clock.ahead', { by: duration(Math.abs(wrongBy) / 1000) })),
    h('ul', { class: 'ages' },
      h('li', null, t('kiosk.done_today', { count: number(done) })),
      h('li', { class: lists.expectedAt ? null : 'old' }, t('kiosk.expected', { count: number(lists.expected.length) })),
      age('kiosk.age.list', lists.expectedAt, now, listAge > 3600_000),
      age('kiosk.age.revocations', revocations ? revocations.issued * 1000 : null, now,
        revocations ? now >= revocations.expires * 1000 : true)));
}

/** @param {string} text what has been typed so far @param {any} preview the vehicle that its first digits name */
export function readingView(text, preview) {
  const total = /^[0-9]*$/.test(text) ? digitsAnnounced(text) || 300 : 300;
  const share = Math.min(100, Math.round((text.length / total) * 100));
  return h('section', { class: 'ready reading' },
    picture(), h('h2', null, t('kiosk.reading')),
    preview && h('p', { class: 'giant plate' }, plate(preview.plate)),
    h('progress', { max: 100, value: share, 'aria-label': t('kiosk.reading') }));
}
