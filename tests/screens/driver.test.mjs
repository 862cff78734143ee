// SPDX-License-Identifier: MIT
// with-service: --fast
// The driver's link on a phone: where to go now, pass and place, in tunnels too, and no more than that.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { GATE, LANGUAGES, PHONE, good, noFaults, openPage, shot } from './lib/browser.mjs';
import { call, confirm, fileTruck, queue } from './lib/trucks.mjs';

async function linked(truck) {
  const { body } = await call('FIRM', 'POST', `/v1/crossings/${truck.id}/link`);
  return body.link.path;
}

const open = (path, options = {}) => openPage(path, { lang: 'vi', ...PHONE, ...options });
const settled = (page) => page.waitForSelector('.now');

test('without signing in: where to go, the pass, and nothing about people, in three languages', async () => {
  const truck = await fileTruck();
  const path = await linked(truck);
  for (const lang of LANGUAGES) {
    const page = await open(path, { lang });
    await settled(page);
    await page.waitForSelector('.qr path');
    const text = await page.textContent('main');
    assert.match(text, new RegExp(truck.plate.slice(-2)));
    assert.doesNotMatch(text, /Nguyễn Văn An|001099000001|Công ty/);
    await good(page);
    await shot(page, `driver-${lang}`);
    await page.context().close();
  }
});

test('the code is black on white at night as well', async () => {
  const page = await open(await linked(await fileTruck()), { theme: 'dark' });
  await page.waitForSelector('.qr');
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.qr')).backgroundColor), 'rgb(255, 255, 255)');
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.qr path')).fill), 'rgb(0, 0, 0)');
  const box = await page.locator('.qr').boundingBox();
  assert.ok(box.width >= 240, `${box.width}`);
  await good(page);
  await page.click('.enlarge');
  await page.waitForSelector('dialog.whole[open]');
  await good(page);
  await shot(page, 'driver-night');
});

test('the code on the phone is the pass that the gate reads', async () => {
  const truck = await fileTruck();
  const page = await open(await linked(truck));
  await page.waitForSelector('.qr path');
  const jsQR = (await import('../../services/web/node_modules/jsqr/dist/jsQR.js')).default;
  const { data, width, height } = await page.evaluate(async () => {
    const svg = new XMLSerializer().serializeToString(document.querySelector('.qr'));
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 600, height: 600 });
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 600, 600);
    context.drawImage(image, 0, 0, 600, 600);
    return { data: [...context.getImageData(0, 0, 600, 600).data], width: 600, height: 600 };
  });
  const { body } = await call('FIRM', 'GET', `/v1/crossings/${truck.id}`);
  assert.equal((jsQR.default ?? jsQR)(Uint8ClampedArray.from(data), width, height).data, body.pass.digits);
});

test('the call comes to the phone by itself, with its lane', async () => {
  const truck = await fileTruck(undefined, { gate: 'TT' });
  const page = await open(await linked(truck));
  await settled(page);
  await queue(truck.id);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForFunction(() => /Chờ trong bãi/.test(document.querySelector('.now').textContent));
  assert.match(await page.textContent('.facts'), /Thứ tự/);
  await good(page);
  const { status } = await call('OPERATOR', 'POST', '/v1/gates/TT/call', { direction: 'export', lane: 1 });
  assert.equal(status, 200);
  await page.waitForFunction(() => /Vào làn 1 ngay/.test(document.querySelector('.now').textContent), null, { timeout: 25000 });
  await shot(page, 'driver-called');
  await good(page);
});

test('in a tunnel the last state stays, says how old it is, and a reload brings the page all the same', async () => {
  const truck = await fileTruck();
  const page = await open(await linked(truck));
  await page.waitForSelector('.qr path');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector('.qr path');
  await page.waitForSelector('.fresh.is-lost');
  assert.match(await page.textContent('.fresh'), /Mất mạng/);
  await page.context().setOffline(false);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForSelector('.fresh:not(.is-lost)');
  await noFaults(page);
});

test('a link that was taken back shows nothing any more, not even what was kept', async () => {
  const truck = await fileTruck();
  const path = await linked(truck);
  const page = await open(path);
  await page.waitForSelector('.qr path');
  await call('FIRM', 'POST', `/v1/crossings/${truck.id}/link/revoke`);
  await page.reload();
  await page.waitForSelector('.now.stop');
  assert.doesNotMatch(await page.textContent('main'), new RegExp(truck.id));
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('gate.link.')).length), 0);
  await good(page);
});

test('when the declaration moves to the other gate the same link says where to go now, in three languages', async () => {
  const truck = await fileTruck();
  const path = await linked(truck);
  const page = await open(path);
  await page.waitForSelector('.qr path');
  assert.match(await page.textContent('.gate'), /Hữu Nghị/);
  assert.equal(await page.locator('.moved').count(), 0);
  await call('FIRM', 'POST', `/v1/declarations/${truck.number}/move`, { gate: 'TT' });
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForSelector('.moved');
  assert.match(await page.textContent('.gate'), /Tân Thanh/);
  assert.match(await page.textContent('.moved'), /Hãy đến .*Tân Thanh.*không đến .*Hữu Nghị/);
  assert.doesNotMatch(await page.textContent('main'), new RegExp(truck.id));
  await page.waitForSelector('.qr path');
  for (const lang of LANGUAGES) {
    await page.selectOption('select.language', lang);
    await page.waitForFunction((wanted) => document.documentElement.lang === wanted, lang);
    await good(page);
    await shot(page, `driver-moved-${lang}`);
  }
});

test('a guessed link shows nothing', async () => {
  const page = await open('/d/01AAAAAAAAAAAAAAAAAAAAAA');
  await page.waitForSelector('.now.stop');
  await good(page);
});

test('a hold and the end are told', async () => {
  const truck = await fileTruck(undefined, { gate: 'TT' });
  const page = await open(await linked(truck));
  await confirm('CUSTOMS', truck.id, 'registered', { result: 'hold', note: 'kiểm tra giấy tờ' });
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForSelector('.now.stop');
  assert.match(await page.textContent('.now'), /Hải quan/);
  await confirm('CUSTOMS', truck.id, 'registered'); // while it is held its firm cannot cancel it
  const { status } = await call('FIRM', 'POST', `/v1/declarations/${truck.number}/cancel`);
  assert.equal(status, 200);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForFunction(() => /Đã hủy/.test(document.querySelector('.now').textContent));
  assert.equal(await page.locator('.qr').count(), 0);
});

test('the page asks search engines to stay out, and sends its address nowhere', async () => {
  const answer = await fetch(`${GATE}${await linked(await fileTruck())}`);
  assert.equal(answer.headers.get('Referrer-Policy'), 'no-referrer');
  assert.match(await answer.text(), /noindex/);
});
