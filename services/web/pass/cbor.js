// SPDX-License-Identifier: MIT
// Deterministic CBOR (RFC 8949 §4.2.1), read strictly: shortest heads, definite lengths, nothing
// left over. Only what passes and lists are made of: integers, strings, arrays, maps.

/** The bytes are not what they should be. */
export class Malformed extends Error {}

const UINT = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;

/** A reader that takes one item after the other from bytes and throws Malformed. */
export class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** @returns {number} */
  byte() {
    if (this.at >= this.bytes.length) throw new Malformed('cut');
    return this.bytes[this.at++];
  }

  /** The number in the head of an item of that kind. @param {number} kind @returns {number} */
  head(kind) {
    const first = this.byte();
    const short = first & 31;
    if (first >> 5 !== kind || short > 27) throw new Malformed('kind');
    if (short < 24) return short;
    const size = 1 << (short - 24);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.byte();
    const least = size === 1 ? 24 : 2 ** (4 * size);
    if (value < least || value > Number.MAX_SAFE_INTEGER) throw new Malformed('head');
    return value;
  }

  /** @param {number} size @returns {Uint8Array} */
  take(size) {
    if (size > this.bytes.length - this.at) throw new Malformed('cut');
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  /** @param {number} max @returns {number} */
  uint(max) {
    const value = this.head(UINT);
    if (value > max) throw new Malformed('range');
    return value;
  }

  /** @returns {Uint8Array} */
  byteString() {
    return this.take(this.head(BYTES));
  }

  /** @returns {string} */
  text() {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        this.take(this.head(TEXT)));
    } catch (error) {
      throw error instanceof Malformed ? error : new Malformed('text');
    }
  }

  /** How many items follow. @returns {number} */
  array() {
    return this.head(ARRAY);
  }

  /** @param {number} count */
  expectArray(count) {
    if (this.array() !== count) throw new Malformed('array');
  }

  /** @param {number} pairs */
  expectMap(pairs) {
    if (this.head(MAP) !== pairs) throw new Malformed('map');
  }

  /** @param {number} value */
  expectInteger(value) {
    const found = value < 0 ? -1 - this.head(NEGATIVE) : this.head(UINT);
    if (found !== value) throw new Malformed('integer');
  }

  /** Nothing may be left. */
  end() {
    if (this.at !== this.bytes.length) throw new Malformed('left over');
  }
}

/** What read gives, or null when it throws Malformed. @template T @param {() => T} read @returns {T | null} */
export function orNull(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** The head of a string or an array. @param {number} kind @param {number} value @returns {number[]} */
function head(kind, value) {
  const first = kind << 5;
  if (value < 24) return [first | value];
  if (value < 0x100) return [first | 24, value];
  if (value < 0x10000) return [first | 25, value >> 8, value & 255];
  return [first | 26, (value >>> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** An array of strings: what COSE signs. Text is ASCII. @param {(string | Uint8Array)[]} items @returns {Uint8Array} */
export function writeStrings(items) {
  const parts = [Uint8Array.from(head(ARRAY, items.length))];
  for (const item of items) {
    const bytes = typeof item === 'string' ? new TextEncoder().encode(item) : item;
    parts.push(Uint8Array.from(head(typeof item === 'string' ? TEXT : BYTES, bytes.length)), bytes);
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
