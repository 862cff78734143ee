// SPDX-License-Identifier: MIT
// One gate: its name and hours, tiles, lanes, charts. Grey, with the time of its data, once that is
// too old to steer by.

import { h } from '../base/dom.js';
import { number, plate, time } from '../base/format.js';
import { language, t } from '../base/text.js';
import { word } from '../base/words.js';
import { callFirst, closeLane, openLane } from './actions.js';
import { alarmsOf } from './alarms.js';
import { editCalendar } from './calendar.js';
import { Charts } from './charts.js';
import { keep } from './keep.js';
import { gateOf, mayOperate, shortName, state, tell } from './state.js';
import { bar, tilesOf } from './tiles.js';
import { openVehicle } from './vehicle.js';

const mainRoute = (gate) => gateOf(gate)?.routes.find((one) => one.main);

/* How the main route stands, by the hours and the calendar that were read last. */
function modeText(gate) {
  const route = mainRoute(gate);
  if (!route) return '';
  const { export: out, import: into } = route;
  const say = (one) => word('mode', one.mode) + (one.next ? ` → ${word('mode', one.next.mode).toLowerCase()} ${time(one.next.at)}` : '');
  if (out.mode === into.mode && out.next?.at === into.next?.at) return `${route.opens}–${route.closes} · ${say(out)}`;
  return `${word('direction', 'export')}: ${say(out)} · ${word('direction', 'import')}: ${say(into)}`;
}

export class Panel {
  /** @param {string} gate @param {(gate: string, lane: Object) => Object|null} firstFor */
  constructor(gate, firstFor) {
    Object.assign(this, { gate, firstFor });
    this.mode = h('span', { class: 'quiet-text mode' });
    this.tiles = h('div', { class: 'tiles' });
    this.lanes = h('ul', { class: 'lanes' });
    this.title = h('h2', { id: `gate-${gate}` });
    this.lanesTitle = h('h3', null);
    this.calendarButton = h('button', { type: 'button', class: 'small', dataset: { act: 'calendar' }, onclick: () => editCalendar(gate) });
    this.chartNode = h('div', { class: 'charts' });
    this.frozen = h('p', { class: 'frozen', role: 'status', hidden: true });
    this.node = h('section', { class: 'gate', dataset: { gate }, 'aria-labelledby': `gate-${gate}` },
      h('div', { class: 'row spread' }, h('div', { class: 'row' }, this.title, this.mode), mayOperate() && this.calendarButton),
      this.frozen, this.tiles, this.lanesTitle, this.lanes, this.chartNode);
    this.charts = new Charts(gate, this.chartNode);
    this.node.addEventListener('click', (event) => this.clicked(event));
    this.write();
  }

  /* Words that change with the language alone. */
  write() {
    this.title.textContent = shortName(this.gate, language());
    this.lanesTitle.textContent = t('ops.lanes');
    this.calendarButton.textContent = t('ops.calendar');
    this.mode.textContent = modeText(this.gate);
    this.draw();
    this.charts.draw();
  }

  draw() {
    const stats = state.feed?.stats(this.gate);
    if (!stats) return;
    this.mode.textContent = modeText(this.gate);
    for (const one of this.tiles.querySelectorAll('.age')) one.textContent = '';
    keep(this.tiles, tilesOf(stats, alarmsOf(stats), mainRoute(this.gate)));
    keep(this.lanes, stats.lanes.map((one) => this.lane(one)));
    this.grow();
  }

  lane(one) {
    const serves = one.directions.map((d) => word('direction', d)).join(' + ');
    const classes = one.classes ? one.classes.map((c) => word('class', c)).join(', ') : '';
    const used = t('ops.lane.used', { percent: number(Math.round(one.utilisation * 100)) });
    return h('li', { class: one.open ? 'lane' : 'lane is-closed', dataset: { key: `lane-${one.lane}` } },
      h('div', { class: 'row spread' }, h('strong', { class: 'lane-name' }, t('ops.lane.n', { lane: one.lane })),
        h('span', { class: one.open ? 'state' : 'state look' }, one.open ? t('ops.lane.is_open') : t('ops.lane.is_closed'))),
      h('p', { class: 'small' }, serves, classes && ` · ${classes}`),
      bar(one.utilisation, used),
      h('p', { class: 'small' }, used, ' · ', t('ops.lane.calls', { count: number(one.called_today) }),
        one.last_call_at && ` · ${time(one.last_call_at)}`),
      one.serving && h('p', { class: 'small' }, h('button', { type: 'button', class: 'plain', dataset: { act: 'open', crossing: one.serving },
        'aria-label': `${t('ops.lane.n', { lane: one.lane })}: ${t('ops.lane.serving')}` }, t('ops.lane.serving'))),
      mayOperate() && h('div', { class: 'row acts' },
        one.open && h('button', { type: 'button', class: 'main small', dataset: { act: 'call', lane: one.lane },
          'aria-label': t('ops.lane.call', { lane: one.lane }) }, t('ops.call')),
        h('button', { type: 'button', class: 'small', dataset: { act: one.open ? 'close' : 'open-lane', lane: one.lane },
          'aria-label': one.open ? t('ops.lane.close_n', { lane: one.lane }) : t('ops.lane.open_n', { lane: one.lane }) },
        one.open ? t('ops.close') : t('ops.open'))));
  }

  async clicked(event) {
    const button = event.target.closest('button[data-act]');
    if (!button) return;
    if (button.dataset.crossing) { openVehicle(button.dataset.crossing); return; }
    const lane = state.feed.stats(this.gate)?.lanes.find((one) => one.lane === Number(button.dataset.lane));
    if (!lane) return;
    if (button.dataset.act === 'call') await callFirst(this.gate, lane, await this.firstFor(this.gate, lane));
    if (button.dataset.act === 'close') await closeLane(this.gate, lane);
    if (button.dataset.act === 'open-lane') await openLane(this.gate, lane);
    tell('changed', this.gate);
  }

  /** The age of the data on each tile, each second; grey once it is too old. */
  grow() {
    const source = state.feed.source(this.gate);
    if (!source?.data) return;
    const isStale = source.isStale();
    const age = Math.floor(source.ageS());
    const text = isStale ? t('ops.age.frozen', { time: time(source.data.at) }) : t('ops.age', { seconds: number(age) });
    for (const one of this.tiles.querySelectorAll('.age')) one.textContent = text;
    this.node.classList.toggle('stale', isStale);
    this.frozen.hidden = !isStale;
    if (isStale) this.frozen.textContent = t('ops.age.says', { time: time(source.data.at), seconds: number(age) });
  }
}
