// SPDX-License-Identifier: MIT
// with-service: --fast
// Forty trucks at 22:50: pasted, the good ones filed, the others corrected, whatever happens to the line.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { GATE, good, noFaults, openPage, PHONE } from './lib/browser.mjs';
import { fileTruck, filedWith, freshCustoms, freshPlate } from './lib/trucks.mjs';

const NAMES = ['Nhóm tờ khai', 'Cửa khẩu', 'Chiều', 'Dự kiến đến', 'Biển số', 'Họ tên lái xe', 'Số giấy tờ', 'Số tờ khai hải quan', 'Mã HS', 'Tên hàng', 'Trọng lượng tịnh (kg)'];

function rowOf(plate, more = {}) {
  const cells = { group: '', gate: 'CKHN', direction: 'xuất', at: '23/11/2030 08:30', plate, driver: 'Nguyễn Văn An', document: '001099000001', customs: freshCustoms(), hs: '08106000', goods: 'Sầu riêng; tươi', weight: '18.000', ...more };
  return Object.values(cells);
}

const tableOf = (rows, separator = '\t') => [NAMES, ...rows].map((row) => row.map((cell) => (cell.includes(separator) ? `"${cell}"` : cell)).join(separator)).join('\r\n');
const open = (options = {}) => openPage('/firm#import', { lang: 'vi', login: 'FIRM', ...options });
const count = (page, state) => page.locator(`.count.is-${state} b`).textContent({ timeout: 8000 }).catch(() => '0');
const file = (page) => page.click('.sticky-top button.main');

async function paste(page, text) {
  await page.waitForSelector('#paste');
  await page.fill('#paste', text);
  await page.click('text=Đọc bảng');
  await page.waitForSelector('table.rows');
}

async function allFiled(page, n) {
  await page.waitForFunction((wanted) => document.querySelector('.count.is-filed b')?.textContent === String(wanted), n, { timeout: 30000 });
}

test('forty trucks are pasted out of a spreadsheet and filed at once', async () => {
  const page = await open();
  const plates = Array.from({ length: 40 }, freshPlate);
  await paste(page, tableOf(plates.map((plate) => rowOf(plate))));
  assert.equal(await count(page, 'good'), '40');
  await file(page);
  await allFiled(page, 40);
  for (const plate of [plates[0], plates[39]]) assert.equal(await filedWith(plate), 1);
  assert.match(await page.getAttribute('.counts a', 'href'), /#passes\?ids=(\d{14}\.?){40}$/);
  await good(page);
});

test('good rows are filed, the others say what is wrong at the cell and are corrected in place', async () => {
  const page = await open();
  const taken = await fileTruck();
  const fine = freshPlate();
  await paste(page, tableOf([rowOf(fine), rowOf('29C-12', { document: '12' }), rowOf(taken.plate)], ';'));
  assert.equal(await count(page, 'wrong'), '1');
  const wrong = page.locator('tbody tr').nth(1);
  assert.match(await wrong.textContent(), /Biển số không đúng mẫu/);
  assert.match(await wrong.textContent(), /Số giấy tờ không đúng mẫu/);
  await file(page);
  await allFiled(page, 1);
  assert.equal(await filedWith(fine), 1);
  assert.match(await page.locator('tbody tr').nth(2).textContent(), /đang có trong một tờ khai còn hiệu lực/);
  await good(page);
  const [second, third] = [freshPlate(), freshPlate()];
  await wrong.locator('input[aria-label^="Biển số, "]').fill(second);
  await wrong.locator('input[aria-label^="Số giấy tờ"]').fill('001099000003');
  await page.locator('tbody tr').nth(2).locator('input[aria-label^="Biển số, "]').fill(third);
  await page.keyboard.press('Tab');
  await file(page);
  await allFiled(page, 3);
  for (const plate of [fine, second, third]) assert.equal(await filedWith(plate), 1, plate);
});

test('the line is lost in the middle, the page is loaded again: every row once', async () => {
  const page = await open();
  const plates = Array.from({ length: 6 }, freshPlate);
  await paste(page, tableOf(plates.map((plate) => rowOf(plate))));
  let asked = 0;
  await page.route('**/v1/declarations', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    if (++asked <= 2) return route.continue();
    if (asked === 3) await route.fetch(); // filed, and the answer is lost
    return route.abort();
  });
  await file(page);
  await page.waitForFunction(() => document.querySelector('.count.is-filed b')?.textContent === '2');
  await page.reload();
  await page.waitForSelector('table.rows');
  assert.equal(await count(page, 'filed'), '2');
  await page.unroute('**/v1/declarations');
  await file(page);
  await allFiled(page, 6);
  for (const plate of plates) assert.equal(await filedWith(plate), 1, plate);
});

