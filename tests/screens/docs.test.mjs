// SPDX-License-Identifier: MIT
// with-service: --fast
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { axe, everywhere, GATE, good, noFaults, noOverflow, openPage, shot } from './lib/browser.mjs';

async function openDocs(hash, where) {
  const page = await openPage(`/docs${hash}`, where);
  await page.waitForSelector('#content article');
  return page;
}

test('the reference can be read in three languages, on a desk and on a phone', async () => {
  await everywhere(async (where) => {
    const page = await openDocs('#callNext', where);
    assert.match(await page.textContent('.signature'), /POST \/v1\/gates\/\{gate\}\/call/);
    if (where.lang === 'vi') await axe(page);      // the frame is the same in all of them
    await noOverflow(page);
    await noFaults(page);
    await shot(page, `docs-${where.lang}-${where.width}`);
    await page.context().close();
  });
});

test('every operation of the API is there, and shows itself', async () => {
  const spec = await (await fetch(`${GATE}/openapi.json`)).json();
  const wanted = Object.values(spec.paths).flatMap((item) => Object.values(item))
    .map((one) => one.operationId).filter(Boolean).sort();
  const page = await openDocs('', { lang: 'en', width: 360 });
  await good(page);
  const ids = await page.$$eval('.outline [data-find] a', (links) =>
    links.map((link) => link.getAttribute('href').slice(1)));
  assert.deepEqual([...new Set(ids)].sort(), wanted);
  for (const id of wanted) {
    await page.evaluate((hash) => { location.hash = hash; }, id);
    await page.waitForFunction((one) => document.querySelector('#content .signature') &&
      document.querySelector(`.outline a[href="#${one}"]`).getAttribute('aria-current'), id);
    await noOverflow(page);
  }
  await noFaults(page);
  await page.context().close();
});

test('an operation is found by any of its words', async () => {
  const page = await openDocs('', { lang: 'en' });
  await page.fill('input[type=search]', 'post scan');
  const shown = await page.$$eval('.outline [data-find]:not([hidden]) a', (links) =>
    links.map((link) => link.getAttribute('href')));
  assert.ok(shown.includes('#scan') && shown.length < 5, String(shown));
  await page.context().close();
});

test('it is tried with a key: a list is read, a declaration is filed', async () => {
  const page = await openDocs('#listDeclarations', { lang: 'en' });
  await page.fill('input[name=key]', process.env.GATE_FIRM_KEY);
  await page.click('.try button.main');
  assert.match(await page.textContent('.result .state'), /200/);
  await page.evaluate(() => { location.hash = 'fileDeclaration'; });
  await page.waitForSelector('textarea[name=body]');
  await page.fill('input[name="header:Gate-Time"]', '2026-11-22T22:50:00+07:00');
  await page.click('.try button.main');
  await page.waitForSelector('.result pre');
  assert.match(await page.textContent('.result .state'), /201/);
  assert.match(await page.textContent('.result pre'), /"crossings"/);
  await shot(page, 'docs-tried');
  await good(page);
  await page.context().close();
});

test('what cannot be sent or is refused is said, and what was typed stays', async () => {
  const page = await openDocs('#fileDeclaration', { lang: 'en' });
  await page.fill('textarea[name=body]', '{"gate": ');
  await page.click('.try button.main');
  assert.match(await page.textContent('.result .error'), /not JSON/);
  await page.fill('textarea[name=body]', '{"gate": "CKHN"}');
  await page.fill('input[name=key]', 'bg_wrong');
  await page.click('.try button.main');
  await page.waitForSelector('.result .state');
  assert.match(await page.textContent('.result .state'), /401/);
  assert.equal(await page.inputValue('textarea[name=body]'), '{"gate": "CKHN"}');
  await page.context().close();
});

test('the command for curl is what was asked, and holds no key', async () => {
  const page = await openDocs('#getBoard', { lang: 'en' });
  await page.fill('input[name=key]', process.env.GATE_FIRM_KEY);
  await page.click('.try summary');
  const curl = await page.textContent('.try details pre');
  assert.match(curl, /^curl -sS -X GET 'http:\/\/127\.0\.0\.1:\d+\/v1\/gates\/CKHN\/board'/);
  assert.doesNotMatch(curl, new RegExp(process.env.GATE_FIRM_KEY));
  await page.context().close();
});
