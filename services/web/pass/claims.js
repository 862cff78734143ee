// SPDX-License-Identifier: MIT
// What a pass says (common/pass/FORMAT.md §3).
import { Malformed, Reader, orNull } from './cbor.js';

const CLAIM_EXPIRES = 4;
const CLAIM_PASS = -65537;
const FIELDS = 7;
const CROSSING_MAX = 99999999999999;
const TIME_MAX = 4294967295;
const PLATE = /^[0-9A-Z\u4e00-\u9fff]+$/;
const PLATE_BYTES = 17;

/** @typedef {{crossing: number, version: number, plate: string, gate: number, direction: number,
 *   class: number, not_before: number, expires: number}} Claims */

/** @param {Reader} reader @returns {Claims} */
function readFields(reader) {
  reader.expectMap(2);
  reader.expectInteger(CLAIM_EXPIRES);
  const expires = reader.uint(TIME_MAX);
  reader.expectInteger(CLAIM_PASS);
  reader.expectArray(FIELDS);
  return {
    expires, crossing: reader.uint(CROSSING_MAX), version: reader.uint(65535), plate: reader.text(),
    gate: reader.uint(99), direction: reader.uint(1), class: reader.uint(23),
    not_before: reader.uint(TIME_MAX),
  };
}

/** @param {Claims} claims @returns {boolean} */
function arePossible(claims) {
  const bytes = new TextEncoder().encode(claims.plate).length;
  return PLATE.test(claims.plate) && bytes <= PLATE_BYTES && claims.version >= 1 &&
    claims.gate >= 1 && claims.not_before < claims.expires;
}

/** The claims in a payload, or null. @param {Uint8Array} payload @returns {Claims | null} */
export function readClaims(payload) {
  return orNull(() => {
    const reader = new Reader(payload);
    const claims = readFields(reader);
    reader.end();
    if (!arePossible(claims)) throw new Malformed('claims');
    return claims;
  });
}
