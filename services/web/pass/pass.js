// SPDX-License-Identifier: MIT
// A pass verified without the server: the table of common/pass/FORMAT.md §5, in its order.
import { readClaims } from './claims.js';
import { START_BYTES, announcedBytes, readMessage } from './cose.js';
import { decodeDigits, digitsOf } from './digits.js';
import { verifyMessage } from './keys.js';
import { isRevoked } from './revocation.js';

const CROSSING_DIGITS = 14;
const START_DIGITS = 34;
const DIGITS_MAX = 340;
const TOKEN_MAX = 128;

/** @typedef {{verdict: string, claims: import('./claims.js').Claims | null}} Reading */

/** How many digits the whole pass has, by its start; 0 when it begins none. @param {string} digits @returns {number} */
export function digitsAnnounced(digits) {
  const start = decodeDigits(digits.slice(CROSSING_DIGITS, CROSSING_DIGITS + START_DIGITS));
  const bytes = start && start.length >= START_BYTES ? announcedBytes(start) : 0;
  return bytes && bytes <= TOKEN_MAX ? CROSSING_DIGITS + digitsOf(bytes) : 0;
}

/** Rows 1 to 5. @param {string} digits @returns {import('./cose.js').Message | 'mangled' | 'truncated'} */
function open(digits) {
  if (!/^[0-9]*$/.test(digits) || digits.length > DIGITS_MAX) return 'mangled';
  if (digits.length < CROSSING_DIGITS + START_DIGITS) return 'truncated';
  const announced = digitsAnnounced(digits);
  if (!announced || digits.length > announced) return 'mangled';
  if (digits.length < announced) return 'truncated';
  const token = decodeDigits(digits.slice(CROSSING_DIGITS));
  return (token && readMessage(token)) ?? 'mangled';
}

/** Rows 10 to 13, of a pass whose signature is right. @param {import('./claims.js').Claims} claims @param {string} digits @param {number} nowS @param {Map<number, import('./revocation.js').List>} lists @returns {string} */
function judge(claims, digits, nowS, lists) {
  if (claims.crossing !== Number(digits.slice(0, CROSSING_DIGITS))) return 'mismatch';
  if (nowS < claims.not_before) return 'not_yet';
  if (nowS >= claims.expires) return 'expired';
  const gate = Number(digits.slice(0, 2));
  return isRevoked(lists.get(gate), claims.crossing, claims.version) ? 'revoked' : 'valid';
}

/**
 * @param {string} digits @param {import('./keys.js').PassKey[]} keys
 * @param {number} nowS the later of the device's clock and the last server time seen
 * @param {Map<number, import('./revocation.js').List>} lists the newest list of each gate
 * @returns {Promise<Reading>} claims: where the signature is right
 */
export async function verifyPass(digits, keys, nowS, lists) {
  const message = open(digits);
  if (typeof message === 'string') return { verdict: message, claims: null };
  const signature = await verifyMessage(keys, message, nowS);
  if (signature !== 'valid' && signature !== 'key_not_valid')
    return { verdict: signature, claims: null };
  const claims = readClaims(message.payload);
  if (!claims) return { verdict: 'mangled', claims: null };
  return { verdict: signature === 'valid' ? judge(claims, digits, nowS, lists) : signature, claims };
}
