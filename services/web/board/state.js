// SPDX-License-Identifier: MIT
// What the board shows, made of the events of its stream. Lists are cut, so that nothing grows.

export const CALLED_MAX = 8;
export const NEXT_MAX = 7;
export const NEXT_BOTH_MAX = 5; // of each direction when both have some: more does not fit a display

/**
 * @typedef {Object} State
 * @property {Object|null} board the whole board, as the API tells it
 * @property {number} behindMs the gate's time minus this device's
 */

/** @returns {State} */
export function fresh() { return { board: null, behindMs: 0 }; }

const isSame = (a, b) => a.number === b.number && a.plate === b.plate;

/* The gate's clock is the server's: this device's may be wrong, or the gate may be a sandbox. */
function setClock(state, at) {
  if (at) state.behindMs = Date.parse(at) - Date.now();
}

function call(board, called) {
  const before = board.called.filter((one) => !isSame(one, called));
  board.called = [called, ...before].slice(0, CALLED_MAX);
  const next = board.next[called.direction];
  if (next) board.next[called.direction] = next.filter((one) => !isSame(one, called));
}

function leave(board, gone) {
  board.called = board.called.filter((one) => !isSame(one, gone));
}

function setLane(board, said) {
  const lane = board.lanes.find((one) => one.lane === said.lane);
  if (lane) Object.assign(lane, said);
}

/**
 * Takes one event of /v1/gates/{gate}/board/stream into the state.
 * @param {State} state
 * @param {string} name
 * @param {any} data
 * @returns {boolean} whether there is something new to see
 */
export function take(state, name, data) {
  if (name === 'board') {
    state.board = data;
    setClock(state, data.at);
    return true;
  }
  const board = state.board;
  if (!board) return false;
  if (name === 'counts') Object.assign(board, data);
  else if (name === 'called') call(board, data);
  else if (name === 'exited') leave(board, data);
  else if (name === 'lane') setLane(board, data);
  else return false;
  if (name === 'counts') setClock(state, data.at);
  return true;
}
