// SPDX-License-Identifier: MIT
// What the parts of the screen share: who is signed in, the gates, the feed, and what is open.

/** @type {{who: Object, gates: Object[], feed: import('./feed.js').Feed}} */
export const state = { who: null, gates: [], feed: null };

/** What is published of a gate: names, routes, lanes, yards. @param {string} code */
export function gateOf(code) { return state.gates.find((one) => one.gate === code); }

/** @param {string} code @param {string} language */
export function gateName(code, language) { return gateOf(code)?.names[language] ?? code; }

/** Short, for chips and tables: what a gate is called on the spot. @param {string} code */
export function shortName(code, language) {
  const name = gateName(code, language);
  const short = { CKHN: { vi: 'Hữu Nghị', en: 'Huu Nghi', zh: '友谊' }, TT: { vi: 'Tân Thanh', en: 'Tan Thanh', zh: '新清' } };
  return short[code]?.[language] ?? name;
}

export const isSupervisor = () => state.who?.role === 'supervisor';
export const mayOperate = () => ['operator', 'supervisor'].includes(state.who?.role);

/** The instant the gate's figures speak of, in ms; the gate's time, never the browser's. */
export function gateNow(code) {
  const stats = state.feed?.stats(code);
  return stats ? Date.parse(stats.at) : null;
}

/** Tells the other parts of the screen. @param {string} name @param {any} [detail] */
export function tell(name, detail) { window.dispatchEvent(new CustomEvent(`ops:${name}`, { detail })); }

/** @param {string} name @param {(detail: any) => void} fn */
export function hear(name, fn) { window.addEventListener(`ops:${name}`, (event) => fn(event.detail)); }
