// SPDX-License-Identifier: MIT
// with-service: none
// What a firm's screens make of what is typed and pasted; pure, needs no service.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { csvRead, csvWrite, isWorkbook, textOfFile } from '../../services/web/firm/csv.js';
import { checkContainer, checkPlate, checkTaxCode, containerDigit, taxDigit } from '../../services/web/firm/checks.js';
import { checkInstant, checkNumber, hanoiInput } from '../../services/web/firm/numbers.js';
import { COLUMNS, recordsOf, templateOf, unitsOf, reportOf } from '../../services/web/firm/columns.js';
import { amendmentOf, copyOf, documentOf, mergeTyped, typedOf } from '../../services/web/firm/document.js';
import { classOfHs } from '../../services/web/firm/fields.js';
import { Batch, fileAll } from '../../services/web/firm/batch.js';

const cellsOf = (text) => csvRead(text).rows.map((row) => row.cells);
const VI = { decimalMark: ',' };

test('a table is read with commas, semicolons or tabs, quotes, a mark, any line ends', () => {
  assert.deepEqual(cellsOf('a,b\r\n"x, y","he said ""no"""\r\n'), [['a', 'b'], ['x, y', 'he said "no"']]);
  assert.deepEqual(cellsOf('\uFEFFa;b\n1,5;2\n'), [['a', 'b'], ['1,5', '2']]);
  assert.deepEqual(cellsOf('29C 123,45\tAn\r29C 999,99\tBa'), [['29C 123,45', 'An'], ['29C 999,99', 'Ba']]);
  assert.deepEqual(cellsOf('sep=;\r\na;b\r\n'), [['a', 'b']]);
  assert.deepEqual(cellsOf('a;b\n\n ; \nc;d'), [['a', 'b'], ['c', 'd']]);
  assert.deepEqual(cellsOf(''), []);
});

test('a cell of several lines stays one cell, and rows know where they stand', () => {
  const { rows } = csvRead('a;b\n"one\ntwo";x\nlast;y');
  assert.deepEqual(rows.map((row) => row.line), [1, 2, 4]);
  assert.equal(rows[1].cells[0], 'one\ntwo');
});

test('what is written opens in a spreadsheet, does nothing there, and is read again', () => {
  const rows = [['a', 'b;c', '=HYPERLINK("x")', '+84912345678', '-1'], ['Nguyễn "Văn" An', '', '1', '2', '3']];
  const text = csvWrite(rows, ';');
  assert.ok(text.startsWith('\uFEFF') && text.endsWith('\r\n'));
  assert.equal(cellsOf(text)[0][2], '\'=HYPERLINK("x")');
  assert.equal(cellsOf(text)[0][3], '+84912345678');
  assert.deepEqual(cellsOf(text)[1], rows[1]);
});

test('a file is read in the encoding it has; a workbook is told from its export', () => {
  const utf8 = new TextEncoder().encode('Sầu riêng');
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...'Sầu'].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8])]);
  assert.equal(textOfFile(utf8.buffer), 'Sầu riêng');
  assert.equal(textOfFile(utf16.buffer), '\uFEFFSầu'.replace('\uFEFF', ''));
  assert.ok(isWorkbook(new Uint8Array([80, 75, 3, 4, 0]).buffer));
  assert.ok(!isWorkbook(utf8.buffer));
});

test('check digits are those of domain B6 and B7', () => {
  assert.equal(containerDigit('CSQU305438'), '3');
  assert.equal(containerDigit('CSQU305008'), '0');
  assert.equal(taxDigit('010004751'), '6');
  assert.equal(taxDigit('490012345'), '');
  assert.equal(checkTaxCode('0100109106').problem, '');
  assert.equal(checkTaxCode('0100109107').problem, 'tax_code_check');
  assert.deepEqual(checkContainer('csqu 305438-4'), { value: 'CSQU3054384', problem: '', warning: 'container_check_digit', note: { digit: '3' } });
});

