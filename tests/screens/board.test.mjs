// SPDX-License-Identifier: MIT
// with-service: --fast
// The public board: what it shows, and that it can be left alone for weeks.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { GATE, everywhere, good, noFaults, openPage, shot } from './lib/browser.mjs';
import { call, post, queue, send } from './lib/gate.mjs';

const UPDATES = 2000, WARM = 200;
const gated = () => Number(readFileSync(process.env.GATE_PID_FILE, 'utf8'));
const hours = (n) => new Date(Date.now() + n * 3600000).toISOString();

before(async () => {
  await queue(14, { hs: '08106000' });
  for (const lane of [1, 2, 3]) await call(lane);
  await send('operator', 'PUT', '/gates/CKHN/calendar', { entries: [{ route: '1119-1120',
    direction: 'import', from: hours(1), to: hours(3), mode: 'closed', cause: 'far_side',
    reason: 'Phía bạn bảo trì' }] });
});

async function openBoard(where = {}) {
  const page = await openPage(`/board/${where.gate ?? 'CKHN'}`, where);
  await page.waitForSelector(where.gate ? '.nexts' : '.called tbody tr');
  return page;
}

const HEADS = { vi: 'Mời vào', en: 'Now called', zh: '请进入' };

test('called ones on top, the next ones with intervals, hours and notices, in three languages', async () => {
  await everywhere(async (where) => {
    const page = await openBoard(where);
    assert.equal(await page.textContent('.called h2'), HEADS[where.lang]);
    assert.equal(await page.locator('.called tbody tr').count(), 3);
    assert.match(await page.textContent('.called tbody tr .plate'), /^29C-\*\*\*\.\d\d$/);
    assert.match(await page.textContent('.next.export tbody .wait'), /\d+–\d+|\d/);
    assert.match(await page.textContent('.notices'), /Phía bạn bảo trì/);
    const [hanoi, beijing] = (await page.locator('.clocks b').allTextContents())
      .map((text) => Number(text.slice(0, 2)));
    assert.equal(beijing, (hanoi + 1) % 24);
    await good(page);
    await shot(page, `board-${where.lang}-${where.width}`);
    await page.context().close();
  });
});

test('no plate stands there in full, and nobody is named', async () => {
  const page = await openBoard();
  assert.doesNotMatch(await page.textContent('main'), /29C\d{5}|29C-\d{3}\.|Nguyễn/);
  await page.context().close();
});

test('who is called is on top within a second, and no longer among the next ones', async () => {
  const page = await openBoard();
  const next = await page.textContent('.next.export tbody th');
  const began = Date.now();
  await call(3);
  await page.waitForFunction((number) =>
    document.querySelector('.called tbody th').textContent === number, next, { timeout: 5000 });
  assert.ok(Date.now() - began < 1500, `took ${Date.now() - began} ms`);
  assert.notEqual(await page.textContent('.next.export tbody th'), next);
  assert.equal(await page.textContent('.called tbody .lane b'), '3');
  await page.context().close();
});

async function size(session) {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/* Each change of a lane is an event of the stream. */
async function updates(count) {
  const lanes = [2, 3, 4, 5, 6];
  for (let done = 0; done < count; done += 2 * lanes.length)
    for (const how of ['close', 'open'])
      await Promise.all(lanes.map((lane) => post('operator', `/gates/CKHN/lanes/${lane}/${how}`, {})));
}

test('2,000 updates leave no more elements, listeners or memory behind than 200 do', async () => {
  const page = await openBoard();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.evaluate(() => {
    globalThis.drawn = 0;
    new MutationObserver(() => { globalThis.drawn++; }).observe(
      document.querySelector('.gate.card'), { childList: true });
  });
  await updates(WARM);
  const before = await size(session);
  await updates(UPDATES);
  await page.waitForTimeout(300);
  const after = await size(session);
  const drawn = await page.evaluate(() => globalThis.drawn);
  assert.ok(drawn > 50, `the board was drawn ${drawn} times`);
  assert.ok(after.Nodes <= before.Nodes * 1.1, `nodes: ${before.Nodes} → ${after.Nodes}`);
  assert.ok(after.JSEventListeners <= before.JSEventListeners + 2,
    `listeners: ${before.JSEventListeners} → ${after.JSEventListeners}`);
  assert.ok(after.JSHeapUsedSize <= before.JSHeapUsedSize * 1.1 + 200000,
    `heap: ${before.JSHeapUsedSize} → ${after.JSHeapUsedSize}`);
  await noFaults(page);
  await page.context().close();
});

test('a server that dies and comes back is found again, and nothing is missed', async () => {
  const page = await openBoard();
  const next = await page.textContent('.next.export tbody th');
  process.kill(gated(), 'SIGKILL');
  await page.waitForFunction(() => document.querySelector('.age').textContent !== '');
  for (;;) {
    const answer = await fetch(`${GATE}/readyz`).catch(() => null);
    if (answer?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await call(1);
  await page.waitForFunction((number) =>
    document.querySelector('.called tbody th')?.textContent === number, next, { timeout: 20000 });
  await page.waitForFunction(() => document.querySelector('.age').textContent === '');
  assert.equal(await page.evaluate(() => document.body.classList.contains('old')), false);
  await page.context().close();
});

test('figures that are old turn grey and say how old they are', async () => {
  const page = await openPage('/', { lang: 'en' });
  await page.clock.install();
  await page.goto('/board/CKHN');
  await page.waitForSelector('.called tbody tr');
  const pid = gated();
  process.kill(pid, 'SIGSTOP');
  try {
    await page.clock.fastForward(45000);
    await page.waitForFunction(() => document.body.classList.contains('old'));
    assert.match(await page.textContent('.age'), /Connection lost\. These figures are \d+ s old/);
    await shot(page, 'board-old');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await page.clock.fastForward(5000);
  await page.waitForFunction(() => !document.body.classList.contains('old'), null, { timeout: 20000 });
  await page.context().close();
});

test('a display goes through the languages, until it is told not to', async () => {
  const page = await openPage('/');
  await page.clock.install();
  await page.goto('/board/CKHN');
  await page.waitForSelector('.called tbody tr');
  for (const lang of ['en', 'zh', 'vi']) {
    await page.clock.runFor(12100);
    assert.equal(await page.textContent('.called h2'), HEADS[lang]);
  }
  await page.click('button[aria-pressed="true"]');
  await page.clock.runFor(60000);
  assert.equal(await page.textContent('.called h2'), HEADS.vi);
  await page.context().close();
});

test('one that is held counts as waiting, and it is said why nobody is next', async () => {
  const [{ id }] = await queue(1, { gate: 'TT' });
  await post('customs', `/crossings/${id}/steps`, { step: 'customs_finish', result: 'hold', note: 'kiểm tra' });
  const page = await openBoard({ gate: 'TT' });
  await page.locator('.next.export .stock', { hasText: /Đang chờ: 1 xe \(tạm giữ 1\)/ }).waitFor();
  assert.equal(await page.textContent('.next.export .none'), 'Xe đang chờ chưa thể được gọi.');
  assert.equal(await page.textContent('.next.import .none'), 'Không có xe chờ.');
  await good(page);
  await page.context().close();
});

test('a gate that does not exist is said, and the others are offered', async () => {
  const page = await openPage('/board/QQ', { lang: 'en', width: 360 });
  await page.waitForSelector('main .note');
  assert.match(await page.textContent('main .note'), /There is no gate “QQ”/);
  assert.deepEqual(await page.$$eval('main a', (links) => links.map((link) => link.pathname)),
    ['/board/CKHN', '/board/TT']);
  await good(page);
  await page.context().close();
});
