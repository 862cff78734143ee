// SPDX-License-Identifier: MIT
// What the kiosk's tests share: vehicles made by the API, officers who sign in, a scanner that types.
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GATE, openPage } from './browser.mjs';

export const PIN = '246810';
const DAY_MS = 86_400_000;

/** Asks the API as a machine. @returns {Promise<{status: number, body: any}>} */
export async function ask(role, method, path, body) {
  const answer = await fetch(GATE + path, {
    method, body: body && JSON.stringify(body),
    headers: { Authorization: `Bearer ${process.env[role] ?? assert.fail(role)}`, 'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(), 'Accept-Language': 'en' },
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null };
}

let last = randomInt(10000, 50000);
const plate = () => `29C${last += 7}`;        // none twice

/** Files so many exports, each a truck with its pass. @returns {Promise<{id: string, plate: string, digits: string}[]>} */
export async function file(count, { gate = 'CKHN', direction = 'export', goods = [] } = {}) {
  const vehicles = Array.from({ length: count }, () => ({ plate: plate(), nationality: 'VN',
    driver: { name: 'Nguyễn Văn An', document: { type: 'cccd', number: '001099000001' } } }));
  const { status, body } = await ask('GATE_FIRM_KEY', 'POST', '/v1/declarations', {
    gate, direction, planned_arrival: new Date(Date.now() + DAY_MS / 24).toISOString(), vehicles, goods });
  assert.equal(status, 201, JSON.stringify(body));
  return body.crossings.map((one) => ({ id: one.id, plate: one.plate, digits: one.pass.digits }));
}

/** Confirms steps by machines: 'customs:registered', 'call' … */
export async function advance(crossing, ...steps) {
  for (const one of steps) {
    const [agency, step] = one.split(':');
    const { status, body } = step
      ? await ask(`GATE_TOKEN_${agency.toUpperCase()}`, 'POST', `/v1/crossings/${crossing.id}/steps`, { step, result: 'pass' })
      : await ask('GATE_TOKEN_OPERATOR', 'POST', '/v1/gates/CKHN/call', { direction: 'export', lane: 1 });
    assert.ok(status < 300, `${one}: ${JSON.stringify(body)}`);
  }
}

/** How often the crossing's step was confirmed, by the ledger. */
export async function confirmations(crossing, step) {
  const { body } = await ask('GATE_TOKEN_CUSTOMS', 'GET', `/v1/crossings/${crossing.id}`);
  return body.done.filter((one) => one.step === step).length;
}

const CODES = { Enter: 13, Backspace: 8 };
const sessions = new WeakMap();

/** One key down and up, by the browser itself: a real key, whatever the page thinks of it. */
function strike(cdp, { key, code }) {
  const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
  const event = { key, code: code ?? (/[0-9]/.test(key) ? `Digit${key}` : key), text,
    windowsVirtualKeyCode: CODES[key] ?? key.toUpperCase().charCodeAt(0) };
  return [cdp.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', ...event }),
    cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event, text: undefined })];
}

/** Types as a scanner does: all at once, Enter at the end. keys: characters, or {key, code}. */
export async function scan(page, keys, { end = ['Enter'] } = {}) {
  if (!sessions.has(page)) sessions.set(page, await page.context().newCDPSession(page));
  const cdp = sessions.get(page);
  await Promise.all([...keys, ...end].flatMap((key) => strike(cdp, typeof key === 'string' ? { key } : key)));
}

/** The same, made in the page: for many scans, however busy the machine is. */
export const scanQuickly = (page, digits) => page.evaluate((keys) => {
  for (const key of keys)
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}, [...digits, 'Enter']);

/** Waits for the screen of that kind. */
export async function shows(page, kind, timeout = 10_000) {
  await page.waitForFunction((wanted) => document.querySelector('.verdict')?.dataset.kind === wanted, kind, { timeout })
    .catch(async (error) => {
      const now = await page.evaluate(() => document.querySelector('main')?.innerText.slice(0, 600));
      throw new Error(`${kind} expected, on the screen is: ${now}`, { cause: error });
    });
}

/** A key as people press one: after the scanner's, alone. */
export async function press(page, key) {
  await page.waitForTimeout(750);
  await page.keyboard.press(key);
}

/** Types a PIN as fast as people do. */
export async function typePin(page, pin = PIN) {
  await page.waitForSelector('input.pin:not([disabled])');
  await page.locator('input.pin').pressSequentially(pin, { delay: 5 });
}

/** Signs in at a new device by name and password, sets the PIN, chooses gate and lane. */
export async function signIn(page, role, { pin = PIN, gate = 1, lane = 1 } = {}) {
  const [user, password] = (process.env[`GATE_LOGIN_${role}`] ?? assert.fail(role)).split(':');
  await page.fill('[name=user]', user);
  await page.fill('[name=password]', password);
  await page.keyboard.press('Enter');
  if (pin) {
    await page.waitForSelector('.pad');
    await typePin(page, pin);
    await page.waitForFunction(() => !document.querySelector('input.pin')?.value);
    await typePin(page, pin);
  } else {
    await page.waitForSelector('.pad');
    await page.keyboard.press('Escape');
  }
  await choosePlace(page, gate, lane);
}

export async function choosePlace(page, gate = 1, lane = 1) {
  await page.locator('.chooser .choice').nth(gate - 1).click();
  await page.locator(`.choice.lane[data-key="${lane}"]`).click();
  await page.waitForSelector('.ready');
}

/** A kiosk of its own device, its officer at work, its lists loaded. */
export async function kiosk(role, options = {}) {
  const page = await openPage('/kiosk', options);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  await signIn(page, role, options);
  await listsLoaded(page);
  return page;
}

/** Until keys, revocations and expected vehicles are there, and the service worker has the page. */
export async function listsLoaded(page) {
  await page.waitForFunction(() => document.querySelector('.ages') && !document.querySelector('.ages .old'));
}

export async function workerReady(page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
}

/** What the kiosk has on its disk. */
export const outbox = (page) => page.evaluate(() => new Promise((resolve, reject) => {
  const open = indexedDB.open('gate-kiosk');
  open.onerror = () => reject(open.error);
  open.onsuccess = () => {
    const all = open.result.transaction('outbox').objectStore('outbox').getAll();
    all.onsuccess = () => {
      open.result.close();
      resolve(all.result);
    };
  };
}));

/** The same server, stopped and going on: what a pulled cable is to a kiosk. */
export function server() {
  const pid = Number(readFileSync(process.env.GATE_PID_FILE, 'utf8'));
  return { stop: () => process.kill(pid, 'SIGSTOP'), go: () => process.kill(pid, 'SIGCONT') };
}

/** The ledger's entries of a gate: what was recorded, in its order. @returns {Promise<any[]>} */
export async function ledger(gate = 'CKHN') {
  const entries = [];
  for (let after = '0'; after !== null;) {
    const { body } = await ask('GATE_TOKEN_CUSTOMS', 'GET', `/v1/gates/${gate}/ledger?after=${after}&limit=200`);
    entries.push(...body.items.map((item) => JSON.parse(item.body)));
    after = body.next;
  }
  return entries;
}
