// SPDX-License-Identifier: MIT
// with-service: --fast
// The operators' screen: steering a gate, from signing in to what the ledger says afterwards.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { axe, everywhere, good, noFaults, noOverflow, openPage, shot } from './lib/browser.mjs';
import { ask, at, call, clear, come, exit, file, join, nextPlate } from './lib/play.mjs';

const DAY = '2026-11-23', BEFORE = '2026-11-16';
const queue = [];                 // exports of Hữu Nghị in the order of their calls

before(async () => {
  const week = await file({ plates: [nextPlate()], goods: 'general', time: at(BEFORE, '09:00') });
  await join(week[0], at(BEFORE, '09:00'));
  await call('CKHN', 1, 'export', at(BEFORE, '09:10'));
  await come(week[0], at(BEFORE, '09:20'));
  await clear(week[0], at(BEFORE, '09:30'));
  await exit(week[0], at(BEFORE, '09:50'));
  for (let i = 0; i < 2; i++)                    // more than a page of the list
    for (const one of await file({ plates: Array.from({ length: 30 }, nextPlate), goods: 'general', time: at(DAY, 600 + i) }))
      queue.push(await join(one, at(DAY, 600 + i)));
  await ask('OPERATOR', 'GET', '/v1/gates/CKHN/stats', null, at(DAY, '10:05'));
  for (const one of await file({ gate: 'TT', plates: [nextPlate(), nextPlate()], time: at(DAY, '10:00') })) await join(one, at(DAY, '10:00'));
});

const open = (options = {}) => openPage('/ops', { login: 'OPERATOR', ...options });
const lane = (page, gate, n) => page.locator(`[data-gate=${gate}] [data-key=lane-${n}]`);
const dialog = (page) => page.locator('dialog.confirm');
const painted = (plate) => `${plate.slice(0, 3)}-${plate.slice(3, 6)}.${plate.slice(6)}`;
const timeline = async (crossing) => (await ask('SUPERVISOR', 'GET', `/v1/crossings/${crossing.id}`)).timeline;
const eventually = async (fn, what) => {
  for (let i = 0; i < 100; i++) { if (await fn()) return; await new Promise((resolve) => setTimeout(resolve, 100)); }
  assert.fail(`never: ${what}`);
};

test('an operator signs in, sees both gates, calls the first vehicle and closes a lane', async () => {
  const page = await openPage('/ops', { lang: 'vi' });
  const [user, password] = process.env.GATE_LOGIN_OPERATOR.split(':');
  await page.fill('[name=user]', user);
  await page.fill('[name=password]', password);
  await page.click('.signin [type=submit]');
  await page.waitForSelector('[data-gate=CKHN] .tile');
  assert.equal(await page.locator('.gate').count(), 2);
  assert.match(await page.locator('[data-gate=CKHN] [data-key=stock]').innerText(), /60\s+xe đang chờ/);
  assert.match(await page.locator('.clock').innerText(), /10:0\d Hà Nội · 11:0\d Bắc Kinh/, 'the gate\'s time, not the browser\'s');

  await lane(page, 'CKHN', 2).getByRole('button', { name: 'Gọi xe' }).click();
  await dialog(page).waitFor();
  assert.match(await dialog(page).innerText(), new RegExp(painted(queue[0].plate)), 'says whom');
  await dialog(page).locator('[data-act=confirm]').click();
  await page.locator('.toast').waitFor();
  assert.match(await page.locator('.toast').innerText(), new RegExp(`${painted(queue[0].plate)} vào làn 2`));
  assert.equal((await timeline(queue[0])).at(-1).type, 'called');
  await eventually(async () => /59\s+xe/.test(await page.locator('[data-gate=CKHN] [data-key=stock]').innerText()), 'the stock goes down');

  await lane(page, 'CKHN', 2).locator('[data-act=open]').click();
  await page.locator('dialog.vehicle h2', { hasText: painted(queue[0].plate) }).waitFor();
  await page.locator('dialog.vehicle [data-act=close]').click();

  await lane(page, 'CKHN', 3).getByRole('button', { name: 'Đóng' }).click();
  await dialog(page).locator('[name=reason]').fill('cân hỏng');
  await dialog(page).locator('[data-act=confirm]').click();
  await lane(page, 'CKHN', 3).getByRole('button', { name: 'Mở' }).waitFor();
  const lanes = (await ask('OPERATOR', 'GET', '/v1/gates?gate=CKHN')).items[0].lanes;
  assert.equal(lanes.find((one) => one.lane === 3).open, false);
  await noFaults(page);
  await page.context().close();
});

