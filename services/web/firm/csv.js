// SPDX-License-Identifier: MIT
// Comma-separated values as people have them (RFC 4180, and what spreadsheets make of it): commas,
// semicolons or tabs, quotes, a byte order mark, any line ends. Pure.

const SEPARATORS = [';', '\t', ','];

/** @typedef {{cells: string[], line: number}} Row  line: where it begins in the text, from 1 */

/**
 * The separator of a table: the one that its first line has most of outside quotes. A tab wins over
 * all, as it is what is pasted out of a spreadsheet.
 * @param {string} text
 * @returns {string}
 */
export function separatorOf(text) {
  const counts = new Map(SEPARATORS.map((s) => [s, 0]));
  let quoted = false;

  for (const c of text) {
    if (c === '"') quoted = !quoted;
    else if (!quoted && (c === '\n' || c === '\r') && [...counts.values()].some((n) => n)) break;
    else if (!quoted && counts.has(c)) counts.set(c, counts.get(c) + 1);
  }
  if (counts.get('\t')) return '\t';
  return counts.get(';') >= counts.get(',') && counts.get(';') ? ';' : ',';
}

/**
 * The rows of a table, blank ones left out. A quote that is never closed ends with the text.
 * @param {string} text
 * @param {string} [separator] found when not given
 * @returns {{rows: Row[], separator: string}}
 */
export function csvRead(text, separator) {
  const clean = text.replace(/^\uFEFF/, '');
  const hint = /^sep=(.)\r?\n/i.exec(clean); // the line that Excel writes for itself
  const body = hint ? clean.slice(hint[0].length) : clean;
  const by = separator ?? (hint ? hint[1] : separatorOf(body));
  const reader = { rows: [], row: begin(hint ? 2 : 1), cell: '', quoted: false, line: hint ? 2 : 1 };

  for (let i = 0; i < body.length; i++) i += take(reader, body, i, by);
  endRow(reader);
  return { rows: reader.rows, separator: by };
}

function begin(line) {
  return { cells: [], line };
}

// Takes the character at i; returns how many more it has taken.
function take(reader, text, i, separator) {
  const c = text[i];

  if (reader.quoted) return takeQuoted(reader, text, i);
  if (c === '"' && reader.cell.trim() === '') {
    reader.quoted = true;
    reader.cell = '';
  } else if (c === separator) {
    endCell(reader);
  } else if (c === '\n' || c === '\r') {
    const pair = c === '\r' && text[i + 1] === '\n';
    reader.line++;
    endRow(reader);
    return pair ? 1 : 0;
  } else {
    reader.cell += c;
  }
  return 0;
}

function takeQuoted(reader, text, i) {
  const c = text[i];

  if (c === '"' && text[i + 1] === '"') {
    reader.cell += '"';
    return 1;
  }
  if (c === '"') reader.quoted = false;
  else {
    if (c === '\n') reader.line++;
    reader.cell += c;
  }
  return 0;
}

function endCell(reader) {
  reader.row.cells.push(reader.cell.trim());
  reader.cell = '';
}

function endRow(reader) {
  endCell(reader);
  if (reader.row.cells.some((cell) => cell !== '')) reader.rows.push(reader.row);
  reader.row = begin(reader.line);
}

/**
 * A table as text that spreadsheets open with a double click: byte order mark, CRLF, and no cell
 * that they would take for a formula (OWASP: CSV injection).
 * @param {string[][]} rows
 * @param {string} [separator]
 * @returns {string}
 */
export function csvWrite(rows, separator = ',') {
  const cell = (value) => {
    const text = /^[=@]|^[+-](?![\d\s]*$)/.test(value) && !/^\+\d[\d .]*$/.test(value) ? `'${value}` : value;
    return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  return '\uFEFF' + rows.map((row) => row.map((v) => cell(String(v ?? ''))).join(separator) + '\r\n').join('');
}

/**
 * The text of a file: UTF-8, UTF-16 with a mark, else the code page Windows has for Vietnamese.
 * @param {ArrayBuffer} bytes
 * @returns {string}
 */
export function textOfFile(bytes) {
  const start = new Uint8Array(bytes.slice(0, 2));

  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1258').decode(bytes).normalize('NFC');
  }
}

/** @param {ArrayBuffer} bytes  whether somebody gave the workbook instead of its export */
export function isWorkbook(bytes) {
  const start = [...new Uint8Array(bytes.slice(0, 4))].join(' ');

  return start === '80 75 3 4' || start === '208 207 17 224';
}
