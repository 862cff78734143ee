// SPDX-License-Identifier: MIT
// with-service: --fast
// A clerk's day on the firm's screen: filing, completing, amending, and what goes wrong meanwhile.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { good, noFaults, openPage } from './lib/browser.mjs';
import { call, confirm, fileTruck, filedWith, freshCustoms, freshPlate } from './lib/trucks.mjs';

const open = (hash, options = {}) => openPage(`/firm#${hash}`, { lang: 'vi', login: 'FIRM', ...options });
const field = (page, pointer) => page.locator(`[name="${pointer}"]`);
const echo = async (page, pointer) => page.locator(`#${await field(page, pointer).getAttribute('id')}-echo`).textContent();

async function typeTruck(page, plate, { driver = 'Nguyễn Văn An' } = {}) {
  await page.waitForSelector('form.declaration');
  await field(page, '/gate').selectOption('CKHN');
  await field(page, '/planned_arrival').fill('2030-11-23T08:30');
  await field(page, '/vehicles/0/plate').fill(plate);
  if (!driver) return;
  await field(page, '/vehicles/0/driver/name').fill(driver);
  await field(page, '/vehicles/0/driver/document/number').fill('001099000001');
}

const send = (page) => page.click('.sticky button.main');

test('a declaration is typed with help at each field, filed, and gives its pass', async () => {
  const page = await open('new');
  const plate = freshPlate();
  await typeTruck(page, `${plate.slice(0, 3)}-${plate.slice(3, 6)}.${plate.slice(6)}`.toLowerCase());
  assert.match(await echo(page, '/vehicles/0/plate'), new RegExp(`${plate.slice(0, 3)}-.*Việt Nam`));
  await field(page, '/vehicles/0/container').fill('csqu 305438 4');
  assert.match(await echo(page, '/vehicles/0/container'), /kiểm tra.*3/);
  await page.click('text=Thêm tờ khai hải quan');
  await field(page, '/customs_declarations/0/number').fill(freshCustoms());
  await page.click('text=Thêm dòng hàng');
  await field(page, '/goods/0/hs').fill('08106000');
  assert.match(await echo(page, '/goods/0/hs'), /Hàng tươi/);
  await field(page, '/goods/0/description').fill('Sầu riêng tươi');
  await field(page, '/goods/0/net_weight_kg').fill('18.000');
  await send(page);
  await page.waitForSelector('.filed');
  assert.match(await page.textContent('.filed'), /Đã nộp tờ khai \d{14}/);
  assert.match(await page.textContent('.filed'), /container/i);
  const { body } = await call('FIRM', 'GET', `/v1/declarations?plate=${plate}`);
  const { body: whole } = await call('FIRM', 'GET', `/v1/declarations/${body.items[0].number}`);
  assert.equal(whole.document.goods[0].net_weight_kg, 18000);
  assert.equal(whole.document.vehicles[0].container, 'CSQU3054384');
  await page.click('text=In mã QR');
  await page.waitForSelector('.slip svg path');
  await noFaults(page);
});

test('what is wrong is said at its field before it is sent, and stays typed', async () => {
  const page = await open('new');
  await typeTruck(page, '29C-12');
  await field(page, '/vehicles/0/driver/phone').fill('091');
  await send(page);
  assert.equal(await field(page, '/vehicles/0/plate').getAttribute('aria-invalid'), 'true');
  assert.match(await echo(page, '/vehicles/0/plate'), /29C-123\.45/);
  assert.equal(await page.evaluate(() => document.activeElement.name), '/vehicles/0/plate');
  assert.equal(await field(page, '/vehicles/0/driver/phone').inputValue(), '091');
  await field(page, '/vehicles/0/plate').fill(freshPlate());
  assert.equal(await field(page, '/vehicles/0/plate').getAttribute('aria-invalid'), null);
  await good(page);
});

test('what the server refuses is said at its field, in the reader\'s language', async () => {
  const taken = await fileTruck();
  const page = await open('new', { lang: 'zh' });
  await typeTruck(page, taken.plate);
  await send(page);
  await page.waitForSelector('[name="/vehicles/0/plate"][aria-invalid]');
  assert.match(await echo(page, '/vehicles/0/plate'), /该车牌已在另一有效申报中/);
  assert.equal(await field(page, '/vehicles/0/driver/name').inputValue(), 'Nguyễn Văn An');
});

