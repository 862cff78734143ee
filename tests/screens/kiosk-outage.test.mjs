// SPDX-License-Identifier: MIT
// with-service: --fast
// The cable pulled: kiosks go on, and what they did arrives later, each once.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { good, noFaults, openPage, shot } from './lib/browser.mjs';
import { advance, file, kiosk, ledger, listsLoaded, outbox, press, scanQuickly, server, shows, signIn, typePin,
  workerReady } from './lib/kiosk.mjs';

const cable = server();
const forged = JSON.parse(readFileSync(new URL('../vectors/pass.json', import.meta.url))).passes[0].digits;

/** Trucks that were called to lane 1: the border guard may let them in. */
async function called(count) {
  const trucks = await file(count);
  for (const truck of trucks) await advance(truck, 'customs:registered', 'yard:yard_in', 'call');
  return trucks;
}

/** While the server is stopped. */
async function unplugged(work) {
  cable.stop();
  try {
    await work();
  } finally {
    cable.go();
  }
}

/** Scans and confirms; the answer may take as long as the kiosk waits for the server. */
async function letIn(page, truck) {
  await scanQuickly(page, truck.digits);
  await shows(page, 'go');
  assert.equal(await page.getAttribute('.verdict', 'data-offline'), 'yes');
  await page.locator('.step.first').click();
  await shows(page, 'recorded');
  assert.equal(await page.getAttribute('.verdict', 'data-offline'), 'yes');
}

/** Until the server has answered for everything. */
async function isSent(page) {
  for (const begun = Date.now(); Date.now() - begun < 40_000;) {
    const items = await outbox(page);
    if (items.length && items.every((item) => item.state === 'sent')) return;
    await page.waitForTimeout(200);
  }
  assert.fail(`not sent: ${JSON.stringify(await outbox(page))}`);
}

/** The entries of a crossing that the ledger has. */
const entries = async (truck) => (await ledger()).filter((one) => one.crossing === truck.id && one.step === 'gate_in');

test('two kiosks work without the server; the pass that was shown at both is one conflict, all else is there once', async () => {
  const trucks = await called(3);
  const [one, two] = [await kiosk('BORDER_GUARD', { lang: 'en' }), await kiosk('BORDER_GUARD')];
  await workerReady(one);
  await unplugged(async () => {
    await letIn(one, trucks[0]);
    await shot(one, 'kiosk-kept');
    await good(one);
    await one.reload();
    await one.waitForSelector('.ready', { timeout: 15_000 });
    await letIn(one, trucks[1]);
    await letIn(two, trucks[0]);
    await letIn(two, trucks[2]);
    await scanQuickly(one, trucks[0].digits);
    await shows(one, 'duplicate');
    assert.match(await one.textContent('.done'), /at this kiosk/);
    await shot(one, 'kiosk-offline-duplicate');
    await scanQuickly(one, forged);
    await shows(one, 'stop');
    await noFaults(one);
  });
  await isSent(one);
  await isSent(two);
  for (const [i, truck] of trucks.entries()) {
    const found = await entries(truck);
    assert.equal(found.length, i === 0 ? 2 : 1, truck.plate);
    assert.equal(found.filter((entry) => entry.conflict === 'step_done').length, i === 0 ? 1 : 0);
    assert.ok(found.every((entry) => entry.offline));
  }
  const all = [...await outbox(one), ...await outbox(two)];
  assert.equal(all.filter((item) => item.answer.conflict).length, 1);
  const told = (await outbox(one)).some((item) => item.answer.conflict) ? one : two;
  await told.waitForSelector('[data-action=work].hot');
  await press(told, 'Escape');
  await press(told, 'w');
  await told.waitForSelector('.conflicts .items li');
  await shot(told, 'kiosk-work-conflict');
  await good(told);
});

test('a supervisor resolves the conflict at a kiosk', async () => {
  const page = await kiosk('SUPERVISOR', { lang: 'en' });
  await press(page, 'w');
  await page.locator('.conflicts .items li button').first().click();
  await page.waitForSelector('dialog.reason');
  await press(page, '1');
  await page.waitForFunction(() => /Nothing/.test(document.querySelector('.conflicts')?.textContent));
  await good(page);
});