test('a plate is shown in its one writing while it is typed', () => {
  assert.equal(checkPlate('29c-123.45').value, '29C12345');
  assert.equal(checkPlate('F12345').value, '桂F12345');
  assert.equal(checkPlate('F12345').warning, 'plate_province_assumed');
  assert.equal(checkPlate('29C-12').problem, 'plate_format');
  assert.equal(checkPlate('桂F1234', { kind: 'trailer' }).value, '桂F1234挂');
});

test('numbers are read as they are written here and there', () => {
  const read = (typed, mark) => checkNumber(typed, { decimals: 3, most: 1e6, decimalMark: mark }).value;
  assert.equal(read('19.500', ','), 19500);
  assert.equal(read('19.500', '.'), 19.5);
  assert.equal(read('18,5', '.'), 18.5);
  assert.equal(read('1.234.567'.slice(0, 7), ','), '1.234.5');
  assert.equal(read('19.500,25', ','), 19500.25);
  assert.equal(read('19,500.25', ','), 19500.25);
  assert.equal(read('18 000', ','), 18000);
  assert.equal(checkNumber('mười', { decimals: 0, most: 9 }).problem, 'wrong_type');
  assert.equal(checkNumber('1e5', { decimals: 0, most: 9e9 }).problem, 'wrong_type');
  assert.equal(checkNumber('1,2345', { decimals: 3, most: 9 }).problem, 'number_decimals');
});

test('times are Hanoi\'s, however the day is written', () => {
  for (const typed of ['23/11/2026 08:30', '2026-11-23 8:30', '23-11-2026 8h30', '2026-11-23T08:30', '23.11.2026 08:30:00'])
    assert.equal(checkInstant(typed).value, '2026-11-23T08:30:00+07:00', typed);
  assert.equal(checkInstant('2026-11-23T02:30:00Z').value, '2026-11-23T02:30:00Z');
  assert.equal(checkInstant('31/11/2026 08:30').problem, 'instant_format');
  assert.equal(checkInstant('tomorrow').problem, 'instant_format');
  assert.equal(hanoiInput('2026-11-23T01:30:00Z'), '2026-11-23T08:30');
});

test('the template is read back without a problem, in each language', () => {
  for (const language of ['vi', 'en', 'zh']) {
    const { rows } = csvRead(templateOf(language, '2026-11-23'));
    const { records, unknown } = recordsOf(rows);
    assert.deepEqual(unknown, []);
    const units = unitsOf(records, VI);
    assert.deepEqual(units.map((unit) => unit.problems), [[], []]);
    assert.equal(units[0].document.vehicles[0].driver.name, 'Nguyễn Văn An');
    assert.equal(units[0].document.planned_arrival, '2026-11-23T08:30:00+07:00');
    assert.equal(units[0].document.direction, 'export');
    assert.equal(units[0].document.goods[0].net_weight_kg, 18000);
  }
});

test('rows of one mark become one declaration, each with its goods', () => {
  const text = 'Nhóm tờ khai;Biển số;Họ tên lái xe;Số tờ khai hải quan;Mã HS;Tên hàng;Vai trò xe\n' +
    'A;29C12345;An;306012345670;08106000;Sầu riêng;\nA;29C99999;Ba;306012345670;08106000;Sầu riêng;\n;12H06789;Tư;;;;\nA;29C12345;;;08045020;Xoài;\n';
  const units = unitsOf(recordsOf(csvRead(text).rows).records, { ...VI, gate: 'CKHN' });
  assert.equal(units.length, 2);
  assert.deepEqual(units[0].records, [0, 1, 3]);
  assert.deepEqual(units[0].document.vehicles.map((v) => v.plate), ['29C12345', '29C99999']);
  assert.equal(units[0].document.customs_declarations.length, 1);
  assert.deepEqual(units[0].document.goods.map((g) => g.plates), [['29C12345'], ['29C99999'], ['29C12345']]);
});

test('each problem names its row and column; rows of one declaration that disagree are told', () => {
  const text = 'Nhóm tờ khai;Cửa khẩu;Biển số;Điện thoại;Vai trò xe\nA;CKHN;29C-12;091;\nA;TT;29C99999;;bay\n';
  const [unit] = unitsOf(recordsOf(csvRead(text).rows).records, VI);
  assert.deepEqual(unit.problems.map((p) => [p.record, p.key, p.code]).sort(), [
    [0, 'phone', 'phone_format'], [0, 'plate', 'plate_format'], [1, 'gate', 'group_differs'], [1, 'role', 'unknown_value']]);
});

