// SPDX-License-Identifier: MIT
// The public keys that passes and lists are verified with (common/pass/FORMAT.md §6), by the
// browser's own Ed25519. Strict like the server: no points of small order.
import { isKid, signedBytes } from './cose.js';

const KEYS_MAX = 32;
const POINT_BYTES = 32;

/** The points of small order in all their encodings, but for the sign in the top bit: with one of them
 * as key or as commitment, a signature covers more than one message. */
const SMALL_ORDER = [
  '00'.repeat(32),
  '01' + '00'.repeat(31),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ec' + 'ff'.repeat(30) + '7f',
  'ed' + 'ff'.repeat(30) + '7f',
  'ee' + 'ff'.repeat(30) + '7f',
];

/** @typedef {{kid: string, nbf: number, exp: number, raw: Uint8Array, key: CryptoKey}} PassKey */

/** @param {Uint8Array} point @returns {boolean} */
function isSmallOrder(point) {
  const bare = point.slice();
  bare[POINT_BYTES - 1] &= 127;
  const hex = Array.from(bare, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return SMALL_ORDER.includes(hex);
}

/** @param {string} text base64url @returns {Uint8Array | null} */
function decodeBase64(text) {
  if (!/^[0-9A-Za-z_-]{43}$/.test(text)) return null;
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (char) => char.charCodeAt(0));
}

/** Whether this browser can verify Ed25519 at all. @returns {Promise<boolean>} */
export async function canVerify() {
  try {
    const base = Uint8Array.from([0x58, ...Array(31).fill(0x66)]); // the curve's base point
    await crypto.subtle.importKey('raw', base, 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}

/** @param {any} item of a JWK set @returns {Promise<PassKey>} */
async function readKey(item) {
  const raw = typeof item.x === 'string' ? decodeBase64(item.x) : null;
  const times = Number.isInteger(item.nbf) && Number.isInteger(item.exp) && item.nbf >= 0;
  if (!raw || !times || item.nbf >= item.exp || !isKid(item.kid) || isSmallOrder(raw))
    throw new Error('a damaged key');
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
  return { kid: item.kid, nbf: item.nbf, exp: item.exp, raw, key };
}

/**
 * The keys of a JWK set. Keys of another kind are passed over; a damaged one spoils the set.
 * @param {any} set @returns {Promise<PassKey[]>} @throws when the set is spoilt or Ed25519 is missing
 */
export async function readKeys(set) {
  const ours = set.keys.filter((item) => item.kty === 'OKP' && item.crv === 'Ed25519');
  if (ours.length > KEYS_MAX) throw new Error('too many keys');
  return Promise.all(ours.map(readKey));
}

/** @param {PassKey} key @param {import('./cose.js').Message} message @returns {Promise<boolean>} */
async function isSignedBy(key, message) {
  if (isSmallOrder(message.signature.slice(0, POINT_BYTES))) return false;
  return crypto.subtle.verify('Ed25519', key.key, message.signature, signedBytes(message));
}

/**
 * Rows 6, 7 and 9 of the format's table: every key with the message's kid is tried.
 * @param {PassKey[]} keys @param {import('./cose.js').Message} message @param {number} nowS
 * @returns {Promise<'valid' | 'key_unknown' | 'forged' | 'key_not_valid'>}
 */
export async function verifyMessage(keys, message, nowS) {
  let verdict = 'key_unknown';
  for (const key of keys) {
    if (key.kid !== message.kid) continue;
    if (verdict === 'key_unknown') verdict = 'forged';
    if (!(await isSignedBy(key, message))) continue;
    if (key.nbf <= nowS && nowS < key.exp) return 'valid';
    verdict = 'key_not_valid';
  }
  return verdict;
}