test('when the line comes back it goes on by itself', async () => {
  const page = await open();
  const plates = [freshPlate(), freshPlate()];
  await paste(page, tableOf(plates.map((plate) => rowOf(plate))));
  await page.context().setOffline(true);
  await file(page);
  await page.waitForSelector('.trouble .error', { timeout: 30000 });
  assert.match(await page.textContent('.trouble'), /Mất kết nối/);
  await page.context().setOffline(false);
  await allFiled(page, 2);
  for (const plate of plates) assert.equal(await filedWith(plate), 1);
});

test('two clicks, and a second tab with the same table: every row once', async () => {
  const page = await open();
  const plates = Array.from({ length: 4 }, freshPlate);
  await paste(page, tableOf(plates.map((plate) => rowOf(plate))));
  const other = await page.context().newPage();
  await other.goto(`${GATE}/firm#import`);
  await other.waitForSelector('table.rows');
  await Promise.all([page, other].map((one) => one.evaluate(() => {
    const button = document.querySelector('.sticky-top button.main');
    button.click();
    button.click();
  })));
  await allFiled(page, 4);
  await allFiled(other, 4);
  for (const plate of plates) assert.equal(await filedWith(plate), 1, plate);
});

test('the same table pasted again is recognised and not filed', async () => {
  const page = await open();
  const text = tableOf([rowOf(freshPlate())]);
  await paste(page, text);
  await file(page);
  await allFiled(page, 1);
  await page.click('text=Bảng khác');
  await paste(page, text);
  assert.equal(await count(page, 'known'), '1');
  assert.equal(await page.isDisabled('.sticky-top button.main'), true);
});

test('a session that ran out in the middle is asked for, and the table goes on', async () => {
  const page = await open();
  const plates = [freshPlate(), freshPlate()];
  await paste(page, tableOf(plates.map((plate) => rowOf(plate))));
  await page.context().clearCookies();
  await file(page);
  await page.waitForSelector('dialog.over');
  const [user, password] = process.env.GATE_LOGIN_FIRM.split(':');
  await page.fill('dialog [name=user]', user);
  await page.fill('dialog [name=password]', password);
  await page.click('dialog button.main');
  await allFiled(page, 2);
  for (const plate of plates) assert.equal(await filedWith(plate), 1);
});

test('the template comes in the reader\'s language and is read back; a file of it files', async () => {
  const page = await open({ lang: 'en' });
  const [gift] = await Promise.all([page.waitForEvent('download'), page.click('text=Download the template')]);
  const text = await readFile(await gift.path(), 'utf8');
  assert.ok(text.startsWith('\uFEFFDeclaration,Gate,'));
  const plates = [freshPlate(), freshPlate()];
  const filled = text.replace('29C-123.45', plates[0]).replace('12H-067.89', plates[1]).replace('306012345670', freshCustoms()).replace('306012345681', freshCustoms()).replaceAll(/\d{4}-\d\d-\d\d 08:30/g, '2030-11-23 08:30');
  await page.setInputFiles('#file', { name: 'trucks.csv', mimeType: 'text/csv', buffer: Buffer.from(filled) });
  await page.waitForSelector('table.rows');
  await file(page);
  await allFiled(page, 2);
});

test('rows of one group become one declaration', async () => {
  const page = await open();
  const plates = [freshPlate(), freshPlate()];
  const customs = freshCustoms();
  await paste(page, tableOf(plates.map((plate) => rowOf(plate, { group: 'A', customs }))));
  assert.match(await page.textContent('.sticky-top button.main'), /Nộp 1 tờ khai/);
  await file(page);
  await allFiled(page, 1);
});

test('the report says of every row what became of it', async () => {
  const page = await open();
  await paste(page, tableOf([rowOf(freshPlate()), rowOf('29C-12')]));
  await file(page);
  await allFiled(page, 1);
  const [gift] = await Promise.all([page.waitForEvent('download'), page.click('text=Tải kết quả')]);
  const lines = (await readFile(await gift.path(), 'utf8')).trim().split('\r\n');
  assert.match(lines[0], /;Kết quả$/);
  assert.match(lines[1], /Đã nộp · \d{14}/);
  assert.match(lines[2], /Cần sửa · Biển số không đúng mẫu/);
});

test('what is no table is said so, and stays', async () => {
  const page = await open();
  await page.waitForSelector('#paste');
  await page.click('text=Đọc bảng');
  assert.match(await page.textContent('#paste-error'), /Chưa có gì/);
  await page.fill('#paste', 'xin chào');
  await page.click('text=Đọc bảng');
  assert.match(await page.textContent('#paste-error'), /Không nhận ra/);
  assert.equal(await page.inputValue('#paste'), 'xin chào');
  await page.setInputFiles('#file', { name: 'a.xlsx', mimeType: 'application/x', buffer: Buffer.from([80, 75, 3, 4, 1]) });
  await page.waitForFunction(() => /tệp Excel/.test(document.querySelector('#paste-error').textContent));
  await good(page);
});

test('on a phone the table scrolls in itself', async () => {
  const page = await open(PHONE);
  await paste(page, tableOf([rowOf(freshPlate()), rowOf('29C-12')]));
  await good(page);
  await noFaults(page);
});
