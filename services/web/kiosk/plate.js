// SPDX-License-Identifier: MIT
// Licence plates as the server writes them (common/form/plate.h): folded to capitals without blanks,
// lookalikes of other alphabets taken for what they look like.

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const SEPARATORS = /[\t\n\r .\-_\u00a0\u00ad\u00b7\u2000-\u2015\u2022\u2027\u202f\u2212\u3000\u3002\u30fb\ufe0e\ufe0f\ufeff\uff65]/u;
const ALIKE = new Map(Object.entries({
  Ð: 'D', ð: 'D', Đ: 'D', đ: 'D', Ɖ: 'D', Α: 'A', Β: 'B', Ε: 'E', Ζ: 'Z', Η: 'H', Ι: 'I', Κ: 'K',
  Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T', Υ: 'Y', Χ: 'X', Ѕ: 'S', І: 'I', Ј: 'J', А: 'A', В: 'B',
  Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', У: 'Y', Х: 'X', 掛: '挂',
}));

const C = '[A-HJ-NP-Z]';
const X = '[A-HJ-NP-Z0-9]';
const P = `[${PROVINCES}]`;
const PATTERNS = [
  /^[1-9][0-9][ABCDEFGHKLMNPSTUVXYZ][0-9]{4,5}$/,
  /^[1-9][0-9](LD|DA|RM|R)[0-9]{4,5}$/,
  new RegExp(`^${P}${C}${X}{5}$`),
  new RegExp(`^${P}${C}[A-HJK]${X}[0-9]{4}$`),
  new RegExp(`^${P}${C}[0-9]{5}[A-HJK]$`),
  new RegExp(`^${P}${C}${X}{4}挂$`),
];
const VIN = /^(?=.*[A-Z])[A-HJ-NPR-Z0-9]{17}$/; // of a new vehicle, which has no plate yet

/** One character as the server folds it; '' for a separator. @param {string} char @returns {string} */
function foldChar(char) {
  const code = char.codePointAt(0);
  const plain = code >= 0xff01 && code <= 0xff5e ? String.fromCodePoint(code - 0xfee0) : char;
  if (SEPARATORS.test(plain)) return '';
  if (plain >= 'a' && plain <= 'z') return plain.toUpperCase();
  if (plain < '\u0080') return plain;
  const upper = /\p{Script=Cyrillic}/u.test(plain) ? plain.toUpperCase() : plain;
  return ALIKE.get(upper) ?? plain;
}

/** Capitals without blanks, dots or dashes. @param {string} text @returns {string} */
export function fold(text) {
  return Array.from(text, foldChar).join('');
}

/**
 * A plate as the server writes it, or null. A Chinese one without its province counts as 桂, and as no
 * plate has an O or an I, they are a nought and a one.
 * @param {string} text @returns {string | null}
 */
export function readPlate(text) {
  const folded = fold(text);
  if (VIN.test(folded)) return folded;
  const bare = folded.replaceAll('O', '0').replaceAll('I', '1');
  for (const plate of [bare, `桂${bare}`])
    if (PATTERNS.some((pattern) => pattern.test(plate))) return plate;
  return null;
}

const isHan = (plate) => plate.codePointAt(0) > 127;
const withoutProvince = (plate) => (isHan(plate) ? plate.slice(1) : plate);

/** Two writings of one plate: equal, or equal but for the province of a Chinese one. @param {string} one @param {string} other @returns {boolean} */
export function platesAgree(one, other) {
  return one === other ||
    ((isHan(one) || isHan(other)) && withoutProvince(one) === withoutProvince(other));
}
