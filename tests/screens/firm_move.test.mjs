// SPDX-License-Identifier: MIT
// with-service: --fast
// A declaration that is moved to the other gate from its page.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DESKTOP, everywhere, good, openPage, shot } from './lib/browser.mjs';
import { call, confirm, fileTruck, queue } from './lib/trucks.mjs';

const BUTTON = '.head >> text=Chuyển cửa khẩu';
const open = (number, options = {}) => openPage(`/firm#edit?number=${number}`, { lang: 'vi', login: 'FIRM', ...options });

/* The page of a declaration with the dialog before it. */
async function openDialog(number) {
  const page = await open(number);
  await page.click(BUTTON);
  await page.waitForSelector('dialog select[name=gate]');
  return page;
}

const numberShown = (page) => new URL(page.url()).hash.replace('#edit?number=', '');

test('it goes to the other gate: new number and pass, the time it joined is kept, the link follows', async () => {
  const truck = await fileTruck();
  await queue(truck.id);
  const { body: { joined_at: joined } } = await call('FIRM', 'GET', `/v1/crossings/${truck.id}`);
  const { body: { link } } = await call('FIRM', 'POST', `/v1/crossings/${truck.id}/link`);
  const page = await openDialog(truck.number);
  assert.deepEqual(await page.locator('dialog option').allTextContents(), ['Tân Thanh – Pò Chài'], 'the other gate only');
  await page.fill('dialog [name=reason]', 'cửa khẩu Hữu Nghị ùn tắc');
  await page.click('dialog button.main');
  await page.waitForFunction((old) => !location.hash.includes(old) && document.querySelector('form.declaration'), truck.number);
  const number = numberShown(page);
  assert.match(await page.textContent('.view-edit h2'), new RegExp(number));
  assert.match(await page.textContent('.toast'), new RegExp(`Tân Thanh.*${number}`));
  assert.equal(await page.inputValue('[name="/gate"]'), 'TT');
  await good(page);
  const { body: there } = await call('FIRM', 'GET', `/v1/declarations/${number}`);
  assert.equal(there.moved_from, truck.number);
  assert.equal(await page.locator(`a[href="#passes?ids=${there.crossings[0].id}"]`).count(), 1);
  assert.equal((await call('FIRM', 'GET', `/v1/links/${link.token}`)).body.crossing.gate, 'TT');
  await confirm('CUSTOMS', there.crossings[0].id, 'registered');
  await confirm('YARD', there.crossings[0].id, 'yard_in');
  assert.equal((await call('FIRM', 'GET', `/v1/crossings/${there.crossings[0].id}`)).body.joined_at, joined);
});

test('the old page leads to the new one', async () => {
  const truck = await fileTruck();
  const { body: there } = await call('FIRM', 'POST', `/v1/declarations/${truck.number}/move`, { gate: 'TT' });
  const page = await open(truck.number);
  await page.waitForSelector('text=Mở tờ khai mới');
  assert.equal(await page.locator(BUTTON).count(), 0);
  await good(page);
  await page.click('text=Mở tờ khai mới');
  await page.waitForSelector(`h2:has-text("${there.number}")`);
  await page.click(`.card >> text=Tờ khai ${truck.number}`);
  await page.waitForSelector('text=Mở tờ khai mới');
});

test('who was called stays: the button is not there, and a call meanwhile is told at the dialog', async () => {
  const truck = await fileTruck(undefined, { gate: 'TT' });
  await queue(truck.id);
  const page = await openDialog(truck.number);
  await call('OPERATOR', 'POST', '/v1/gates/TT/call', { direction: 'export', lane: 1, crossing: truck.id, reason: 'thử' });
  await page.click('dialog button.main');
  await page.waitForFunction(() => /đã bắt đầu làm thủ tục/.test(document.querySelector('dialog .error').textContent));
  await good(page);
  await page.click('dialog >> text=Quay lại');
  await page.waitForSelector(BUTTON, { state: 'detached' });
  await page.waitForSelector('form.declaration');
});

test('when the answer is lost the same request finishes the move', async () => {
  const truck = await fileTruck();
  const page = await openDialog(truck.number);
  const keys = [];
  await page.route('**/move', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 3) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.click('dialog button.main');
  await page.waitForFunction(() => document.querySelector('dialog .error').textContent, null, { timeout: 20000 });
  await page.click('dialog button.main');
  await page.waitForFunction((old) => !location.hash.includes(old), truck.number);
  assert.equal(new Set(keys).size, 1);
  const { body } = await call('FIRM', 'GET', `/v1/declarations?plate=${truck.plate}`);
  assert.deepEqual(body.items.map((one) => one.number).sort(), [truck.number, numberShown(page)].sort());
});

test('what was typed and not filed is named, and stays when one goes back', async () => {
  const truck = await fileTruck();
  const page = await open(truck.number);
  await page.waitForSelector('form.declaration');
  await page.fill('[name="/reference"]', 'PO-77');
  await page.click(BUTTON);
  assert.match(await page.textContent('dialog'), /chưa nộp sẽ bị bỏ/);
  await page.click('dialog >> text=Quay lại');
  assert.equal(await page.inputValue('[name="/reference"]'), 'PO-77');
});

test('the dialog and both pages, in three languages, on a desk and on a phone', async () => {
  const [truck, gone] = [await fileTruck(), await fileTruck()];
  const { body: there } = await call('FIRM', 'POST', `/v1/declarations/${gone.number}/move`, { gate: 'TT' });
  await everywhere(async (where) => {
    if (where.width === DESKTOP.width && where.lang === 'en') return; // as wide as vi, as the phone shows
    const page = await open(there.number, where);
    for (const [name, number] of [['came', there.number], ['left', gone.number]]) {
      await page.goto(`/firm#edit?number=${number}`);
      await page.waitForSelector(`h2:has-text("${number}")`);
      await good(page);
      await shot(page, `firm-move-${name}-${where.lang}-${where.width}`);
    }
    await page.goto(`/firm#edit?number=${truck.number}`);
    await page.waitForSelector(`h2:has-text("${truck.number}")`);
    await page.locator('.head button').click();
    await page.waitForSelector('dialog');
    await good(page);
    await shot(page, `firm-move-dialog-${where.lang}-${where.width}`);
    await page.context().close();
  });
});