test('more than forty trucks in one declaration are told before they are sent', () => {
  const rows = Array.from({ length: 41 }, (_, i) => `A;CKHN;29C${10000 + i}`).join('\n');
  const [unit] = unitsOf(recordsOf(csvRead(`Nhóm tờ khai;Cửa khẩu;Biển số\n${rows}`).rows).records, VI);
  assert.deepEqual(unit.problems.map((p) => p.code), ['group_too_large']);
});

test('columns may stand in any order and be unknown; without names the template\'s order holds', () => {
  const { records, unknown } = recordsOf(csvRead('Màu xe,plate,Gate\nđỏ,29C12345,CKHN').rows);
  assert.deepEqual(unknown, ['Màu xe']);
  assert.deepEqual(records[0].cells, { plate: '29C12345', gate: 'CKHN' });
  const nameless = recordsOf(csvRead(';CKHN;xuất;23/11/2026 08:30;29C12345').rows);
  assert.equal(nameless.isHeader, false);
  assert.equal(nameless.records[0].cells.plate, '29C12345');
});

test('the report gives every row back with its message', () => {
  const { records } = recordsOf(csvRead('plate,gate\n29C12345,CKHN\nxx,TT').rows);
  const rows = cellsOf(reportOf(records, ['', 'sai biển số'], 'vi', 'Lỗi'));
  assert.equal(rows[0].at(-1), 'Lỗi');
  assert.equal(rows[2].at(-1), 'sai biển số');
  assert.equal(rows[2][COLUMNS.findIndex((c) => c.key === 'plate')], 'xx');
});

test('an HS code has the class of its longest published prefix', () => {
  const classes = [{ code: '08', class: 'perishable' }, { code: '0811', class: 'frozen_live' }];
  assert.equal(classOfHs('08106000', classes), 'perishable');
  assert.equal(classOfHs('08119000', classes), 'frozen_live');
  assert.equal(classOfHs('94036090', classes), 'general');
});

test('a document is typed on and sent again unchanged; a copy leaves behind what was that one passage\'s', () => {
  const document = { gate: 'CKHN', direction: 'export', planned_arrival: '2026-11-23T08:30:00+07:00',
    vehicles: [{ plate: '29C12345', seal: 'X1', driver: { name: 'An', document: { type: 'cccd', number: '001099000001' } } }],
    receiving_vehicles: [], customs_declarations: [{ number: '306012345670' }], goods: [{ hs: '08106000', quantity: 18, customs_declaration: '306012345670' }] };
  const typed = typedOf(document);
  assert.deepEqual(documentOf(typed).document, document);
  const copy = copyOf(typed);
  assert.equal(copy.planned_arrival, undefined);
  assert.deepEqual(copy.customs_declarations, []);
  assert.equal(copy.vehicles[0].seal, undefined);
  assert.equal(copy.vehicles[0].driver.name, 'An');
});

test('an amendment holds what differs, and null for what went', () => {
  const before = { gate: 'CKHN', note: 'a', reference: 'r', vehicles: [{ plate: '29C12345' }], goods: [{ hs: '1' }] };
  assert.deepEqual(amendmentOf(before, { ...before, note: 'b', reference: undefined, goods: [] }), { note: 'b', reference: null, goods: null });
  assert.deepEqual(amendmentOf(before, structuredClone(before)), {});
});

test('two amendments of different fields go together; of the same field both are shown and mine holds', () => {
  const base = { note: 'a', reference: 'r', vehicles: [{ plate: '29C12345', driver: { name: 'An' } }] };
  const mine = { ...structuredClone(base), note: 'mine', reference: '' };
  const theirs = structuredClone(base);
  theirs.note = 'theirs';
  theirs.vehicles[0].driver.name = 'Ba';
  const merged = mergeTyped(base, mine, theirs);
  assert.equal(merged.typed.note, 'mine');
  assert.equal(merged.typed.vehicles[0].driver.name, 'Ba');
  assert.equal(merged.typed.reference, '');
  assert.deepEqual(merged.both.map((c) => c.pointer), ['/note']);
  assert.equal(merged.theirs.length, 2);
});

