// SPDX-License-Identifier: MIT
// with-service: --fast
// The operators' screen as time goes by: alarms by their real symptom, data that freezes, a server
// that dies and comes back.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { axe, noFaults, openPage, shot } from './lib/browser.mjs';
import { ask, at, call, come, file, join, nextPlate, step } from './lib/play.mjs';

const DAY = '2026-11-23';
const WAIT = { timeout: 60000 };
const gated = () => Number(readFileSync(process.env.GATE_PID_FILE, 'utf8'));
let fruit, inside;

before(async () => {
  [inside, fruit] = await file({ plates: [nextPlate(), nextPlate()], goods: 'perishable', time: at(DAY, '08:00') });
  await join(inside, at(DAY, '08:00'));
  await join(fruit, at(DAY, '08:01'));
  await call('CKHN', 1, 'export', at(DAY, '08:02'));
  await come(inside, at(DAY, '08:05'));
  await ask('OPERATOR', 'POST', '/v1/gates/CKHN/lanes/1/close', { reason: 'thử' }, at(DAY, '08:06'));
  await ask('OPERATOR', 'POST', '/v1/gates/CKHN/lanes/3/close', { reason: 'thử' }, at(DAY, '08:06'));
});

/* The thresholds of this page, for a shorter test. */
async function limits(page, changed) {
  await page.evaluate(async (values) => {
    const source = document.querySelector('script[src*="/ops/ops.js"]').src.replace('ops.js', 'limits.js');
    Object.assign((await import(source)).LIMITS, values);
  }, changed);
}

const open = async () => {
  const page = await openPage('/ops', { login: 'OPERATOR' });
  await page.waitForSelector('[data-gate=CKHN] .tile');
  await page.waitForSelector('.line.live');
  return page;
};
const alarm = (page, text) => page.locator('.alarm', { hasText: text });

test('alarms come by their symptom, at the gate\'s own time, and go when it is gone', async () => {
  const page = await open();
  assert.equal(await page.locator('.alarm').count(), 0);
  assert.equal(await page.locator('[data-gate=TT] [data-key=finish] .big').innerText(), 'Hết xe');
  await ask('OPERATOR', 'POST', '/v1/gates/CKHN/lanes/2/open', {}, at(DAY, '08:30'));
  await alarm(page, 'làn 2 mở nhưng không gọi xe nào').waitFor({ ...WAIT, state: 'detached' });
  await ask('OPERATOR', 'POST', '/v1/gates/CKHN/lanes/4/open', {}, at(DAY, '08:46'));
  await alarm(page, 'làn 2 mở nhưng không gọi xe nào').waitFor(WAIT);
  await alarm(page, 'không xe nào qua cửa khẩu').waitFor(WAIT);
  assert.match(await alarm(page, 'không xe nào qua').innerText(), /1 xe bên trong/);
  await ask('OPERATOR', 'POST', '/v1/gates/CKHN/lanes/4/open', {}, at(DAY, '12:05'));
  await alarm(page, 'hàng tươi').waitFor(WAIT);
  await shot(page, 'ops-alarms');
  await alarm(page, 'hàng tươi').locator('[data-act=open]').click();
  await page.locator('dialog.vehicle h2', { hasText: fruit.plate.slice(3, 6) }).waitFor();
  await page.locator('dialog.vehicle [data-act=close]').click();
  await ask('OPERATOR', 'POST', '/v1/gates/CKHN/lanes/2/close', {}, at(DAY, '12:06'));
  await alarm(page, 'không có làn nào mở cho chiều này').waitFor(WAIT);
  await ask('OPERATOR', 'POST', '/v1/gates/CKHN/lanes/2/open', {}, at(DAY, '12:07'));
  await call('CKHN', 2, 'export', at(DAY, '12:08'));
  for (const name of ['không có làn nào mở', 'hàng tươi', 'không gọi xe nào'])
    await alarm(page, name).waitFor({ ...WAIT, state: 'detached' });
  await noFaults(page);
  await page.context().close();
});

