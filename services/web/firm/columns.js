// SPDX-License-Identifier: MIT
// The table of many trucks: its columns, and how its rows become declarations. A row is a vehicle with
// its goods; rows with the same mark in the first column are one declaration. Pure.

import { GOODS, HEADER, VEHICLE, CUSTOMS, checkField } from './fields.js';
import { fold } from './fold.js';
import { documentOf, put } from './document.js';
import { csvWrite } from './csv.js';
import { COLUMN_WORDS } from './column_words.js';
import { isRounded, zerosBack } from './spreadsheet.js';

/** @typedef {{key: string, to: string, field: object|null, names: string[]}} Column  names: vi, en, zh */

const find = (fields, name) => fields.find((field) => field.name === name);
const column = (key, to, field, ...names) => ({ key, to, field, names });
const vehicle = (name, ...names) => column(name.replace(/.*\//, '') === 'name' ? 'driver' : name.split('/').pop(), `vehicle/${name}`, find(VEHICLE, name), ...names);
const header = (name, ...names) => column(name, `header/${name}`, find(HEADER, name), ...names);
const goods = (name, ...names) => column(name, `goods/${name}`, find(GOODS, name), ...names);

/** @type {Column[]} in the order of the template */
export const COLUMNS = [
  column('group', 'group', null, 'Nhóm tờ khai', 'Declaration', '申报组'),
  header('gate', 'Cửa khẩu', 'Gate', '口岸'),
  header('direction', 'Chiều', 'Direction', '方向'),
  header('planned_arrival', 'Dự kiến đến', 'Planned arrival', '预计到达'),
  vehicle('plate', 'Biển số', 'Plate', '车牌号'),
  vehicle('trailer_plate', 'Biển số rơ moóc', 'Trailer plate', '挂车牌号'),
  vehicle('container', 'Số container', 'Container', '集装箱号'),
  vehicle('seal', 'Số niêm phong', 'Seal', '封条号'),
  vehicle('driver/name', 'Họ tên lái xe', 'Driver', '司机姓名'),
  { ...vehicle('driver/document/type', 'Loại giấy tờ', 'Document type', '证件类型'), key: 'document_type' },
  { ...vehicle('driver/document/number', 'Số giấy tờ', 'Document number', '证件号码'), key: 'document_number' },
  vehicle('driver/phone', 'Điện thoại', 'Phone', '电话'),
  { ...column('customs_number', 'customs/number', find(CUSTOMS, 'number'), 'Số tờ khai hải quan', 'Customs number', '报关单号') },
  { ...column('customs_type', 'customs/type', find(CUSTOMS, 'type'), 'Loại hình', 'Customs type', '监管方式') },
  { ...column('customs_office', 'customs/office', find(CUSTOMS, 'office'), 'Mã hải quan', 'Customs office', '海关代码') },
  goods('hs', 'Mã HS', 'HS code', 'HS 编码'),
  goods('description', 'Tên hàng', 'Goods', '货物名称'),
  goods('origin', 'Xuất xứ', 'Origin', '原产地'),
  goods('quantity', 'Số lượng', 'Quantity', '数量'),
  goods('unit', 'Đơn vị tính', 'Unit', '单位'),
  goods('packages', 'Số kiện', 'Packages', '件数'),
  goods('net_weight_kg', 'Trọng lượng tịnh (kg)', 'Net weight (kg)', '净重 (kg)'),
  goods('gross_weight_kg', 'Trọng lượng cả bì (kg)', 'Gross weight (kg)', '毛重 (kg)'),
  goods('value', 'Trị giá', 'Value', '货值'),
  goods('currency', 'Tiền tệ', 'Currency', '币种'),
  column('role', 'role', null, 'Vai trò xe', 'Vehicle role', '车辆角色'),
  header('reference', 'Tham chiếu', 'Reference', '参考号'),
  header('note', 'Ghi chú', 'Note', '备注'),
];

const plain = (text) => fold(text.normalize('NFD').replace(/[\u0300-\u036f]/g, '')).replace(/[()*:/]/g, '');
const NAMES = new Map(COLUMNS.flatMap((c) => [c.key, ...c.names, ...(COLUMN_WORDS[c.key] ?? [])].map((name) => [plain(name), c])));

/** What people write for the values of a choice, in three languages. */
const WORDS = {
  direction: { export: ['xuat', 'xuat khau', 'xk', 'export', '出口', 'e', 'x'], import: ['nhap', 'nhap khau', 'nk', 'import', '进口', 'i', 'n'] },
  gate: { CKHN: ['ckhn', 'huu nghi', '友谊', '友谊关', '1', '01'], TT: ['tt', 'tan thanh', '新清', '2', '02'] },
  document_type: { cccd: ['cccd', 'can cuoc', 'can cuoc cong dan', '身份证'], passport: ['ho chieu', 'passport', '护照', 'hc'], border_pass: ['giay thong hanh', 'gth', 'border pass', '边境通行证', 'border_pass'], cn_id: ['cn id', 'cn_id', '居民身份证'], cmnd: ['cmnd', 'chung minh'] },
  role: { main: ['', 'chinh', 'main', '主车'], receiving: ['nhan', 'nhan hang', 'xe nhan', 'receiving', '接货'] },
};

const wordsOf = new Map(Object.entries(WORDS).map(([key, values]) => [key,
  new Map(Object.entries(values).flatMap(([value, words]) => [value, ...words].map((word) => [plain(word), value])))]));

/** The value of a choice as somebody wrote it; undefined: none of them. */
export function choiceOf(key, typed) {
  return wordsOf.get(key)?.get(plain(typed));
}

const TITLES_MOST = 10;      // lines that people put above the names

/* A row of words where plates and numbers should be: names that nobody here knows. */
const looksLikeNames = (cells) => cells.filter(Boolean).length >= 2 && !cells.some((cell) => /\d/.test(cell));

/**
 * Which column stands where. The names may stand below some lines of titles; without any the template's
 * order holds, unless the first row is names that are not known.
 * @param {string[][]} rows
 * @returns {{columns: (Column|null)[], isHeader: boolean, unknown: string[], skip: number, strange: string[]}}
 *          skip: rows before the first record; strange: names that could not be read, ''s aside
 */
export function columnsOf(rows) {
  const named = (cells) => cells.map((cell) => NAMES.get(plain(cell)) ?? null);
  const isNames = (cells) => named(cells).filter(Boolean).length >= Math.min(2, cells.length);
  const at = rows.slice(0, TITLES_MOST).findIndex(isNames);
  const first = rows[0] ?? [];

  if (at >= 0) return { columns: named(rows[at]), isHeader: true, unknown: rows[at].filter((cell, i) => cell && !named(rows[at])[i]), skip: at + 1, strange: [] };
  return { columns: COLUMNS.slice(0, first.length), isHeader: false, unknown: [], skip: 0, strange: looksLikeNames(first) ? first.filter(Boolean) : [] };
}

/**
 * A table's rows by the key of their columns.
 * @param {import('./csv.js').Row[]} rows
 * @returns {{records: {line: number, cells: Object<string,string>}[], unknown: string[], isHeader: boolean, strange: string[]}}
 */
export function recordsOf(rows) {
  const { columns, isHeader, unknown, skip, strange } = columnsOf(rows.map((row) => row.cells));
  const records = rows.slice(skip).map((row) => {
    const cells = {};
    row.cells.forEach((cell, i) => { if (columns[i] && cell) cells[columns[i].key] = cell; });
    return { line: row.line, cells };
  });

  return { records, unknown, isHeader, strange };
}

/**
 * Declarations out of records. Each keeps which record every pointer of it came from.
 * @param {{line: number, cells: Object<string,string>}[]} records
 * @param {{decimalMark: ','|'.', gate?: string, direction?: string}} options defaults for empty cells
 * @param {Map<string, Unit>} [known] units judged before, by what their rows say: one corrected cell is one judgement
 * @returns {Unit[]}
 *
 * @typedef {{records: number[], document: object, problems: Finding[], warnings: Finding[],
 *            origin: Object<string, {record: number, key: string}>}} Unit
 * @typedef {{pointer: string, code: string, record: number, key: string, value?: string}} Finding  value: what the message names
 */
export function unitsOf(records, options, known = new Map()) {
  const groups = new Map();

  records.forEach((record, i) => {
    const mark = record.cells.group ? `g ${record.cells.group.trim()}` : `r ${i}`;
    groups.set(mark, [...(groups.get(mark) ?? []), i]);
  });
  const units = [...groups.values()].map((indexes) => {
    const name = JSON.stringify([indexes, indexes.map((i) => records[i].cells), options]);
    const unit = known.get(name) ?? unitOf(records, indexes, options);
    known.set(name, unit);
    return unit;
  });

  return findTwice(records, units);
}

/* A plate lives once: the later rows of another declaration would be refused. */
function findTwice(records, units) {
  const first = new Map();

  return units.map((unit) => {
    const twice = [];
    for (const i of unit.records) {
      const name = vehicleName(records[i].cells);
      const before = name ? first.get(name) : undefined;
      if (before === undefined) first.set(name, { unit, line: records[i].line });
      else if (before.unit !== unit) twice.push({ pointer: '', code: 'plate_twice', value: String(before.line), record: i, key: 'plate' });
    }
    return twice.length ? { ...unit, problems: [...unit.problems, ...twice] } : unit;
  });
}

const VEHICLES_MOST = 40;

function unitOf(records, indexes, options) {
  const unit = { typed: { gate: options.gate ?? '', direction: options.direction ?? 'export', vehicles: [], receiving_vehicles: [],
    customs_declarations: [], goods: [] }, origin: {}, problems: [], warnings: [] };

  for (const i of indexes) addRecord(unit, records[i].cells, i);
  shareGoods(unit);
  const { document, problems, warnings } = documentOf(unit.typed, options);
  const sayRounded = (one) => (isRounded(records[one.record].cells[one.key] ?? '') ? { ...one, code: 'excel_rounded' } : one);
  const findings = [...unit.problems, ...problems.map((p) => sayRounded(findingOf(p, unit, indexes)))];
  if (document.vehicles.length > VEHICLES_MOST) findings.push({ pointer: '/vehicles', code: 'group_too_large', record: indexes[0], key: 'group' });
  return { records: indexes, document, origin: unit.origin, problems: findings, warnings: [...unit.warnings, ...warnings.map((w) => findingOf(w, unit, indexes))] };
}

/** A finding with the record and column it is about. */
export function findingOf({ pointer, code }, unit, indexes = unit.records) {
  let way = pointer;

  while (way && !unit.origin[way]) way = way.slice(0, way.lastIndexOf('/'));
  const nearest = unit.origin[way] ?? { record: indexes[0], key: keyOf(pointer) };
  return { pointer, code, record: nearest.record, key: keyOf(pointer) || nearest.key };
}

/** The column that a pointer of a declaration is about; '': none. @param {string} pointer */
export function keyOf(pointer) {
  const generic = pointer.replace(/^\/(vehicles|receiving_vehicles)\/\d+/, '/vehicle').replace(/^\/customs_declarations\/\d+/, '/customs')
    .replace(/^\/goods\/\d+/, '/goods').slice(1);
  const ways = [generic, `header/${generic}`];
  const exact = COLUMNS.find((c) => ways.includes(c.to));

  if (exact) return exact.key;
  const starts = { 'vehicle/driver/document': 'document_number', 'vehicle/driver': 'driver', vehicle: 'plate', vehicles: 'plate', customs: 'customs_number',
    customs_declarations: 'customs_number', goods: 'hs' };
  const start = Object.keys(starts).find((way) => generic === way || generic.startsWith(`${way}/`));
  return start ? starts[start] : '';
}

function addRecord(unit, cells, record) {
  const role = choiceOf('role', cells.role ?? '');
  const list = role === 'receiving' ? 'receiving_vehicles' : 'vehicles';
  const places = { vehicle: placeOf(unit, list, vehicleName(cells), record), customs: '', goods: '' };

  if (cells.role && !role) unit.problems.push({ pointer: '', code: 'unknown_value', record, key: 'role' });
  if (cells.customs_number) places.customs = placeOf(unit, 'customs_declarations', fold(cells.customs_number), record);
  if (cells.hs || cells.description) places.goods = newPlace(unit, 'goods', record);
  const documentType = choiceOf('document_type', cells.document_type ?? '') ?? '';
  for (const c of COLUMNS) if (c.field && cells[c.key]) putCell(unit, c, zerosBack(c.key, cells[c.key], documentType), places, record, cells[c.key]);
  if (places.goods) rememberGoods(unit, places.goods, cells);
}

function vehicleName(cells) {
  return fold(cells.plate ?? '');
}

function newPlace(unit, list, record) {
  const pointer = `${list}/${unit.typed[list].push({}) - 1}`;

  unit.origin[`/${pointer}`] = { record, key: '' };
  return pointer;
}

// The item of that name; a further row of the same vehicle or customs declaration goes to the same one.
function placeOf(unit, list, name, record) {
  unit.names ??= new Map();
  const known = name && unit.names.get(`${list} ${name}`);
  const place = known || newPlace(unit, list, record);

  if (name) unit.names.set(`${list} ${name}`, place);
  return place;
}

function putCell(unit, c, typed, places, record, was) {
  const [part, ...rest] = c.to.split('/');
  const place = part === 'header' ? '' : places[part];
  if (place === '' && part !== 'header') return;
  const way = [place, ...rest].filter(Boolean).join('/');
  if (typed !== was) unit.warnings.push({ pointer: `/${way}`, code: 'zeros_back', value: typed, record, key: c.key });
  const choice = c.field.kind === 'choice' ? choiceOf(c.key, typed) : undefined;
  const value = choice ?? typed;

  if (c.field.kind === 'choice' && choice === undefined && WORDS[c.key]) unit.problems.push({ pointer: `/${way}`, code: 'unknown_value', record, key: c.key });
  if (part === 'header' && unit.origin[`/${way}`] && read(unit.typed, way) !== value) {
    unit.problems.push({ pointer: `/${way}`, code: 'group_differs', record, key: c.key });
    return;
  }
  put(unit.typed, way, value);
  unit.origin[`/${way}`] = { record, key: c.key };
}

const read = (object, way) => way.split('/').reduce((node, name) => node?.[name], object);

function rememberGoods(unit, place, cells) {
  unit.goods ??= [];
  unit.goods.push({ place, plate: cells.plate ?? '', customs: cells.customs_number ?? '' });
}

// Of several vehicles each row's goods are that vehicle's; of several customs declarations, that one's.
function shareGoods(unit) {
  for (const { place, plate, customs } of unit.goods ?? []) {
    const goods = read(unit.typed, place);
    if (unit.typed.vehicles.length > 1 && plate) goods.plates = plate;
    if (unit.typed.customs_declarations.length > 1 && customs) goods.customs_declaration = customs;
  }
}

/** One cell alone, judged as its field: for the preview while it is corrected. */
export function checkCell(key, typed, about) {
  const c = COLUMNS.find((one) => one.key === key);

  return c?.field && c.field.kind !== 'choice' ? checkField(c.field, typed, about) : { value: typed, problem: '', warning: '' };
}

/**
 * The template, with two rows that show how it is meant.
 * @param {'vi'|'en'|'zh'} language
 * @param {string} day a day to plan for, YYYY-MM-DD
 * @returns {string}
 */
export function templateOf(language, day) {
  const names = COLUMNS.map((c) => c.names[['vi', 'en', 'zh'].indexOf(language)]);
  const example = { gate: 'CKHN', direction: { vi: 'xuất', en: 'export', zh: '出口' }[language], planned_arrival: `${day} 08:30`,
    plate: '29C-123.45', trailer_plate: '29R-001.23', container: 'CSQU3054383', seal: 'VN123456', driver: 'Nguyễn Văn An',
    document_type: 'cccd', document_number: '001099000001', phone: '0912 345 678', customs_number: '306012345670', customs_type: 'B11',
    customs_office: '15BB', hs: '08106000', description: 'Sầu riêng tươi', origin: 'VN', quantity: '18', unit: 'TNE', packages: '1200',
    net_weight_kg: '18000', gross_weight_kg: '19500', value: '54000', currency: 'USD' };
  const second = { ...example, plate: '12H-067.89', trailer_plate: '', container: '', seal: '', driver: 'Lý A Sáng', document_number: '020090000004', phone: '0987 654 321', customs_number: '306012345681' };
  const row = (cells) => COLUMNS.map((c) => cells[c.key] ?? '');

  return csvWrite([names, row(example), row(second)], language === 'vi' ? ';' : ',');
}

/**
 * Records back as a table, with a last column that says what is wrong with each.
 * @param {{line: number, cells: Object<string,string>}[]} records
 * @param {string[]} messages one per record
 * @param {'vi'|'en'|'zh'} language
 * @param {string} title of the last column
 */
export function reportOf(records, messages, language, title) {
  const names = COLUMNS.map((c) => c.names[['vi', 'en', 'zh'].indexOf(language)]);

  return csvWrite([[...names, title], ...records.map((r, i) => [...COLUMNS.map((c) => r.cells[c.key] ?? ''), messages[i]])],
    language === 'vi' ? ';' : ',');
}
