// SPDX-License-Identifier: MIT
// with-service: --fast
// Who works at a kiosk: a one-time password, wrong PINs with the server and without it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { GATE, LANGUAGES, PHONE, good, openPage, shot } from './lib/browser.mjs';
import { ask, choosePlace, kiosk, press, scan, server, typePin } from './lib/kiosk.mjs';

const WRONG = '135790';
const HOUR_MS = 3600_000;

/** A one-time password for an officer. */
async function oneTime(login) {
  const { body } = await ask('GATE_TOKEN_ADMIN', 'GET', `/v1/users?q=${login}`);
  const { id } = body.items.find((one) => one.user === login);
  return (await ask('GATE_TOKEN_ADMIN', 'POST', `/v1/users/${id}/password`, {})).body.password;
}

/** What the screen says of the last PIN. */
const said = (page, pattern) => page.waitForFunction((source) =>
  new RegExp(source).test(document.querySelector('.signin .error')?.textContent), pattern.source, { timeout: 30_000 })
  .catch(async (error) => { throw new Error(`${pattern}: ${await page.textContent('body')}`, { cause: error }); });

/** The same person at another device. @returns {Promise<() => Promise<number>>} what its session is worth */
async function elsewhere(user, password) {
  const answer = await fetch(`${GATE}/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, password }) });
  assert.equal(answer.status, 201);
  // Node 18 tells all cookies in one line
  const Cookie = [...answer.headers.get('Set-Cookie').matchAll(/(?:^|, )([^=;, ]+=[^;]*)/g)].map((one) => one[1]).join('; ');
  return async () => (await fetch(`${GATE}/v1/session`, { headers: { Cookie } })).status;
}

async function signOut(page) {
  await press(page, '?');
  await press(page, 'q');
  await page.waitForSelector('.people', { timeout: 15_000 });
  await press(page, '1');
}

test('a one-time password must be changed before the kiosk opens, and what is wrong with the new one is said', async () => {
  const once = await oneTime('health');
  const page = await openPage('/kiosk', { lang: 'en', ...PHONE });
  await page.waitForSelector('[name=user]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[name=user][aria-invalid]');
  assert.match(await page.textContent('form'), /Type your user name.*Type your password/s);
  await good(page);
  await page.fill('[name=user]', 'health');
  await page.fill('[name=password]', once);
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog.over [name=old]');
  await good(page);
  await shot(page, 'kiosk-password-once');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog[open]').count(), 1);
  const change = async (given, wanted, again = wanted) => {
    await page.fill('[name=old]', given);
    await page.fill('[name=new]', wanted);
    await page.fill('[name=again]', again);
    await page.keyboard.press('Enter');
  };
  await change(once, 'short');
  await page.waitForSelector('[name=new][aria-invalid]');
  await change(once, 'a rainy morning', 'a sunny morning');
  await page.waitForSelector('[name=again][aria-invalid]');
  await change('not the one', 'a rainy morning');
  await page.waitForSelector('[name=old][aria-invalid]');
  assert.equal(await page.inputValue('[name=new]'), 'a rainy morning');
  await change(once, 'a rainy morning');
  await page.waitForSelector('.pad');
  await page.keyboard.press('Escape');
  await choosePlace(page);
  assert.match(await page.textContent('.k-bar'), /health/i);
});

test('an officer changes the password and signs out everywhere from the keyboard, and no key of it is a scan', async () => {
  const [user, password] = process.env.GATE_LOGIN_BORDER_GUARD.split(':');
  const page = await kiosk('BORDER_GUARD', { lang: 'en' });
  const account = async () => {
    await press(page, '?');
    await press(page, 'a');
    await page.waitForSelector('dialog[open] #account-title');
  };
  await account();
  await good(page);
  await shot(page, 'kiosk-account');
  await press(page, 'Enter');
  await page.waitForSelector('dialog[open] [name=old]:focus');
  await good(page);
  for (const words of [password, '0123456789 quick', '0123456789 quick']) {
    await scan(page, words, { end: [] }); // as fast as any scanner
    await page.waitForTimeout(300); // in which a scan would end
    assert.equal(await page.evaluate(() => document.activeElement.value), words);
    await page.keyboard.press('Tab');
  }
  await page.focus('[name=again]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]', { state: 'detached' });
  assert.match(await page.textContent('.toast'), /password is changed/);
  await page.waitForSelector('.pad'); // the PIN ended with the password
  await typePin(page);
  await page.waitForFunction(() => !document.querySelector('input.pin')?.value);
  await typePin(page);
  await page.waitForSelector('.ready'); // nothing was read
  const other = await elsewhere(user, '0123456789 quick');
  assert.equal(await other(), 200);
  await scan(page, '29C99999');
  await page.waitForSelector('.verdict');
  await press(page, 'Escape');
  await page.waitForSelector('.ready');
  await account();
  await press(page, 'Tab');
  await press(page, 'Enter');
  await page.waitForSelector('.people', { timeout: 15_000 });
  for (let i = 0; i < 50 && await other() === 200; i++) await page.waitForTimeout(100);
  assert.equal(await other(), 401);
});

test('five wrong PINs with the server void the PIN, and the password is at hand', async () => {
  const page = await kiosk('PLANT', { lang: 'en' });
  await signOut(page);
  for (let i = 0; i < 5; i++) {
    await typePin(page, WRONG);
    await said(page, /use the password/);
    await page.waitForFunction(() => document.querySelector('input.pin')?.value === '');
    await page.evaluate(() => { document.querySelector('.signin .error').textContent = ''; });
  }
  await typePin(page);
  await said(page, /Try again in \d+ s/);
  await good(page);
  await shot(page, 'kiosk-pin-locked');
  await page.keyboard.press('p');
  await page.waitForSelector('[name=password]');
  assert.equal(await page.inputValue('[name=user]'), 'plant');
});

test('ten wrong PINs without the server close the PIN at this device until the server was asked', async () => {
  const page = await kiosk('ANIMAL', { lang: 'en' });
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
  await page.clock.install();
  await page.reload();
  await page.waitForSelector('.ready');
  const cable = server();
  cable.stop();
  try {
    let at = Date.now() + 60_000;
    await page.clock.setFixedTime(at);
    await signOut(page);
    for (let i = 1; i <= 10; i++) {
      await typePin(page, WRONG);
      await said(page, i < 10 ? /The PIN is wrong/ : /Too many wrong PINs. Sign in with the password/);
      if (i === 5) {
        await typePin(page); // the right one, too soon
        await said(page, /Try again in \d+ s/);
        await shot(page, 'kiosk-pin-wait');
      }
      await page.evaluate(() => { document.querySelector('.signin .error').textContent = ''; });
      at += HOUR_MS;
      await page.clock.setFixedTime(at);
    }
    await typePin(page);
    await said(page, /Too many wrong PINs. Sign in with the password/);
    await page.reload();
    await page.waitForSelector('.people', { timeout: 15_000 });
    await press(page, '1');
    await typePin(page);
    await said(page, /Too many wrong PINs. Sign in with the password/);
    await good(page);
  } finally {
    cable.go();
  }
  await page.clock.setFixedTime(Date.now());
  await page.waitForFunction(() => /Connected/.test(document.querySelector('.k-bar .link')?.textContent), null, { timeout: 20_000 });
  await typePin(page);
  await page.waitForSelector('.ready', { timeout: 15_000 });
});

test('the PIN pad is whole on a phone in every language', async () => {
  const page = await kiosk('LICENCE', { ...PHONE });
  await signOut(page);
  for (const lang of LANGUAGES) {
    await page.evaluate((wanted) => localStorage.setItem('gate.language', wanted), lang);
    await page.reload();
    await page.waitForSelector('.people');
    await page.locator('.people button').first().click();
    await page.waitForSelector('.pad');
    await good(page);
    await shot(page, `kiosk-pin-${lang}-360`);
  }
});