test('what is missing makes a draft, which is completed', async () => {
  const page = await open('new');
  const plate = freshPlate();
  await typeTruck(page, plate, { driver: '' });
  await send(page);
  await page.waitForSelector('.card.look');
  assert.match(await page.textContent('.result'), /Chưa có lái xe/);
  assert.match(page.url(), /edit\?number=\d{14}/);
  await field(page, '/vehicles/0/driver/name').fill('Lý A Sáng');
  await field(page, '/vehicles/0/driver/document/number').fill('020090000004');
  await send(page);
  await page.waitForSelector('.filed');
  const { body } = await call('FIRM', 'GET', `/v1/declarations?plate=${plate}`);
  assert.equal(body.items[0].state, 'ready');
  assert.equal(body.items.length, 1);
});

test('a reload in the middle loses nothing', async () => {
  const page = await open('new');
  const plate = freshPlate();
  await typeTruck(page, plate);
  await page.waitForTimeout(300);
  await page.reload();
  await page.waitForSelector('form.declaration');
  assert.equal(await field(page, '/vehicles/0/plate').inputValue(), plate);
  assert.match(await page.textContent('.note'), /lấy lại/);
  await send(page);
  await page.waitForSelector('.filed');
  assert.equal(await filedWith(plate), 1);
});

test('two clicks file once', async () => {
  const page = await open('new');
  const plate = freshPlate();
  await typeTruck(page, plate);
  await page.evaluate(() => {
    const button = document.querySelector('.sticky button.main');
    button.click();
    button.click();
  });
  await page.waitForSelector('.filed');
  assert.equal(await filedWith(plate), 1);
});

test('an answer that is lost, then a reload: filed once all the same', async () => {
  const page = await open('new');
  const plate = freshPlate();
  await typeTruck(page, plate);
  let asked = 0;
  await page.route('**/v1/declarations', async (route) => {
    if (route.request().method() !== 'POST' || ++asked > 3) return route.continue();
    await route.fetch(); // it reaches the server, and the answer does not come back
    return route.abort();
  });
  await send(page);
  await page.waitForSelector('.problem', { timeout: 15000 });
  assert.equal(await field(page, '/vehicles/0/plate').inputValue(), plate);
  await page.reload();
  await page.waitForSelector('form.declaration');
  await send(page);
  await page.waitForSelector('.filed');
  assert.equal(await filedWith(plate), 1);
});

test('a session that ran out is asked for again over the form, and the filing goes on', async () => {
  const page = await open('new');
  const plate = freshPlate();
  await typeTruck(page, plate);
  await page.context().clearCookies();
  await send(page);
  await page.waitForSelector('dialog.over');
  const [user, password] = process.env.GATE_LOGIN_FIRM.split(':');
  await page.fill('dialog [name=user]', user);
  await page.fill('dialog [name=password]', password);
  await page.click('dialog button.main');
  await page.waitForSelector('.filed');
  assert.equal(await filedWith(plate), 1);
});

test('two people amend the same declaration: each sees what the other did, nothing is lost', async () => {
  const truck = await fileTruck();
  const page = await open(`edit?number=${truck.number}`);
  await page.waitForSelector('form.declaration');
  await page.click('fieldset summary');
  await field(page, '/note').fill('giao ca đêm');
  const { etag } = await call('FIRM', 'GET', `/v1/declarations/${truck.number}`);
  await call('FIRM', 'PATCH', `/v1/declarations/${truck.number}`, { reference: 'PO-77' }, { 'If-Match': etag });
  await send(page);
  await page.waitForSelector('.conflict');
  assert.match(await page.textContent('.conflict'), /Số tham chiếu của bạn.*PO-77/);
  await good(page);
  await page.click('.conflict button.main');
  assert.equal(await field(page, '/reference').inputValue(), 'PO-77');
  await send(page);
  await page.waitForSelector('.filed');
  const { body } = await call('FIRM', 'GET', `/v1/declarations/${truck.number}`);
  assert.equal(body.document.note, 'giao ca đêm');
  assert.equal(body.document.reference, 'PO-77');
});