test('one operator takes an alarm, the other sees who and why; it ends by itself and stands in the log', async () => {
  const mine = await open();
  const other = await openPage('/ops', { login: 'SUPERVISOR' });
  await ask('OPERATOR', 'POST', '/v1/gates/CKHN/lanes/2/open', {}, at(DAY, '12:10'));
  const idle = (page) => alarm(page, 'không xe nào qua cửa khẩu');
  await idle(mine).locator('[data-act=take]').click();
  await mine.locator('dialog.confirm [name=note]').fill('gọi phía bạn');
  await mine.locator('dialog.confirm [data-act=confirm]').dblclick();
  await mine.locator('.alarm.taken', { hasText: 'gọi phía bạn' }).waitFor(WAIT);
  const seen = other.locator('.alarm.taken', { hasText: 'không xe nào qua' });
  await seen.waitFor(WAIT);
  assert.match(await seen.innerText(), /Sandbox operator nhận lúc 12:10: gọi phía bạn/);
  await axe(other);
  await shot(other, 'ops-alarm-taken');

  for (const name of ['plant', 'fee_paid', 'customs_finish', 'border_guard_finish', 'exit']) await step(inside, name, at(DAY, '12:12'));
  for (const page of [mine, other]) await idle(page).waitFor({ ...WAIT, state: 'detached' });
  await other.locator('[data-act=log]').click();
  const row = other.locator('.list tbody tr', { hasText: 'không xe nào qua cửa khẩu' });
  await row.first().waitFor(WAIT);
  assert.match(await row.first().innerText(), /Nghiêm trọng.*Sandbox operator 12:10.*gọi phía bạn.*12:12/s);
  await noFaults(other);
  const taken = (await ask('OPERATOR', 'GET', '/v1/events?types=alarm_taken&limit=10')).items;
  assert.equal(taken.length, 1, 'a double click is one');
  for (const page of [mine, other]) await page.context().close();
});

test('what happened offline and did not fit is an alarm that leads to the list', async () => {
  const [truck] = await file({ gate: 'TT', plates: [nextPlate()], goods: 'general', time: at(DAY, '12:10') });
  await join(truck, at(DAY, '12:10'));
  await ask('BORDER_GUARD', 'POST', '/v1/steps', { items: [{ crossing: truck.id, step: 'gate_in', result: 'pass',
    occurred_at: at(DAY, '12:12'), offline: true, nonce: 'kiosk-1-0001' }] }, at(DAY, '12:20'));
  const page = await open();
  await alarm(page, 'xung đột').locator('[data-act=conflicts]').click();
  const row = page.locator('.list tbody tr', { hasText: truck.plate.slice(3, 6) });
  await row.waitFor(WAIT);
  assert.equal(await row.locator('[data-act=resolve]').count(), 0, 'an operator only looks');
  await page.context().close();
  const supervisor = await openPage('/ops', { login: 'SUPERVISOR' });
  await supervisor.locator('.alarm button[data-act=conflicts]').click();
  await supervisor.locator('.list [data-act=resolve]').click();
  await supervisor.locator('dialog.confirm [name=resolution]').fill('đã xem camera');
  await supervisor.locator('dialog.confirm [data-act=confirm]').click();
  await alarm(supervisor, 'xung đột').waitFor({ ...WAIT, state: 'detached' });
  await supervisor.context().close();
});

test('figures that freeze turn grey and say their time; they come back by themselves', async () => {
  const page = await open();
  await limits(page, { staleS: 4 });
  const pid = gated();
  process.kill(pid, 'SIGSTOP');
  try {
    for (const gate of ['CKHN', 'TT']) await page.waitForSelector(`[data-gate=${gate}].stale`, WAIT);
    await alarm(page, 'không nhận được số liệu mới').first().waitFor(WAIT);
    assert.match(await page.locator('[data-gate=TT] .frozen').innerText(), /Số liệu dừng ở \d\d:\d\d/);
    assert.match(await page.locator('[data-gate=TT] .tile .age').first().innerText(), /◷ số liệu lúc/);
    assert.equal(await page.locator('[data-gate=CKHN] .tile.go').count(), 0, 'nothing stays green');
    await shot(page, 'ops-frozen');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await page.waitForSelector('[data-gate=CKHN]:not(.stale)', WAIT);
  await page.waitForSelector('[data-gate=TT]:not(.stale)', WAIT);
  await alarm(page, 'không nhận được số liệu mới').first()
    .waitFor({ ...WAIT, state: 'detached' });
  await page.context().close();
});

test('a server that dies and comes back: the stream goes on, the session holds, nothing is missed', async () => {
  const page = await open();
  process.kill(gated(), 'SIGKILL');
  await page.waitForSelector('.line.lost', WAIT);
  await page.waitForSelector('.line.live', WAIT);
  const [truck] = await file({ plates: [nextPlate()], goods: 'general', time: at(DAY, '13:00') });
  await step(truck, 'registered', at(DAY, '13:00'));
  await page.locator('.recent li', { hasText: 'Đăng ký hải quan' }).first().waitFor(WAIT);
  await page.locator('.clock', { hasText: '13:00' }).waitFor(WAIT);
  assert.equal(await page.locator('.signin').count(), 0);
  await page.context().close();
});