test('a call before its turn wants a reason at its field, keeps it, and is published', async () => {
  const page = await open();
  const late = queue[20];
  await page.fill('[name=plate]', late.plate.toLowerCase());
  await page.click('.find [type=submit]');
  await page.locator('dialog.vehicle [data-act=call]').click();
  assert.match(await dialog(page).innerText(), /vượt 19 xe/);
  await dialog(page).locator('[data-act=confirm]').click();
  assert.equal(await dialog(page).locator('.field-error').innerText(), 'Hãy điền mục này');
  await dialog(page).locator('[name=reason]').fill('thuốc cấp cứu');
  await dialog(page).locator('[data-act=confirm]').click();
  await page.locator('dialog.vehicle .timeline', { hasText: 'vượt 19 xe' }).waitFor();
  assert.match(await page.locator('dialog.vehicle .timeline').innerText(), /thuốc cấp cứu/);
  const { overtakes } = await ask('OPERATOR', 'GET', `/v1/gates/CKHN/days/${DAY}`);
  assert.deepEqual(overtakes.map((one) => [one.passed, one.reason]), [[19, 'thuốc cấp cứu']]);
  await page.context().close();
});

test('a called vehicle goes back to its place; every event says who, by which clock and hash', async () => {
  const page = await open();
  await page.click('[role=tab][data-key=inside]');
  await page.locator('.list button.plate', { hasText: painted(queue[0].plate) }).click();
  const vehicle = page.locator('dialog.vehicle');
  const last = vehicle.locator('.timeline tbody tr').last();
  assert.match(await last.innerText(), /Sandbox operator · Điều hành/);
  assert.match(await last.innerText(), /10:0\d:00/);
  const link = last.locator('a');
  const proof = await (await page.request.get(await link.getAttribute('href'))).json();
  assert.ok((await link.getAttribute('title')).startsWith(await last.locator('.hash').innerText()));
  assert.equal(proof.items.find((one) => one.seq === proof.seq).hash, await link.getAttribute('title'), 'the proof has its hash');
  await vehicle.locator('[data-act=return]').click();
  await dialog(page).locator('[name=reason]').fill('gọi nhầm');
  await dialog(page).locator('[data-act=confirm]').click();
  await vehicle.locator('.state', { hasText: 'Đang chờ' }).waitFor();
  assert.equal((await timeline(queue[0])).at(-1).type, 'requeued');
  await page.context().close();
});

test('an answer that is lost is asked for again, and nothing is done twice', async () => {
  const page = await open();
  await page.waitForSelector('[data-gate=TT] .tile');
  let lost = 0;
  await page.route('**/v1/gates/TT/call', async (route) => {
    if (lost++) { await route.continue(); return; }
    await route.fetch();
    await route.abort();
  });
  await lane(page, 'TT', 2).getByRole('button', { name: 'Gọi xe' }).click();
  await dialog(page).locator('[data-act=confirm]').click();
  await page.locator('dialog.confirm [data-act=confirm]', { hasText: 'Gửi lại' }).click();
  await page.locator('.toast').waitFor();
  const { items } = await ask('OPERATOR', 'GET', '/v1/events?gate=TT&types=called');
  assert.equal(items.length, 1);
  await page.context().close();
});

test('a supervisor confirms against the order with a reason, holds and lifts; an operator is not offered it', async () => {
  const target = queue[30];
  const operator = await open();
  await operator.fill('[name=plate]', target.plate);
  await operator.click('.find [type=submit]');
  await operator.locator('dialog.vehicle .acts').waitFor();
  assert.equal(await operator.locator('dialog.vehicle [data-act=override], dialog.vehicle [data-act=hold]').count(), 0);
  await operator.context().close();

  const page = await open({ login: 'SUPERVISOR' });
  await page.fill('[name=plate]', target.plate);
  await page.click('.find [type=submit]');
  await page.locator('dialog.vehicle [data-act=override]').click();
  await dialog(page).locator('[name=step]').selectOption('customs_finish');
  await dialog(page).locator('[data-act=confirm]').click();
  await dialog(page).locator('.field-error').waitFor();
  await dialog(page).locator('[name=note]').fill('lệnh của lãnh đạo');
  await dialog(page).locator('[data-act=confirm]').click();
  await page.locator('dialog.vehicle .timeline', { hasText: 'lệnh của lãnh đạo' }).waitFor();
  const event = (await timeline(target)).at(-1);
  assert.deepEqual([event.step, event.by.role, event.note], ['customs_finish', 'supervisor', 'lệnh của lãnh đạo']);
  await page.locator('dialog.vehicle [data-act^=undo]').click();
  await dialog(page).locator('[name=reason]').fill('nhầm xe');
  await dialog(page).locator('[data-act=confirm]').click();
  await page.locator('dialog.vehicle .timeline', { hasText: 'nhầm xe' }).waitFor();
  await page.locator('dialog.vehicle [data-act=hold]').click();
  await dialog(page).locator('[name=step]').selectOption('health');
  await dialog(page).locator('[name=note]').fill('chờ kết quả');
  await dialog(page).locator('[data-act=confirm]').click();
  await page.locator('dialog.vehicle h2 .state.stop').waitFor();
  await page.locator('dialog.vehicle [data-act=close]').click();
  await eventually(async () => /giữ 1/.test(await page.locator('[data-gate=CKHN] [data-key=stock]').innerText()), 'the tile says held');
  await page.context().close();
});

