// SPDX-License-Identifier: MIT
// with-service: --fast
// The firm's vehicles on the screen: live, found, printed; drivers, passes, links and keys changed.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { DESKTOP, PHONE, everywhere, good, openPage, shot } from './lib/browser.mjs';
import { call, confirm, fileTruck, freshPlate, queue } from './lib/trucks.mjs';

const open = (hash, options = {}) => openPage(`/firm#${hash}`, { lang: 'vi', login: 'FIRM', ...options });
const rowOf = (page, id) => page.locator(`tr[data-id="${id}"]`);

test('every view, in three languages, on a desk and on a phone', async () => {
  const truck = await fileTruck(undefined, { gate: 'TT' });
  await queue(truck.id);
  await call('FIRM', 'POST', '/v1/declarations', { gate: 'CKHN', direction: 'import', vehicles: [{ plate: freshPlate() }] });
  const views = { vehicles: 'tbody tr', new: 'form.declaration', import: '#paste', declarations: 'tbody tr', keys: '.list button',
    [`vehicle?id=${truck.id}`]: '.pass svg', [`passes?ids=${truck.id}`]: '.slip svg path', [`edit?number=${truck.number}`]: 'form.declaration' };
  await everywhere(async (where) => {
    if (where.width === DESKTOP.width && where.lang === 'en') return; // as wide as vi, as the phone shows
    const page = await open('vehicles', where);
    for (const [hash, sign] of Object.entries(views)) {
      await page.goto(`/firm#${hash}`);
      await page.waitForSelector(`.view-${hash.split('?')[0]} ${sign}`);
      await good(page);
      await shot(page, `firm-${hash.split('?')[0]}-${where.lang}-${where.width}`);
    }
    await page.context().close();
  });
});

test('place, reasons and wait stand in the list, and a call comes by itself', async () => {
  const truck = await fileTruck(undefined, { gate: 'TT', direction: 'export' });
  await queue(truck.id);
  const page = await open(`vehicles?plate=${truck.plate}`);
  await page.waitForSelector('tbody tr');
  assert.match(await rowOf(page, truck.id).textContent(), /trong hàng chờ.*vào bãi/s);
  assert.match(await rowOf(page, truck.id).textContent(), /phút|giây/);
  await call('OPERATOR', 'POST', '/v1/gates/TT/call', { direction: 'export', lane: 1, crossing: truck.id, reason: 'thử' });
  await page.waitForFunction((id) => /Vào làn 1 ngay/.test(document.querySelector(`tr[data-id="${id}"]`)?.textContent ?? ''), truck.id, { timeout: 10000 });
  await good(page);
});

test('on a phone the reasons wait behind a word, and stay open when the list comes anew', async () => {
  const [truck, other] = [await fileTruck(undefined, { gate: 'TT' }), await fileTruck(undefined, { gate: 'TT' })];
  await queue(truck.id);
  await queue(other.id);
  const page = await open('vehicles?gate=TT&state=queued', PHONE);
  const why = (id) => rowOf(page, id).locator('.why');
  await page.waitForSelector(`tr[data-id="${other.id}"] summary`);
  assert.equal(await why(truck.id).isVisible(), false);
  await good(page);
  await rowOf(page, truck.id).locator('summary').click();
  assert.equal(await why(truck.id).isVisible(), true);
  assert.equal(await why(other.id).isVisible(), false);
  await good(page);
  await shot(page, 'firm-reasons-360');
  const isNew = page.waitForResponse((answer) => answer.url().includes('/v1/crossings?'));
  await rowOf(page, truck.id).evaluate((row) => { row.dataset.isOld = 'yes'; });
  await confirm('CUSTOMS', (await fileTruck(undefined, { gate: 'TT' })).id, 'registered');
  await isNew;
  await page.waitForFunction((id) => !document.querySelector(`tr[data-id="${id}"]`).dataset.isOld, truck.id);
  assert.equal(await why(truck.id).isVisible(), true);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SUMMARY');
  await page.setViewportSize(DESKTOP);
  await page.waitForSelector('tbody details', { state: 'detached' });
  assert.equal(await why(other.id).isVisible(), true);
});

test('found by part of its plate, by state, by gate', async () => {
  const truck = await fileTruck();
  const page = await open('vehicles');
  await page.waitForSelector('.filters');
  await page.fill('input[name=plate]', truck.plate.slice(3).replace(/^(...)/, '$1.'));
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  assert.equal(await rowOf(page, truck.id).count(), 1);
  await page.selectOption('select[name=gate]', 'TT');
  await page.waitForSelector('.empty');
  assert.match(await page.textContent('.empty'), /Không có xe nào khớp/);
  const one = await open(`vehicles?declaration=${truck.number}`);
  await one.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await one.locator('.chip', { hasText: `Tờ khai ${truck.number}` }).click();
  await one.waitForFunction(() => document.querySelectorAll('tbody tr').length > 1);
});

test('many passes are printed, several on A4 or each on a strip of 80 mm', async () => {
  const trucks = [];
  for (let i = 0; i < 9; i++) trucks.push(await fileTruck());
  const page = await open(`passes?ids=${trucks.map((one) => one.id).join('.')}`);
  await page.waitForFunction(() => document.querySelectorAll('.slip svg path').length === 9);
  const sizeOf = async () => {
    const text = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    return { box: /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(text).slice(1).map(Number).map(Math.round), pages: Math.max(...[...text.matchAll(/\/Count (\d+)/g)].map((one) => Number(one[1]))) };
  };
  const a4 = await sizeOf();
  assert.deepEqual(a4.box, [595, 842]);
  assert.equal(a4.pages, 2, 'eight on a sheet');
  await page.check('input[value=roll]');
  const roll = await sizeOf();
  assert.equal(roll.box[0], 227);
  assert.equal(roll.pages, 9);
  await good(page);
});

