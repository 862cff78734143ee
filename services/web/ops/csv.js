// SPDX-License-Identifier: MIT
// Tables as CSV (RFC 4180) that spreadsheets read as they are: UTF-8 with its mark, no cell that a
// spreadsheet would run as a formula.

const MARK = '\ufeff';

function cell(value) {
  if (value === null || value === undefined) return '';
  let text = Array.isArray(value) ? value.join('; ') : String(value);
  if (typeof value !== 'number' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @param {string[]} head
 * @param {any[][]} rows numbers, texts, lists of texts; null is empty
 * @returns {string}
 */
export function csvOf(head, rows) {
  return MARK + [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

/**
 * Gives it to the browser to be saved.
 * @param {string} name of the file
 * @param {string} text
 */
export function save(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
