// SPDX-License-Identifier: MIT
// What a spreadsheet does to the codes of a table before one sees it: it takes them for numbers, so
// leading zeros go, and long ones turn into 3.06E+11. Pure.

/* Which codes can have begun with zeros, and what they look like without. */
const LOST = {
  hs: /^[1-9](?:\d{6}|\d{8})$/,                  // 08106000: eight or ten digits (domain B5)
  document_number: /^[1-9]\d{9,10}$/,            // a CCCD begins with its province, 001 to 096
  phone: /^[35789]\d{8}$/,
};
const WIDTH = { hs: (text) => text.length + 1, document_number: () => 12, phone: () => 10 };

/**
 * A cell with the zeros that a spreadsheet took away.
 * @param {string} key of the column
 * @param {string} typed
 * @param {string} [documentType] '' when it does not say
 * @returns {string} as it was when nothing is missing
 */
export function zerosBack(key, typed, documentType = '') {
  if (key === 'document_number' && !['', 'cccd'].includes(documentType)) return typed;
  return LOST[key]?.test(typed) ? typed.padStart(WIDTH[key](typed), '0') : typed;
}

/** Whether digits are gone for good: 3,06012E+11. @param {string} typed */
export function isRounded(typed) { return /^\d(?:[.,]\d+)?E\+?\d{1,2}$/i.test(typed.trim()); }