// --- filing ---------------------------------------------------------------------------------------

class Shelf {
  constructor() { this.all = new Map(); }
  getItem(name) { return this.all.get(name) ?? null; }
  setItem(name, text) { this.all.set(name, text); }
}

function worldOf() {
  let keys = 0;
  return { storage: new Shelf(), name: 'test', freshKey: () => `key-${++keys}`, now: () => 1e12 };
}

// As the server does: an effect per key, whatever else happens.
function serverOf() {
  const filed = new Map();
  const server = { filed, calls: 0, fails: new Map(), send: async (body, key) => {
    const turn = ++server.calls;
    const how = server.fails.get(turn);
    if (how === 'before') throw Object.assign(new Error('x'), { name: 'Offline' });
    if (how === 'refuse') throw Object.assign(new Error('x'), { name: 'Problem', status: 409, code: 'plate_live', errors: [] });
    if (!filed.has(key)) filed.set(key, { number: `n${filed.size + 1}`, body });
    if (how === 'after') throw Object.assign(new Error('x'), { name: 'Offline' });
    return filed.get(key);
  } };
  return server;
}

const UNITS = [1, 2, 3].map((i) => ({ id: String(i), body: { gate: 'CKHN', reference: String(i) } }));
const nothing = () => {};

test('an answer that was lost is asked for again under its key: nothing is filed twice', async () => {
  const world = worldOf(), server = serverOf();
  server.fails.set(2, 'after');
  assert.equal(await fileAll(new Batch(world), UNITS, server.send, nothing), 'lost');
  const reloaded = new Batch(world);
  assert.equal(reloaded.state.entries[1].state, 'filed');
  assert.equal(await fileAll(reloaded, UNITS, server.send, nothing), 'done');
  assert.equal(server.filed.size, 3);
  assert.deepEqual(Object.values(reloaded.state.entries).map((e) => e.number), ['n1', 'n2', 'n3']);
});

test('a page that was left in the middle of a request goes on under the same key', async () => {
  const world = worldOf(), server = serverOf();
  const batch = new Batch(world);
  const entry = batch.prepare('1', JSON.stringify(UNITS[0].body));
  await server.send(UNITS[0].body, entry.key);
  await fileAll(new Batch(world), UNITS, server.send, nothing);
  assert.equal(server.filed.size, 3);
});

test('a refused row does not stop the others; corrected it has another key', async () => {
  const world = worldOf(), server = serverOf();
  server.fails.set(2, 'refuse');
  const batch = new Batch(world);
  assert.equal(await fileAll(batch, UNITS, server.send, nothing), 'done');
  assert.equal(server.filed.size, 2);
  assert.equal(batch.state.entries[2].problem.code, 'plate_live');
  const before = batch.state.entries[2].key;
  await fileAll(batch, [{ id: '2', body: { gate: 'TT' } }], server.send, nothing);
  assert.notEqual(batch.state.entries[2].key, before);
  assert.equal(batch.state.entries[2].state, 'filed');
});

test('two tabs with the same table use the same keys', async () => {
  const world = worldOf(), server = serverOf();
  const one = new Batch(world), other = new Batch(world);
  await Promise.all([fileAll(one, UNITS, server.send, nothing), fileAll(other, UNITS, server.send, nothing)]);
  assert.equal(server.filed.size, 3);
});

test('the same table pasted again is recognised', async () => {
  const world = worldOf(), server = serverOf();
  const batch = new Batch(world);
  await fileAll(batch, UNITS, server.send, nothing);
  assert.equal(batch.memory.find(JSON.stringify(UNITS[1].body)), 'n2');
  assert.equal(batch.memory.find(JSON.stringify({ gate: 'TT' })), '');
});

