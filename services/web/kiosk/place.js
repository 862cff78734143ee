// SPDX-License-Identifier: MIT
// Which gate and lane this kiosk stands at: chosen once, kept on the device, always shown.
import { h, replace } from '../base/dom.js';
import { language, t } from '../base/text.js';
import { directionName, gateName } from './texts_of.js';
import { kbd } from './verdict_view.js';

/** A lane as the desk wants it. @param {any} gate @param {any} lane @returns {import('./judge.js').Place} */
const placeOf = (gate, lane) => ({ code: gate.gate, number: gate.number, lane: lane.lane,
  directions: lane.directions, route: lane.route });

/** Whether the place is still there and the officer works at its gate. @param {any} place @param {any[]} gates @param {any} officer */
export function isPlaceGood(place, gates, officer) {
  if (!place || !officer.gates.includes(place.code)) return false;
  const gate = gates.find((one) => one.gate === place.code);
  return !gate || gate.lanes.some((lane) => lane.lane === place.lane);
}

/** @param {any} gate @param {(place: any) => void} choose */
function laneButtons(gate, choose) {
  return gate.lanes.map((lane) => h('button', { type: 'button', class: 'choice lane', dataset: { key: String(lane.lane) },
    onclick: () => choose(placeOf(gate, lane)) },
  kbd(String(lane.lane)), h('b', null, t('kiosk.lane', { lane: lane.lane })),
  h('span', null, lane.directions.map(directionName).join(' · ')),
  h('span', null, lane.route), !lane.open && h('span', { class: 'state look' }, t('kiosk.lane.closed'))));
}

/**
 * @param {Element} host @param {{gates: any[], officer: any}} what
 * @returns {Promise<import('./judge.js').Place>}
 */
export function askPlace(host, { gates, officer }) {
  const mine = gates.filter((gate) => officer.gates.includes(gate.gate));
  return new Promise((resolve) => {
    const lanes = (gate) => replace(host, h('section', { class: 'chooser' },
      h('h2', null, gateName(gate, language())), h('p', null, t('kiosk.place.lane')),
      h('div', { class: 'grid' }, laneButtons(gate, resolve)),
      mine.length > 1 && h('button', { type: 'button', dataset: { key: 'Backspace' }, onclick: start }, kbd('⌫'), t('kiosk.place.back'))));
    const start = () => {
      if (mine.length === 1) return lanes(mine[0]);
      replace(host, h('section', { class: 'chooser' }, h('h2', null, t('kiosk.place.title')),
        mine.length === 0 && h('p', { class: 'warning' }, t('kiosk.place.none')),
        h('div', { class: 'grid' }, mine.map((gate, i) => h('button', { type: 'button', class: 'choice', dataset: { key: String(i + 1) },
          onclick: () => lanes(gate) }, kbd(String(i + 1)), h('b', null, gateName(gate, language())))))));
    };
    start();
  });
}
