// SPDX-License-Identifier: MIT
// Chromium for the tests of the screens: one for each file, a fresh profile for each page.
import { after } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../services/web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const AXE = require('axe-core').source;

/** Where gated listens, as tests/with-service says. */
export const GATE = process.env.GATE_URL ?? assert.fail('run this under tests/with-service');
export const LANGUAGES = ['vi', 'en', 'zh'];
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

const LOCALES = { vi: 'vi-VN', en: 'en-GB', zh: 'zh-CN' };
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--no-proxy-server'];

/** Chromium with its windows, of which only a camera has need. */
export const WHOLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
/* The same without: half the work for a page. */
const SHELL = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';

let browser = null;

/** The file's browser, with further arguments when it is the first to ask. */
export async function chromiumFor(more = [], { env = {}, program = existsSync(SHELL) ? SHELL : WHOLE } = {}) {
  browser ??= await chromium.launch({ executablePath: program,
    headless: true, args: [...ARGUMENTS, ...more], env: { ...process.env, ...env } });
  return browser;
}

after(() => browser?.close());

/* What the page said that it should not have: kept on the page, asserted by good(). */
function listen(page) {
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(`error: ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource'))
      page.faults.push(`console: ${line.text()}`);
  });
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (!['data:', 'blob:'].includes(address.protocol) && address.origin !== page.origin)
      page.faults.push(`outside: ${address.origin}`);
  });
}

function prepare({ lang }) {
  globalThis.textsAreStrict = true;
  try {
    if (!localStorage.getItem('gate.language')) localStorage.setItem('gate.language', lang);
  } catch { /* about:blank has no storage */ }
  globalThis.policyFaults = [];
  addEventListener('securitypolicyviolation', (event) =>
    globalThis.policyFaults.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
}

/**
 * A page of its own profile. login: 'FIRM', 'CUSTOMS' … as in GATE_LOGIN_…
 * @param {string} path
 * @param {{lang?: 'vi'|'en'|'zh', width?: number, height?: number, login?: string, theme?: string,
 *          origin?: string, context?: Object}} [options]
 */
export async function openPage(path, options = {}) {
  const { lang = 'vi', login, theme = 'light', origin = GATE } = options;
  const { width = DESKTOP.width, height = width < 600 ? PHONE.height : DESKTOP.height } = options;
  const context = await (await chromiumFor()).newContext({ viewport: { width, height },
    locale: LOCALES[lang], timezoneId: 'Asia/Ho_Chi_Minh', colorScheme: theme,
    baseURL: origin, ...options.context });
  await context.addInitScript(prepare, { lang });
  const page = await context.newPage();
  page.origin = new URL(origin).origin;
  listen(page);
  if (login) await signInAs(page, login);
  await page.goto(path);
  await page.waitForFunction(() => document.querySelector('main')?.children.length);
  return page;
}

/** Signs in as GATE_LOGIN_<role>, by the API; the page's cookies have the session. */
export async function signInAs(page, role) {
  const [user, password] = (process.env[`GATE_LOGIN_${role}`] ?? assert.fail(`no login ${role}`))
    .split(':');
  const answer = await page.context().request.post(`${page.origin}/v1/sessions`,
    { data: { user, password } });
  assert.equal(answer.status(), 201, await answer.text());
  return answer.json();
}

/* Runs in the page: only what is said comes back, for all that axe has found is much more. */
async function findViolations() {
  const found = await globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'], preload: false,
  });
  return found.violations.map((one) =>
    `${one.id}: ${one.nodes.map((node) => node.html).join(' | ').slice(0, 400)}`);
}

/** No rule of WCAG 2.2 AA, as far as axe can tell, is broken. */
export async function axe(page) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(AXE); // once for a document
  assert.deepEqual(await page.evaluate(findViolations), []);
}

/* Runs in the page: what sticks out of it, or is cut off. */
function findOverflow() {
  const found = [];
  const width = document.documentElement.clientWidth;
  const scrolls = (node) => {
    for (let one = node; one && one !== document.body; one = one.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowX)) return true;
    return false;
  };
  const isForReaders = (node) => {      // of screens: a pixel that is clipped away
    for (let one = node; one && one !== document.body; one = one.parentElement)
      if (one.offsetWidth <= 1 && getComputedStyle(one).position === 'absolute') return true;
    return false;
  };
  if (document.documentElement.scrollWidth > width + 1)
    found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const node of document.body.querySelectorAll('*')) {
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height || node.closest('.unseen, .skip, svg')) continue;
    if (isForReaders(node)) continue;
    const style = getComputedStyle(node);
    const name = `${node.tagName.toLowerCase()}.${node.className} "${node.textContent.slice(0, 40)}"`;
    if (box.right > width + 1 && !scrolls(node)) found.push(`${name} reaches ${box.right}`);
    if (style.overflowX !== 'visible' && !/auto|scroll/.test(style.overflowX) &&
        node.scrollWidth > node.clientWidth + 1 && node.textContent.trim())
      found.push(`${name} is cut off`);
    if (/^(button|a|th|td|label|p|h[1-6])$/i.test(node.tagName) && style.display !== 'inline' &&
        node.scrollWidth > node.clientWidth + 1 && !scrolls(node))
      found.push(`${name} overflows`);
  }
  return found;
}

/** Nothing sticks out of the page or is cut off. */
export async function noOverflow(page) {
  assert.deepEqual(await page.evaluate(findOverflow), []);
}

/** No error, no request to another host, no violation of the Content-Security-Policy. */
export async function noFaults(page) {
  const policy = await page.evaluate(() => globalThis.policyFaults);
  assert.deepEqual([...page.faults, ...policy], []);
}

/** All of that at once. */
export async function good(page) {
  await axe(page);
  await noOverflow(page);
  await noFaults(page);
}

/** With GATE_SHOTS=DIRECTORY: a picture of the page, to look at. */
export async function shot(page, name) {
  const folder = process.env.GATE_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

/** Calls fn for each language at desktop and phone width. */
export async function everywhere(fn) {
  for (const lang of LANGUAGES)
    for (const size of [DESKTOP, PHONE]) await fn({ lang, ...size });
}
