// SPDX-License-Identifier: MIT
// The one COSE_Sign1 there is (RFC 9052; common/pass/FORMAT.md §2): untagged, EdDSA, a short key id.
import { Reader, orNull, writeStrings } from './cbor.js';

const HEADER_ALG = 1; // RFC 9052 §3.1
const HEADER_KID = 4;
const ALG_EDDSA = -8; // RFC 9053 §2.2
const SIGNATURE_BYTES = 64;
const SMALL_PAYLOAD = 255;

/** Bytes of the start that tell how long the whole is. */
export const START_BYTES = 14;

/** @typedef {{kid: string, header: Uint8Array, payload: Uint8Array, signature: Uint8Array}} Message */

/** The key id in a protected header that is exactly ours. @param {Uint8Array} header @returns {string} */
function readKid(header) {
  const reader = new Reader(header);
  reader.expectMap(2);
  reader.expectInteger(HEADER_ALG);
  reader.expectInteger(ALG_EDDSA);
  reader.expectInteger(HEADER_KID);
  const kid = String.fromCharCode(...reader.byteString());
  reader.end();
  return kid;
}

/** @param {string} kid @returns {boolean} */
export function isKid(kid) {
  return /^[0-9A-Za-z_-]{1,4}$/.test(kid);
}

/** The message in the bytes, or null. Its signature is not verified. @param {Uint8Array} bytes @returns {Message | null} */
export function readMessage(bytes) {
  return orNull(() => {
    const reader = new Reader(bytes);
    reader.expectArray(4);
    const header = reader.byteString();
    const kid = readKid(header);
    reader.expectMap(0);
    const message = { kid, header, payload: reader.byteString(), signature: reader.byteString() };
    reader.end();
    return isKid(kid) && message.signature.length === SIGNATURE_BYTES ? message : null;
  });
}

/** How many bytes a small message has, by its first START_BYTES; 0 when they begin none. @param {Uint8Array} start @returns {number} */
export function announcedBytes(start) {
  return orNull(() => {
    const reader = new Reader(start.slice(0, START_BYTES));
    reader.expectArray(4);
    const kid = readKid(reader.byteString());
    reader.expectMap(0);
    const payload = reader.head(2);
    if (!isKid(kid) || payload > SMALL_PAYLOAD) return 0;
    return reader.at + payload + 2 + SIGNATURE_BYTES;
  }) ?? 0;
}

/** The bytes a message's signature covers (RFC 9052 §4.4). @param {Message} message @returns {Uint8Array} */
export function signedBytes(message) {
  return writeStrings(['Signature1', message.header, new Uint8Array(0), message.payload]);
}
