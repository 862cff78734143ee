// SPDX-License-Identifier: MIT
// The top of the screen: where, who, whether the server is there, what waits to be sent, the time.
import { h } from '../base/dom.js';
import { number, time } from '../base/format.js';
import { language, t } from '../base/text.js';
import { agencyName, gateName } from './texts_of.js';

/** @param {any} what @returns {[string, string]} a state and its words */
function stateOf({ connection, people, counts }) {
  if (!connection.isUp) return ['off', t('kiosk.state_off', { time: time(connection.lostAt) })];
  if (people.officer && !people.hasSession) return ['ask', t('kiosk.state_ask')];
  return counts.waiting ? ['send', t('kiosk.state_send')] : ['on', t('kiosk.state_on')];
}

const MARKS = { off: '▨', ask: '!', send: '↑', on: '●' };

/**
 * @param {{connection: import('./connection.js').Connection, people: import('./people.js').People, place: any,
 *   gate: any, counts: {waiting: number, others: Map<string, number>, look: number}, now: number,
 *   onSignIn: () => void}} what
 * @returns {(Node | null)[]}
 */
export function barParts(what) {
  const { people, place, counts } = what;
  const [state, words] = stateOf(what);
  const officer = people.officer;
  return [
    h('h1', null, place
      ? [h('b', null, gateName(what.gate, language())), h('span', null, t('kiosk.lane', { lane: place.lane }))]
      : t('kiosk.title')),
    officer && h('p', { class: 'officer' }, h('b', null, officer.name),
      h('span', null, officer.role === 'supervisor' ? t('kiosk.supervisor') : agencyName(officer.agency))),
    h('p', { class: 'link', dataset: { state } },
      h('span', { 'aria-hidden': 'true' }, MARKS[state]), h('span', null, words),
      counts.waiting > 0 && h('b', { class: 'waiting' }, t('kiosk.waiting', { count: number(counts.waiting) })),
      counts.look > 0 && h('b', { class: 'look' }, t('kiosk.to_look', { count: number(counts.look) }))),
    state === 'ask' && h('button', { type: 'button', class: 'again', dataset: { key: 'i' }, onclick: what.onSignIn },
      h('kbd', { 'aria-hidden': 'true' }, 'I'), t('kiosk.sign_in_again')),
    h('time', { datetime: new Date(what.now).toISOString() }, time(what.now)),
  ];
}
