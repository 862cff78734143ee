// SPDX-License-Identifier: MIT
// The digits of a pass: 7 bytes as 17 digits, the last group shorter (common/pass/FORMAT.md §4).

/** Digits of a group by its number of bytes; all differ, so a width tells its length. */
const WIDTHS = [0, 3, 5, 8, 10, 13, 15, 17];
const GROUP_BYTES = 7;
const GROUP_DIGITS = 17;

/** How many digits that many bytes have. @param {number} bytes @returns {number} */
export function digitsOf(bytes) {
  return Math.floor(bytes / GROUP_BYTES) * GROUP_DIGITS + WIDTHS[bytes % GROUP_BYTES];
}

/** One group of digits as bytes, or null. @param {string} group @returns {number[] | null} */
function decodeGroup(group) {
  const size = WIDTHS.indexOf(group.length);
  if (size < 1 || !/^[0-9]+$/.test(group)) return null;
  let value = BigInt(group);
  const bytes = [];
  for (let i = 0; i < size; i++, value >>= 8n) bytes.unshift(Number(value & 255n));
  return value === 0n ? bytes : null;
}

/**
 * The bytes that digits stand for; null when they are no digits, when a group stands for more than
 * its bytes hold, or when no number of bytes has that many digits.
 * @param {string} digits @returns {Uint8Array | null}
 */
export function decodeDigits(digits) {
  const bytes = [];
  for (let at = 0; at < digits.length; at += GROUP_DIGITS) {
    const group = decodeGroup(digits.slice(at, at + GROUP_DIGITS));
    if (!group) return null;
    bytes.push(...group);
  }
  return Uint8Array.from(bytes);
}