test('another driver: the message stands at the field, the pass is new, the old link ends', async () => {
  const truck = await fileTruck();
  const { body } = await call('FIRM', 'POST', `/v1/crossings/${truck.id}/link`);
  const page = await open(`vehicle?id=${truck.id}`);
  await page.waitForSelector('.actions');
  await page.click('text=Đổi lái xe hoặc đầu kéo');
  await page.fill('dialog [name="/driver/name"]', 'Trần Văn Ba');
  await page.click('dialog button.main');
  await page.waitForSelector('dialog [aria-invalid=true]');
  assert.match(await page.textContent('dialog'), /Chưa có giấy tờ/);
  await good(page);
  await page.fill('dialog [name="/driver/document/number"]', '001099000002');
  await page.click('dialog button.main');
  await page.waitForSelector('dialog', { state: 'detached' });
  const { body: crossing } = await call('FIRM', 'GET', `/v1/crossings/${truck.id}`);
  assert.equal(crossing.pass.version, 2);
  assert.equal(crossing.vehicle.driver.name, 'Trần Văn Ba');
  const { status } = await call('FIRM', 'GET', `/v1/links/${body.link.token}`);
  assert.equal(status, 410);
});

test('the driver\'s link is made, stays the same, and is ended', async () => {
  const truck = await fileTruck();
  const page = await open(`vehicle?id=${truck.id}`);
  await page.click('text=Lấy liên kết');
  const url = await page.inputValue('.link input');
  assert.match(url, /\/d\/01[\w-]{22}$/);
  await page.reload();
  await page.click('text=Lấy liên kết');
  assert.equal(await page.inputValue('.link input'), url);
  await page.click('.link >> text=Hủy liên kết');
  await page.click('dialog button.danger');
  await page.waitForSelector('text=Đã hủy liên kết');
  assert.equal((await call('FIRM', 'GET', `/v1/links/${url.split('/').pop()}`)).status, 410);
});

test('the way so far and the steps to come are told', async () => {
  const truck = await fileTruck();
  await confirm('CUSTOMS', truck.id, 'registered');
  const page = await open(`vehicle?id=${truck.id}`);
  await page.waitForSelector('.timeline');
  assert.match(await page.textContent('.timeline'), /Đăng ký hải quan/);
  assert.match(await page.textContent('.place'), /Vào bãi|Vào cổng/);
});

test('a key is shown once, works, and is taken back', async () => {
  const page = await open('keys', { login: 'FIRM2' });
  await page.waitForSelector('.list button.main');
  const rows = await page.locator('tbody tr').count();
  await page.click('.list button.main');
  await page.fill('dialog [name=device]', 'phần mềm');
  await page.click('dialog button.main');
  await page.waitForSelector('dialog [aria-invalid=true]');
  assert.equal(await page.inputValue('dialog [name=device]'), 'phần mềm');
  await page.fill('dialog [name=device]', 'erp-1');
  await page.click('dialog button.main');
  const secret = await page.inputValue('.card.look input');
  await page.waitForFunction((n) => document.querySelectorAll('tbody tr').length === n + 1, rows);
  const ask = () => fetch(`${page.origin}/v1/declarations`, { headers: { Authorization: `Bearer ${secret}` } });
  assert.equal((await ask()).status, 200);
  await page.reload();
  await page.waitForSelector('tbody tr');
  assert.doesNotMatch(await page.content(), new RegExp(secret));
  await page.locator('tbody tr', { hasText: 'erp-1' }).first().locator('button').click();
  await page.click('dialog button.danger');
  await page.waitForFunction(() => /Đã thu hồi/.test([...document.querySelectorAll('tbody tr')].find((one) => one.textContent.includes('erp-1')).textContent));
  for (let i = 0; i < 20 && (await ask()).status !== 401; i++) await new Promise((resolve) => { setTimeout(resolve, 200); });
  assert.equal((await ask()).status, 401);
  await good(page);
});

test('how much each key asked stands there by day, today and before', async () => {
  const day = (back) => new Date(Date.now() + 7 * 3600e3 - back * 86400e3).toISOString().slice(0, 10);
  const { body: { items: [key] } } = await call('FIRM', 'GET', '/v1/firm/keys');
  for (const [back, requests] of [[3, 1200], [29, 300], [31, 999]])
    execFileSync('psql', ['-Xq', process.env.GATE_DATABASE_URL, '-c', `insert into gate.api_key_day values (${key.id}, '${day(back)}', ${requests})`]);
  const page = await open('keys');
  await page.waitForSelector('.usage');
  assert.match(await page.textContent('.usage p'), /Tổng 1\.[5-9]\d\d lượt, hôm nay \d+/, 'a day more than thirty back is left out');
  assert.ok(await page.locator('.usage-bars rect').count() >= 2);
  await page.click('.usage summary');
  const shown = await page.locator('.usage tbody tr').allInnerTexts();
  const row = (back) => shown.find((one) => one.startsWith(day(back).split('-').reverse().join('/')));
  assert.match(row(3), /1\.200$/);
  assert.match(row(29), /300$/);
  await good(page);
  await shot(page, 'firm-usage');
  await page.setViewportSize({ width: 360, height: 740 });
  await good(page);
});
