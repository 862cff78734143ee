// SPDX-License-Identifier: MIT
// with-service: --fast
// What the firm's screen says of a field while one types is what the server says of it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { call } from './lib/trucks.mjs';
import { checkField, CUSTOMS, GOODS, VEHICLE } from '../../services/web/firm/fields.js';
import { put } from '../../services/web/firm/document.js';

const TYPED = {
  plate: ['29C-123.45', '29c 12345', '２９Ｃ１２３４５', '29С12345', '29LD-012.34', '29LD1234', '9C12345', '29I12345', '桂F12345', 'F12345', 'f·12345', '桂FD1234A',
    '桂F12345D', '29C-12', '', ' ', '12H06789', '29Đ12345', '29DA1234', '粤B1234挂', 'I12345', '29\u2013C12345', '29R00123', 'plate!'],
  trailer_plate: ['29R-001.23', '34RM00123', '98R-036.78', '桂F1234挂', '桂F1234掛', 'F1234', '桂F1234', '29C12345', 'x'],
  container: ['CSQU3054383', 'csqu 305438 3', 'CSQU3054384', 'CSQU305008-0', 'CSQA3054383', 'CSQU305438', '29R00123'],
  seal: ['VN123456', 'vn-123', 'a/b', 'số 1', '!'.repeat(3), 'A'.repeat(33)],
  vin: ['1HGCM82633A004352', '1hgcm82633a00435', '1HGCM82633A00435O', '1HGCM8263 3A004352'],
  'driver/phone': ['0912345678', '+84 912 345 678', '(091) 234-5678', '0084912345678', '13812345678', '+8613812345678', '0212345678', '123', '12812345678'],
  'driver/name': ['Nguyễn Văn An', 'x'.repeat(101), 'a\u200bb', '李伟'],
  own_weight_kg: ['12000', '1.5', '0.0001', '200001', 'x'],
};
const DOCUMENTS = [['cccd', '001099000001'], ['cccd', '00109900000'], ['cccd', '001 099 000 001'], ['cmnd', '012345678'], ['passport', 'C1234567'], ['passport', 'EA1234567'],
  ['passport', 'EI1234567'], ['passport', '1234567'], ['cn_id', '11010519491231002X'], ['cn_id', '11010519491231002x'], ['cn_id', '110105194912310021'], ['cn_id', '110105194913310028'],
  ['border_pass', 'GTH 12/2026'], ['border_pass', 'x'.repeat(21)]];
const CUSTOMS_TYPED = { number: ['306012345670', '106012345675', '30601234567', '3060 1234 5670', '206012345670'], type: ['B11', 'b11', 'B1', '11B'], office: ['15BB', '15 BB', '123456789'], date: ['2026-11-22', '2026-02-30'] };
const GOODS_TYPED = { hs: ['08106000', '0810.60.00', '0810600010', '081060', '00106000', '77106000'], origin: ['VN', 'vn', 'VNM'], unit: ['TNE', 'kg', 'K', 'KGMX'], currency: ['USD', 'usd', 'US'],
  description: ['Sầu riêng tươi', 'x'.repeat(501)], packages: ['1200', '10000001'], net_weight_kg: ['18000', '1000001'], quantity: ['18.5', '0.1234'], value: ['54000.25', '54000.255'] };

async function codesOf(way, list, item) {
  const body = { gate: 'CKHN', direction: 'export', [list]: [item] };
  const answer = await call('FIRM', 'POST', '/v1/declarations', body);
  const pointer = `/${list}/0/${way}`;
  const at = (all) => (all ?? []).find((one) => one.pointer === pointer)?.code ?? '';
  if (answer.status === 201) await call('FIRM', 'POST', `/v1/declarations/${answer.body.number}/cancel`);
  const warning = at((answer.body.warnings ?? []).filter((one) => !one.code.endsWith('_live')));
  return { status: answer.status, problem: answer.status === 422 ? at(answer.body.errors) : '', warning, document: answer.body };
}

async function compare(fields, list, way, typed, extra = {}) {
  const field = fields.find((one) => one.name === way);
  const mine = checkField(field, typed, { direction: 'export', documentType: extra.type, nationality: '', decimalMark: '.' });
  const sent = typeof mine.value === 'number' ? mine.value : ['decimal', 'integer'].includes(field.kind) ? Number(typed) : typed;
  if (Number.isNaN(sent)) return; // no number ever gets as far as the server
  const item = {};
  put(item, way, sent);
  if (extra.type) put(item, 'driver/document/type', extra.type);
  const theirs = await codesOf(way, list, item);
  assert.equal(mine.problem, theirs.problem, `${way} "${typed}": ${JSON.stringify(theirs)}`);
  if (theirs.status === 201) assert.equal(mine.warning, theirs.warning, `${way} "${typed}": warning`);
}

test('vehicles: the same words for the same mistakes', async () => {
  for (const [way, all] of Object.entries(TYPED)) for (const typed of all) await compare(VEHICLE, 'vehicles', way, typed);
});

test('papers of drivers', async () => {
  for (const [type, typed] of DOCUMENTS) await compare(VEHICLE, 'vehicles', 'driver/document/number', typed, { type });
});

test('customs declarations and goods', async () => {
  for (const [way, all] of Object.entries(CUSTOMS_TYPED)) for (const typed of all) await compare(CUSTOMS, 'customs_declarations', way, typed);
  for (const [way, all] of Object.entries(GOODS_TYPED)) for (const typed of all) await compare(GOODS, 'goods', way, typed);
});