test('a wished window is full: the next ones with places are named, and one of them can be had', async () => {
  const truck = await fileTruck();
  const day = new Date(Date.now() + (48 + 7) * 3600_000).toISOString().slice(0, 10); // of Hanoi
  for (const [time, places] of [['10:00', 0], ['10:30', 40]]) {
    await call('ADMIN', 'POST', '/v1/windows', { gate: 'CKHN', direction: 'export', places, effective_from: `${day}T${time}:00+07:00` });
  }
  const page = await open(`edit?number=${truck.number}`);
  await page.waitForSelector('form.declaration');
  await field(page, '/planned_arrival').fill(`${day}T10:10`);
  await send(page);
  await page.waitForSelector('.filed');
  assert.match(await page.textContent('.filed'), /Không có khung giờ.*còn chỗ: 10:30–11:00/);
  await good(page);
  await page.reload();
  await page.waitForSelector('form.declaration');
  await field(page, '/planned_arrival').fill(`${day}T10:40`);
  await send(page);
  await page.waitForSelector('.filed');
  assert.match(await page.textContent('.filed'), /Khung giờ của xe: 10:30/);
});

test('what has begun cannot be amended freely, and it is said why', async () => {
  const truck = await fileTruck();
  await confirm('CUSTOMS', truck.id, 'registered');
  const page = await open(`edit?number=${truck.number}`);
  await page.waitForSelector('form.declaration');
  await field(page, '/vehicles/0/plate').fill(freshPlate());
  await send(page);
  await page.waitForSelector('.problem, .filed, [aria-invalid=true]');
  assert.equal(await page.locator('.filed').count(), 0);
});

test('copied from an earlier one: people and goods stay, dates and papers do not', async () => {
  const truck = await fileTruck(freshPlate(), { reference: 'PO-1' });
  const page = await open('declarations');
  await page.fill('input[type=search]', truck.plate);
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await page.click('text=Chép lại');
  await page.waitForSelector('form.declaration');
  assert.equal(await field(page, '/vehicles/0/driver/name').inputValue(), 'Nguyễn Văn An');
  assert.equal(await field(page, '/planned_arrival').inputValue(), '');
});

test('a declaration is cancelled after a question', async () => {
  const truck = await fileTruck();
  const page = await open('declarations');
  await page.fill('input[type=search]', truck.plate);
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await page.click('td button.quiet');
  await page.waitForSelector('dialog[open]');
  await good(page);
  await page.click('dialog button.danger');
  await page.waitForFunction(() => /Đã hủy/.test(document.querySelector('tbody .state').textContent));
  const { body } = await call('FIRM', 'GET', `/v1/declarations/${truck.number}`);
  assert.equal(body.state, 'cancelled');
});

test('several vehicles, another one like the first, one taken off and brought back', async () => {
  const page = await open('new');
  const [one, two] = [freshPlate(), freshPlate()];
  await typeTruck(page, one);
  await page.click('text=Thêm một xe như thế này');
  await field(page, '/vehicles/1/plate').fill(two);
  await field(page, '/vehicles/1/driver/name').fill('Trần Văn Ba');
  await field(page, '/vehicles/1/driver/document/number').fill('001099000002');
  await page.locator('[data-pointer="/vehicles/1"] button', { hasText: 'Xóa' }).click();
  assert.equal(await field(page, '/vehicles/1/plate').count(), 0);
  await page.click('text=Lấy lại');
  assert.equal(await field(page, '/vehicles/1/plate').inputValue(), two);
  await send(page);
  await page.waitForSelector('.filed');
  assert.equal(await page.locator('.filed .plates a').count(), 2);
});

test('a stranger\'s declaration is not there', async () => {
  const truck = await fileTruck();
  const page = await open(`edit?number=${truck.number}`, { login: 'FIRM2' });
  await page.waitForSelector('.problem');
  assert.match(await page.textContent('.problem'), /Không tìm thấy/);
});