const EXCEL = 'Cửa khẩu;Chiều;Dự kiến đến;Biển số;Họ tên lái xe;Số giấy tờ;Điện thoại;Số tờ khai hải quan;Mã HS;Tên hàng\r\n';
const judged = (text) => unitsOf(recordsOf(csvRead(text).rows).records, { decimalMark: ',' });
const codes = (list) => list.map((one) => `${one.key} ${one.code}${one.value ? ` ${one.value}` : ''}`);

test('zeros that a spreadsheet took from codes come back and are told; digits that it rounded away are asked for', () => {
  const [unit] = judged(`${EXCEL}CKHN;xuất;23/11/26 8:30;29C-123.45;An;1099000001;912345678;3,06012E+11;8106000;Sầu riêng\r\n`);
  assert.deepEqual(codes(unit.problems), ['customs_number excel_rounded']);
  assert.deepEqual(codes(unit.warnings), ['document_number zeros_back 001099000001', 'phone zeros_back 0912345678', 'hs zeros_back 08106000']);
  assert.equal(unit.document.goods[0].hs, '08106000');
  assert.equal(unit.document.planned_arrival, '2026-11-23T08:30:00+07:00', 'a year of two digits');
  const [passport] = judged('Biển số;Loại giấy tờ;Số giấy tờ;Mã HS\r\n29C-123.45;border pass;1099000001;85171300\r\n');
  assert.equal(passport.document.vehicles[0].driver.document.number, '1099000001', 'another paper is left as it is');
  assert.deepEqual(codes(passport.warnings), []);
});

test('names of columns stand below titles, are called otherwise, or are not known: told, and not filed as a truck', () => {
  const titled = recordsOf(csvRead(`DANH SÁCH XE NGÀY 23/11;;\r\n;;\r\n${EXCEL}CKHN;xuất;23/11/2026 8:30;29C-123.45;An;001099000001;0912345678;306012345670;08106000;Sầu\r\n`).rows);
  assert.deepEqual([titled.isHeader, titled.records.length, titled.records[0].line], [true, 1, 4]);
  const own = recordsOf(csvRead('STT;BKS;Tài xế;CCCD;SĐT;Số TK;Mặt hàng\r\n1;29C-123.45;An;001099000001;0912345678;306012345670;Sầu\r\n').rows);
  assert.deepEqual(Object.keys(own.records[0].cells), ['plate', 'driver', 'document_number', 'phone', 'customs_number', 'description']);
  assert.deepEqual(own.unknown, ['STT']);
  assert.deepEqual(recordsOf(csvRead('a,b,Biển số\n1,29C-12345,x\n').rows).strange, ['a', 'b', 'Biển số']);
  assert.deepEqual(recordsOf(csvRead(';CKHN;xuất;23/11/2026 8:30;29C-123.45\n').rows).strange, [], 'the template\'s order, without names');
});

test('the same plate in two declarations of a table is told at the later row', () => {
  const row = 'CKHN;xuất;23/11/2026 8:30;29C-123.45;An;001099000001;0912345678;306012345670;08106000;Sầu\r\n';
  assert.deepEqual(judged(EXCEL + row + row).map((one) => codes(one.problems)), [[], ['plate plate_twice 2']]);
});

test('hundreds of filed rows stay small in the browser\'s storage', async () => {
  const items = new Map();
  const storage = { getItem: (name) => items.get(name) ?? null, setItem: (name, text) => items.set(name, text) };
  const batch = new Batch({ storage, name: 'b', freshKey: () => randomUUID(), now: Date.now });
  batch.begin(Array.from({ length: 500 }, (_, i) => ({ line: i, cells: { plate: `29C${i}` } })), {});
  const answer = { number: '20261122010001', state: 'ready', rule_failures: [], warnings: [], crossings: [{ id: '01000000000001', pass: { digits: '9'.repeat(340) }, open: Array(40).fill('x') }] };
  await fileAll(batch, batch.state.records.map((_, i) => ({ id: String(i), body: { note: 'x'.repeat(1500), i } })), async () => answer, () => {});
  assert.ok(items.get('b').length < 250_000, `${items.get('b').length}`);
  assert.equal(new Batch({ ...batch }).state.entries[499].result.crossings[0].pass, true, 'what is shown of it is there');
});
