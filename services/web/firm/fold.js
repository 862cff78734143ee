// SPDX-License-Identifier: MIT
// What people type for the same plate or number, folded to one writing exactly as the server does
// (common/form/fold.c): capitals, fullwidth forms, lookalikes, separators. Pure; held to the server by
// tests/screens/firm_parity.test.mjs.

const SEPARATORS = new Set([
  0x09, 0x0a, 0x0d, 0x20, 0x2e, 0x2d, 0x5f, 0xa0, 0xad, 0xb7, 0x2022, 0x2027, 0x202f, 0x2212, 0x3000, 0x3002,
  0x30fb, 0xfe0e, 0xfe0f, 0xfeff, 0xff65,
]);
const LOOKALIKES = new Map(
  Object.entries({ D: 'ÐðĐđƉ', A: 'ΑА', B: 'ΒВ', E: 'ΕЕ', Z: 'Ζ', H: 'ΗН', I: 'ΙІ', K: 'ΚК', M: 'ΜМ', N: 'Ν',
    O: 'ΟО', P: 'ΡР', T: 'ΤТ', Y: 'ΥУ', X: 'ΧХ', S: 'Ѕ', J: 'Ј', C: 'С' })
    .flatMap(([latin, alike]) => [...alike].map((c) => [c.codePointAt(0), latin])),
);

function foldOne(typed) {
  let code = typed;

  if (code >= 0xff01 && code <= 0xff5e) code -= 0xfee0;
  if (SEPARATORS.has(code) || (code >= 0x2000 && code <= 0x2015)) return '';
  if (code < 0x80) return String.fromCodePoint(code).toUpperCase();
  if (code === 0x639b) return '挂';
  let capital = code;
  if (code >= 0x430 && code <= 0x44f) capital -= 0x20;
  else if (code >= 0x455 && code <= 0x458) capital -= 0x50;
  return LOOKALIKES.get(capital) ?? String.fromCodePoint(code);
}

/** @param {string} typed @returns {string} */
export function fold(typed) {
  return [...typed].map((c) => foldOne(c.codePointAt(0))).join('');
}

/** Folded, or '' when something but ASCII is left. @param {string} typed @returns {string} */
export function foldAscii(typed) {
  const text = fold(typed);

  return /^[\x00-\x7f]*$/.test(text) ? text : '';
}
