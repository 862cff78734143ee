// SPDX-License-Identifier: MIT
// What lies on a kiosk's disk opens by an officer's PIN. Each officer has a pair of keys on the device:
// the private one is wrapped by a key made of the PIN, the public one seals the list of expected
// vehicles, which is made anew at each refresh for everybody known here. So whoever comes back
// offline reads the newest list, and the disk tells nobody any plates.
//
// A PIN of six digits does not withstand a machine that has the disk for days: it keeps out who
// stands before the kiosk. Guesses are counted before they are tried.

const ROUNDS = 600_000; // OWASP's figure for PBKDF2-HMAC-SHA256
const FREE_TRIES = 5;
const TRIES = 10;
const WAIT_MS = 30_000;
const WAIT_MAX_MS = 15 * 60_000;
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };

/** @typedef {{salt: Uint8Array, iv: Uint8Array, wrapped: ArrayBuffer, publicKey: CryptoKey,
 *   failures: number, lockedUntil: number}} Lock */

/** @param {number} size */
const random = (size) => crypto.getRandomValues(new Uint8Array(size));

/** @param {string} pin @param {Uint8Array} salt @returns {Promise<CryptoKey>} */
async function keyOfPin(pin, salt) {
  const base = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false,
    ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }, base,
    { name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']);
}

/** A new lock for a PIN, and the key it opens. @param {string} pin @returns {Promise<{lock: Lock, key: CryptoKey}>} */
export async function makeLock(pin) {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveKey']);
  const salt = random(16);
  const iv = random(12);
  const kek = await keyOfPin(pin, salt);
  const wrapped = await crypto.subtle.wrapKey('pkcs8', pair.privateKey, kek, { name: 'AES-GCM', iv });
  const lock = { salt, iv, wrapped, publicKey: pair.publicKey, failures: 0, lockedUntil: 0 };
  return { lock, key: await unwrap(lock, kek) };
}

/** @param {Lock} lock @param {CryptoKey} kek */
function unwrap(lock, kek) {
  return crypto.subtle.unwrapKey('pkcs8', lock.wrapped, kek, { name: 'AES-GCM', iv: lock.iv }, CURVE,
    false, ['deriveKey']);
}

/** How long nobody may try, ms. @param {number} failures @returns {number} */
export function waitAfter(failures) {
  if (failures < FREE_TRIES) return 0;
  return Math.min(WAIT_MS * 2 ** (failures - FREE_TRIES), WAIT_MAX_MS);
}

/** Whether too many wrong PINs have closed the lock for good. @param {Lock} lock @returns {boolean} */
export function isClosed(lock) {
  return lock.failures >= TRIES;
}

/**
 * Tries a PIN. The failure is kept before the try, so that nobody guesses faster by reloading.
 * @param {Lock} lock changed in place @param {string} pin @param {number} now ms
 * @param {() => Promise<void>} keep stores the lock
 * @returns {Promise<{key: CryptoKey} | {waitMs: number} | {wrong: true} | {closed: true}>}
 */
export async function openLock(lock, pin, now, keep) {
  if (isClosed(lock)) return { closed: true };
  if (now < lock.lockedUntil) return { waitMs: lock.lockedUntil - now };
  lock.failures += 1;
  lock.lockedUntil = now + waitAfter(lock.failures);
  await keep();
  try {
    const key = await unwrap(lock, await keyOfPin(pin, lock.salt));
    lock.failures = 0;
    lock.lockedUntil = 0;
    await keep();
    return { key };
  } catch {
    return isClosed(lock) ? { closed: true } : { wrong: true };
  }
}

/** @param {CryptoKey} privateKey @param {CryptoKey} publicKey @param {KeyUsage[]} uses */
function agree(privateKey, publicKey, uses) {
  return crypto.subtle.deriveKey({ name: 'ECDH', public: publicKey }, privateKey,
    { name: 'AES-GCM', length: 256 }, false, uses);
}

/** @typedef {{iv: Uint8Array, bytes: ArrayBuffer, from: CryptoKey, keys: Map<number, {iv: Uint8Array, bytes: ArrayBuffer}>}} Sealed */

/** Seals a value for everybody. @param {any} value @param {Map<number, CryptoKey>} readers public keys by officer @returns {Promise<Sealed>} */
export async function seal(value, readers) {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveKey']);
  const raw = random(32);
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
  const iv = random(12);
  const keys = new Map();
  for (const [officer, publicKey] of readers) {
    const shared = await agree(pair.privateKey, publicKey, ['encrypt']);
    const own = random(12);
    keys.set(officer, { iv: own, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv: own }, shared, raw) });
  }
  const text = new TextEncoder().encode(JSON.stringify(value));
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, text);
  return { iv, bytes, from: pair.publicKey, keys };
}

/** What was sealed; null when it was not for this officer. @param {Sealed} sealed @param {number} officer @param {CryptoKey} privateKey @returns {Promise<any>} */
export async function unseal(sealed, officer, privateKey) {
  const own = sealed.keys.get(officer);
  if (!own) return null;
  try {
    const shared = await agree(privateKey, sealed.from, ['decrypt']);
    const raw = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: own.iv }, shared, own.bytes);
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
    const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.bytes);
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return null;
  }
}