test('a closure is entered; a call in spite of it is offered with a reason', async () => {
  const page = await open();
  await page.waitForSelector('[data-gate=CKHN] .tile');
  await page.click('[data-gate=CKHN] [data-act=calendar]');
  await dialog(page).locator('[name=mode]').selectOption('closed');
  await dialog(page).locator('[data-act=confirm]').click();
  await dialog(page).locator('.field-error').waitFor();
  assert.equal(await dialog(page).locator('[name=reason]').getAttribute('aria-invalid'), 'true', 'the message is at its field');
  await dialog(page).locator('[name=reason]').fill('bạn tạm dừng');
  await dialog(page).locator('[name=cause]').selectOption('far_side');
  await dialog(page).locator('[data-act=confirm]').click();
  await page.locator('[data-gate=CKHN] .mode', { hasText: 'Đóng' }).waitFor();
  await lane(page, 'CKHN', 2).getByRole('button', { name: 'Gọi xe' }).click();
  await dialog(page).locator('[data-act=confirm]').click();
  await dialog(page).locator('[name=override]').check();
  await dialog(page).locator('[name=reason]').fill('xe cứu trợ');
  await dialog(page).locator('[data-act=confirm]').click();
  await page.locator('.toast', { hasText: painted(queue[0].plate) }).waitFor();
  assert.equal((await timeline(queue[0])).at(-1).overrides, 'route_closed');
  await page.context().close();
});

test('the queue goes into a CSV in full, with its reasons in words', async () => {
  const page = await open({ lang: 'en' });
  await page.waitForSelector('.list tbody tr');
  assert.equal(await page.locator('.list tbody tr').count(), 50, 'the screen shows a page');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.lists [data-act=csv]')]);
  assert.equal(download.suggestedFilename(), 'CKHN-queue.csv');
  const rows = (await (await import('node:fs/promises')).readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  const { items } = await ask('OPERATOR', 'GET', '/v1/gates/CKHN/queue?limit=200');
  assert.equal(rows.length, items.length + 1);
  assert.match(rows[0], /^\ufeffPlace,Plate,Crossing,Goods,/);
  const first = items.find((one) => one.place === 1);
  assert.ok(rows.some((row) => row.startsWith(`1,${first.plate},${first.crossing},"General goods · Export",`) ||
    row.startsWith(`1,${first.plate},${first.crossing},General goods · Export,`)), rows[1]);
  assert.match(rows[2], /By the time it joined|window/);
  await page.context().close();
});

test('the daily report prints on A4 with the figures of the day', async () => {
  const page = await open();
  await page.waitForSelector('.tile');
  await page.click('[data-act=report]');
  await page.waitForSelector('.sheet');
  assert.equal(new URL(page.url()).hash, `#report=${DAY}`, 'of the gate\'s day');
  await page.fill('[name=day]', BEFORE);
  await page.locator('.sheet[data-gate=CKHN] h2 + p', { hasText: '16/11/2026' }).waitFor();
  assert.match(await page.locator('.sheet[data-gate=CKHN] .facts').innerText(), /1 \/ 800/);
  await good(page);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  assert.match(pdf, /\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
  assert.equal(pdf.match(/\/Type \/Page\b/g).length, 2, 'a sheet for each gate');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.sheet[data-gate=CKHN] [data-act=csv-hours]')]);
  assert.equal(download.suggestedFilename(), `CKHN-${BEFORE}-hours.csv`);
  await page.click('[data-act=back]');
  await page.waitForSelector('.board:not([hidden])');
  await page.context().close();
});

test('three languages, at a desk and on a phone, each without a fault', async () => {
  await everywhere(async (where) => {
    const page = await open(where);
    await page.waitForSelector('.list tbody tr');
    await page.waitForSelector('.u-legend');
    await noOverflow(page);
    await noFaults(page);
    await shot(page, `ops-${where.lang}-${where.width}`);
    await page.locator('.lists select[name=gate]').selectOption('TT');     // a short list: axe takes its time
    await page.locator('.list tbody tr').nth(2).waitFor({ state: 'detached' });
    if (where.width < 600 || where.lang === 'vi') await axe(page);
    await page.locator('.list button.plate').first().click();
    await page.waitForSelector('dialog.vehicle .timeline');
    await noOverflow(page);
    if (where.width < 600 && where.lang === 'zh') await axe(page);
    await shot(page, `ops-vehicle-${where.lang}-${where.width}`);
    await page.context().close();
  });
});

test('a firm is not let in, and is told so', async () => {
  const page = await openPage('/ops', { login: 'FIRM' });
  assert.match(await page.locator('.signin .note').innerText(), /không dùng được/);
  await good(page);
  await page.context().close();
});