test('a browser that dies in the middle loses nothing, and the officer comes back by PIN without the server', async () => {
  const [truck] = await called(1);
  const page = await kiosk('BORDER_GUARD', { lang: 'en' });
  const context = page.context();
  await workerReady(page);
  let later;
  await unplugged(async () => {
    await letIn(page, truck);
    await page.close({ runBeforeUnload: false });
    later = await context.newPage();
    await later.goto('/kiosk');
    await later.waitForSelector('.ready', { timeout: 15_000 });
    await press(later, '?');
    await press(later, 'q');
    await later.waitForSelector('.people', { timeout: 15_000 });
    await shot(later, 'kiosk-people');
    await press(later, '1');
    await typePin(later, '000000');
    await later.waitForFunction(() => /wrong/.test(document.querySelector('.error')?.textContent), null, { timeout: 15_000 });
    await typePin(later);
    await later.waitForSelector('.ready', { timeout: 15_000 });
    assert.equal((await outbox(later)).length, 1);
    await scanQuickly(later, truck.digits);
    await shows(later, 'duplicate');
  });
  await later.waitForSelector('.again', { timeout: 30_000 });
  assert.equal((await entries(truck)).length, 0);
  await later.click('.again');
  await typePin(later);
  await isSent(later);
  assert.equal((await entries(truck)).length, 1);
});

test('two tabs of one kiosk send what waits once', async () => {
  const trucks = await called(2);
  const first = await kiosk('BORDER_GUARD');
  const second = await first.context().newPage();
  await second.goto('/kiosk');
  await second.waitForSelector('.ready');
  await second.waitForFunction(() => document.querySelector('.ages') && !document.querySelector('.ages .old'));
  await unplugged(async () => {
    await letIn(first, trucks[0]);
    await letIn(second, trucks[1]);
    await scanQuickly(second, trucks[0].digits);
    await shows(second, 'duplicate');
  });
  await isSent(second);
  for (const truck of trucks) assert.equal((await entries(truck)).length, 1);
});

test('an answer that was lost on the way counts once', async () => {
  const [truck] = await called(1);
  const page = await kiosk('BORDER_GUARD');
  await scanQuickly(page, truck.digits);
  await shows(page, 'go');
  let lost = 0;
  await page.route('**/v1/crossings/*/steps', async (route) => {
    await route.fetch();
    lost += 1;
    await route.abort('connectionreset');
  }, { times: 1 });
  await page.locator('.step.first').click();
  await shows(page, 'recorded');
  await isSent(page);
  assert.equal(lost, 1);
  assert.equal((await entries(truck)).length, 1);
});

/** Runs in the page: leaves no room on its disk. */
async function fillDisk() {
  const db = await new Promise((resolve) => {
    const open = indexedDB.open('gate-kiosk');
    open.onsuccess = () => resolve(open.result);
  });
  const put = (key, value) => new Promise((resolve) => {
    const change = db.transaction('meta', 'readwrite', { durability: 'strict' });
    change.objectStore('meta').put(value, key);
    change.oncomplete = () => resolve(true);
    change.onabort = () => resolve(false);
  });
  await put('expected', null);
  for (let size = 1 << 20, n = 0; size >= 64; n++)
    if (!(await put(`full ${n}`, Array.from({ length: size / 8 }, () => Math.random().toString(36).slice(2, 10)).join('')))) size >>= 2;
  db.close();
}

test('a full disk is told, and nothing is said to be recorded', async () => {
  const [truck] = await called(1);
  const page = await openPage('/', { lang: 'en' });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: page.origin, quotaSize: 8 << 20 });
  await page.goto('/kiosk');
  await page.waitForSelector('[name=user]');
  await signIn(page, 'BORDER_GUARD');
  await listsLoaded(page);
  await scanQuickly(page, truck.digits);
  await shows(page, 'go');
  await page.evaluate(fillDisk);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: page.origin, quotaSize: 1 });
  await page.locator('.step.first').click();
  await shows(page, 'trouble');
  assert.match(await page.textContent('.reason'), /NOT RECORDED/);
  await good(page);
  assert.equal((await entries(truck)).length, 0);
});
