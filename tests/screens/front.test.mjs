// SPDX-License-Identifier: MIT
// with-service: --fast
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { everywhere, GATE, good, openPage, shot } from './lib/browser.mjs';

const TITLES = { vi: 'Cửa khẩu số Lạng Sơn', en: 'Lang Son digital border gate', zh: '谅山数字口岸' };

test('the front door speaks three languages, on a desk and on a phone', async () => {
  await everywhere(async (where) => {
    const page = await openPage('/', where);
    assert.equal(await page.textContent('h1'), TITLES[where.lang]);
    assert.equal(await page.title(), TITLES[where.lang]);
    assert.equal(await page.getAttribute('html', 'lang'), where.lang);
    await good(page);
    await shot(page, `front-${where.lang}-${where.width}`);
    await page.context().close();
  });
});

test('another language is chosen without a reload, and is remembered', async () => {
  const page = await openPage('/?lang=en');
  assert.equal(await page.textContent('h1'), TITLES.en);
  await page.selectOption('select.language', 'zh');
  assert.equal(await page.textContent('h1'), TITLES.zh);
  await page.goto('/');
  await page.waitForSelector('h1');
  assert.equal(await page.textContent('h1'), TITLES.zh);
});

test('the night theme is as readable as the day', async () => {
  const page = await openPage('/', { theme: 'dark' });
  assert.equal(await page.getAttribute('html', 'data-theme'), 'night');
  await good(page);
  await shot(page, 'front-night');
});

test('the doors of the boards say how many wait, and how long', async () => {
  const page = await openPage('/', { lang: 'en' });
  await page.waitForSelector('a[href="/board/CKHN"] .figures');
  assert.match(await page.textContent('a[href="/board/CKHN"] .figures'),
    /Export\s*0 waiting, about \d+(–\d+)? min/);
  await page.context().close();
});

test('every door of the front page opens', async () => {
  const page = await openPage('/');
  const paths = await page.$$eval('main a', (links) => links.map((link) => link.pathname));
  for (const path of paths) {
    const answer = await fetch(GATE + path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('Content-Type'), /html|json/);
  }
});
