// SPDX-License-Identifier: MIT
// The signed list of passes to refuse (common/pass/FORMAT.md §7).
import { Malformed, Reader, orNull } from './cbor.js';
import { readMessage } from './cose.js';
import { verifyMessage } from './keys.js';

const CLAIM_EXPIRES = 4;
const CLAIM_ISSUED = 6;
const CLAIM_REVOKED = -65538;
const SERIALS = 1000000000000; // crossings of one gate
const ENTRIES_MAX = 50000;
const TIME_MAX = 4294967295;
const EVERY_VERSION = 65536;

/** @typedef {{gate: number, issued: number, expires: number, entries: Map<number, number>}} List */

/** @param {Reader} reader @param {number} gate @returns {Map<number, number>} */
function readEntries(reader, gate) {
  const numbers = reader.array();
  const entries = new Map();
  if (numbers % 2 || numbers / 2 > ENTRIES_MAX) throw new Malformed('entries');
  for (let i = 0, serial = -1; i < numbers / 2; i++) {
    const step = reader.uint(SERIALS - 1);
    const below = reader.uint(EVERY_VERSION);
    const next = i === 0 ? step : serial + step;
    if ((i > 0 && step === 0) || next >= SERIALS || below < 2) throw new Malformed('entry');
    serial = next;
    entries.set(gate * SERIALS + serial, below);
  }
  return entries;
}

/** @param {Uint8Array} payload @returns {List | null} */
function readPayload(payload) {
  return orNull(() => {
    const reader = new Reader(payload);
    reader.expectMap(3);
    reader.expectInteger(CLAIM_EXPIRES);
    const expires = reader.uint(TIME_MAX);
    reader.expectInteger(CLAIM_ISSUED);
    const issued = reader.uint(TIME_MAX);
    reader.expectInteger(CLAIM_REVOKED);
    reader.expectArray(2);
    const gate = reader.uint(99);
    if (gate < 1 || issued >= expires) throw new Malformed('list');
    const entries = readEntries(reader, gate);
    reader.end();
    return { gate, issued, expires, entries };
  });
}

/**
 * A list of one gate. An expired one is stale, not worthless: it is returned with its verdict.
 * @param {Uint8Array} bytes @param {import('./keys.js').PassKey[]} keys @param {number} nowS
 * @returns {Promise<{verdict: string, list: List | null}>}
 */
export async function readRevocations(bytes, keys, nowS) {
  const message = readMessage(bytes);
  const list = message && readPayload(message.payload);
  if (!list) return { verdict: 'mangled', list: null };
  const time = Math.max(nowS, list.issued);
  const verdict = await verifyMessage(keys, message, time);
  if (verdict !== 'valid') return { verdict, list: null };
  return { verdict: time < list.expires ? 'valid' : 'expired', list };
}

/** Whether the list voids this version of the crossing's pass. @param {List | null | undefined} list @param {number} crossing @param {number} version @returns {boolean} */
export function isRevoked(list, crossing, version) {
  return version < (list?.entries.get(crossing) ?? 0);
}
