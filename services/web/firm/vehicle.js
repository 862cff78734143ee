// SPDX-License-Identifier: MIT
// One vehicle: where it is and why, its pass, its way so far, and what a firm can do about it.

import { api, freshKey } from '../base/api.js';
import { h, replace, toast } from '../base/dom.js';
import { dateTime, number, plate, timeNear } from '../base/format.js';
import { live } from '../base/live.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { linkBox } from './links.js';
import { ask, problemBox, stateBadge, waitText } from './parts.js';
import { passImage } from './passes.js';
import { swap } from './swap.js';

const SETTLE_MS = 800;
const REFRESH_MS = 30000;
const OVER = new Set(['exited', 'returned', 'turned_back', 'rejected', 'no_show', 'cancelled', 'expired']);

function placeBox(crossing, position) {
  const lines = [...(position.blocked_by ?? []), ...(position.reasons ?? [])];
  const wait = waitText(position);

  return h('section', { class: 'card place' }, h('h3', null, t('firm.vehicle.place')), stateBadge(crossing.state),
    position.place !== null && h('p', { class: 'figure' }, number(position.place), h('span', null, ` · ${t('firm.vehicle.ahead', { n: number(position.ahead) })}`)),
    crossing.lane && crossing.state === 'called' && h('p', { class: 'figure' }, t('firm.vehicles.to_lane', { lane: crossing.lane })),
    wait && h('p', null, `${t('firm.vehicles.wait')}: `, h('b', null, wait), ` (${timeNear(position.wait.from, Date.now())} – ${timeNear(position.wait.to, position.wait.from)})`),
    position.due_at && !OVER.has(crossing.state) && h('p', null, t('firm.vehicles.due', { time: dateTime(position.due_at) })),
    lines.length > 0 && h('ul', null, lines.map((one) => h('li', null, one.text))),
    crossing.open.length > 0 && h('p', null, `${t('firm.vehicle.next')}: `, crossing.open.map((one) => `${word('step', one.step)} (${word('agency', one.agency)})`).join(', ')),
    position.receipt && h('p', { class: 'quiet-text receipt' }, t('firm.vehicle.receipt', { event: position.receipt.event, hash: position.receipt.hash.slice(0, 16) })));
}

function timelineBox(crossing) {
  return h('section', { class: 'card' }, h('h3', null, t('firm.vehicle.timeline')), h('ol', { class: 'timeline' }, crossing.timeline.map((event) => h('li', null,
    h('time', { datetime: event.occurred_at }, dateTime(event.occurred_at)), ' ',
    h('b', null, event.step ? word('step', event.step) : word('event', event.type)),
    event.result && event.result !== 'pass' && ` · ${word('result', event.result)}`,
    event.by?.agency && h('span', { class: 'quiet-text' }, ` · ${word('agency', event.by.agency)}`),
    event.note && h('div', null, event.note)))));
}

class Vehicle {
  constructor(host, query) {
    this.host = host;
    this.id = query.get('id');
  }

  async start() {
    await this.load();
    this.stream = live('/v1/stream', { on: new Proxy({}, { get: () => (event) => this.soon(event) }), state: (state) => this.host.classList.toggle('stale', state === 'lost') });
    this.clock = setInterval(() => { if (!document.hidden) this.load().catch(() => {}); }, REFRESH_MS);
    return () => {
      this.isOver = true;
      this.stream.close();
      clearInterval(this.clock);
    };
  }

  soon(event) {
    if (event?.crossing && event.crossing !== this.id) return;
    this.pending ??= setTimeout(() => { this.pending = null; if (!this.isOver) this.load().catch(() => {}); }, SETTLE_MS);
  }

  async load() {
    const [crossing, position] = await Promise.all([api('GET', `/v1/crossings/${this.id}`), api('GET', `/v1/crossings/${this.id}/position`)]);

    if (this.isOver) return;
    const seen = JSON.stringify([crossing.etag, position.body.place, position.body.ahead, position.body.wait, position.body.blocked_by]);
    if (seen === this.seen) return; // nothing new: what somebody is reading or pressing stays where it is
    this.seen = seen;
    await this.draw(crossing.body, position.body);
  }

  async draw(crossing, position) {
    const isLive = !OVER.has(crossing.state) && crossing.state !== 'draft';
    const pass = h('section', { class: 'card pass' }, h('h3', null, t('firm.vehicle.pass')));

    replace(this.host, h('p', null, h('a', { href: '#vehicles' }, `‹ ${t('firm.menu.vehicles')}`)),
      h('div', { class: 'head row' }, h('h2', { class: 'plate' }, plate(crossing.plate)), crossing.trailer_plate && h('span', { class: 'plate quiet-text' }, plate(crossing.trailer_plate)),
        h('span', { class: 'quiet-text' }, `${crossing.gate} · ${word('direction', crossing.direction)} · ${word('class', crossing.class)}`)),
      h('div', { class: 'row actions' }, this.actions(crossing, isLive)),
      h('div', { class: 'grid two' }, placeBox(crossing, position), pass, linkBox(crossing, isLive), timelineBox(crossing)));
    if (crossing.pass && !crossing.pass.revoked) this.showPass(pass, crossing);
    else pass.append(h('p', null, t(crossing.pass ? 'firm.vehicle.pass_revoked' : 'firm.vehicle.no_pass')));
  }

  async showPass(box, crossing) {
    try {
      box.append(await passImage(crossing.id));
      box.append(h('div', { class: 'row' }, h('a', { class: 'button', href: `#passes?ids=${crossing.id}` }, t('firm.passes.print')),
        ['png', 'svg', 'txt'].map((kind) => h('a', { class: 'button', href: crossing.pass[kind], download: `${crossing.plate}.${kind}` }, kind.toUpperCase()))));
    } catch (error) {
      box.append(problemBox(error));
    }
  }

  actions(crossing, isLive) {
    return [h('a', { class: 'button', href: `#edit?number=${crossing.declaration}` }, t('firm.vehicle.declaration', { number: crossing.declaration })),
      isLive && h('button', { type: 'button', onclick: async () => { if (await swap(crossing)) this.load(); } }, t('firm.swap.title')),
      isLive && h('button', { type: 'button', onclick: () => this.reissue(crossing) }, t('firm.reissue.title'))];
  }

  async reissue(crossing) {
    const key = freshKey();
    const done = await ask({ title: t('firm.reissue.title'), go: t('firm.reissue.go'), danger: true,
      body: [h('p', null, t('firm.reissue.what')), h('label', { class: 'field' }, h('span', null, t('firm.reason')), h('input', { name: 'reason', maxlength: 300, required: true }))],
      done: (form) => api('POST', `/v1/crossings/${crossing.id}/pass/reissue`, { key, retries: 2, body: { reason: form.elements.reason.value.trim() || t('firm.reissue.why') } }) });

    if (!done) return;
    toast(t('firm.reissue.done'));
    this.load();
  }
}

/** @param {Element} host @param {{query: URLSearchParams}} options */
export function vehicleView(host, { query }) {
  return new Vehicle(host, query).start();
}
