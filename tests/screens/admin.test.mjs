// SPDX-License-Identifier: MIT
// with-service: --fast
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DESKTOP, everywhere, good, noFaults, noOverflow, openPage, PHONE, shot } from './lib/browser.mjs';
import { post, send } from './lib/gate.mjs';

const SECTIONS = ['firms', 'officers', 'users', 'devices', 'keys', 'procedure', 'credits', 'windows',
  'calendar', 'reference', 'audit'];

/* The dialog on top: fill its fields by name, and send it. */
async function typeInto(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`dialog[open] [name="${name}"]`).first();
    if (await field.evaluate((one) => one.tagName === 'SELECT')) await field.selectOption(value);
    else await field.fill(value);
  }
  await page.click('dialog[open] button[type="submit"]');
}

async function open(page, section) {
  await page.click(`.sections a[href="#${section}"]`);
  await page.waitForSelector(section === 'audit' ? '.trail li' : '.section tbody tr, .section [role="status"]:not(:empty)');
}

const rowWith = (page, text) => page.locator('.section tbody tr', { hasText: text });

test('who is no administrator is not let in', async () => {
  const page = await openPage('/admin', { login: 'CUSTOMS', lang: 'en' });
  await page.waitForSelector('form.signin');
  assert.match(await page.textContent('main'), /cannot use this screen/);
  assert.equal(await page.locator('.sections').count(), 0);
  await noFaults(page);
  await page.context().close();
});

test('a firm, its user and its key: added, shown once, ended, and in the trail', async () => {
  const page = await openPage('/admin', { login: 'ADMIN', lang: 'en' });
  await open(page, 'firms');
  await page.click('text=Add a firm');
  await typeInto(page, { tax_code: '0100109107', name: 'Công ty Vận tải Thử' });
  const error = page.locator('dialog[open] .field-error');
  assert.match(await error.textContent(), /check digit/);
  assert.equal(await page.inputValue('dialog[open] [name="name"]'), 'Công ty Vận tải Thử');
  await typeInto(page, { tax_code: '0100109106' });
  await rowWith(page, '0100109106').waitFor();
  await page.locator('.trail li', { hasText: 'Firm added' }).first().waitFor();

  await rowWith(page, '0100109106').getByText('New user').click();
  await typeInto(page, { user: 'Thu', name: 'Lê Thu' });
  assert.match(await page.locator('dialog[open] .field-error').textContent(), /user name/i);
  await typeInto(page, { user: 'thu.le' });
  const password = await page.textContent('dialog[open] .secret');
  assert.match(password, /^([a-z0-9]{4}-){3}[a-z0-9]{4}$/);
  await shot(page, 'admin-secret');
  await page.click('dialog[open] button[type="submit"]');

  await rowWith(page, '0100109106').getByText('New key').click();
  await typeInto(page, { device: 'erp-1' });
  const key = await page.textContent('dialog[open] .secret');
  assert.match(key, /^bg_firm_/);
  await page.click('dialog[open] button[type="submit"]');
  assert.equal(await page.content().then((text) => text.includes(key)), false);

  await open(page, 'users');
  await rowWith(page, 'thu.le').waitFor();
  assert.match(await rowWith(page, 'thu.le').textContent(), /Password to be changed/);
  await page.locator('.trail li', { hasText: 'thu.le' }).first().waitFor();

  await open(page, 'firms');
  await rowWith(page, '0100109106').getByText('Disable', { exact: true }).click();
  await typeInto(page, { reason: 'đóng mã số thuế' });
  await rowWith(page, '0100109106').getByText('Disabled').waitFor();
  await page.locator('.trail li', { hasText: 'đóng mã số thuế' }).waitFor();
  await good(page);
  await page.context().close();
});

test('a new user chooses a password before anything else', async () => {
  const { user, password } = await post('admin', '/users',
    { tax_code: '9900000016', user: 'moi.vao', name: 'Mới Vào' });
  const { user: boss, password: once } = await post('admin', '/users', { name: 'Quản trị Hai', user: 'hai.qt',
    principal: (await post('admin', '/officers', { name: 'Quản trị Hai', role: 'admin', gates: [] })).officer.id });
  assert.ok(user.must_change && boss.must_change && password);
  const page = await openPage('/admin', { lang: 'en' });
  await page.fill('[name="user"]', 'hai.qt');
  await page.fill('[name="password"]', once);
  await page.click('form.signin button');
  await page.waitForSelector('dialog[open] [name="old"]');
  await good(page);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('dialog[open]').count(), 1);
  await typeInto(page, { old: once, new: 'short', again: 'short' });
  await page.locator('dialog[open] .field-error', { hasText: '10 characters' }).waitFor();
  await typeInto(page, { new: 'bốn xe sầu riêng', again: 'năm xe sầu riêng' });
  await page.locator('dialog[open] .field-error', { hasText: 'not the same' }).waitFor();
  await typeInto(page, { again: 'bốn xe sầu riêng' });
  await page.waitForSelector('.sections');
  await page.click('.bar .who');
  await page.getByText('Sign out everywhere').click();
  await page.waitForSelector('form.signin');
  await page.context().close();
});

test('officers, kiosks, keys: found, and ended', async () => {
  const page = await openPage('/admin#officers', { login: 'ADMIN', lang: 'en' });
  await page.click('text=Add an officer');
  await typeInto(page, { name: 'Trần Văn Mới', role: 'officer', agency: 'plant' });
  await rowWith(page, 'Trần Văn Mới').getByText('New key').click();
  await page.click('dialog[open] button[type="submit"]');
  const key = await page.textContent('dialog[open] .secret');
  await page.click('dialog[open] button[type="submit"]');
  await open(page, 'keys');
  await page.getByText('Show more').click({ timeout: 500 }).catch(() => null);
  await rowWith(page, key.slice(0, 13)).getByText('Revoke', { exact: true }).click();
  await typeInto(page, { reason: 'lost' });
  await rowWith(page, key.slice(0, 13)).getByText('Revoked').waitFor();
  await page.context().close();
});

test('rules are published as versions: procedure, credits, windows, codes, calendar', async () => {
  const page = await openPage('/admin#credits', { login: 'ADMIN', lang: 'en' });
  await page.getByText('New version').click();
  await typeInto(page, { effective_from: '2037-01-01T00:00', credit_perishable: '100' });
  await rowWith(page, '1 h 40').waitFor();

  await open(page, 'windows');
  await page.getByText('Set places').click();
  await typeInto(page, { gate: 'TT', direction: 'export', places: '12', effective_from: '2037-01-01T00:00' });
  await rowWith(page, '12').first().waitFor();

  await open(page, 'reference');
  await page.getByText('Class by HS code').click();
  await typeInto(page, { code: '0709', class: 'perishable', effective_from: '2037-01-01' });
  await page.getByLabel('Past and coming ones, too').check();
  await rowWith(page, '0709').waitFor();

  await page.click('.sections a[href="#calendar"]');
  await page.getByText('Add an exception').click();
  await typeInto(page, { mode: 'closed', from: '2037-02-15T00:00', to: '2037-02-15T23:59', reason: 'Tết' });
  await rowWith(page, 'Tết').waitFor();
  await page.locator('.trail li', { hasText: 'Calendar changed' }).waitFor();
  await rowWith(page, 'Tết').getByText('Take out').click();
  await typeInto(page, { reason: '' });
  await page.getByText('Nothing yet.').first().waitFor();

  await open(page, 'procedure');
  await page.getByText('New version').click();
  await page.waitForSelector('dialog[open] [name="steps/0/needed"]');
  await shot(page, 'admin-procedure-edit');
  await good(page);
  await typeInto(page, { note: 'Bỏ kiểm dịch y tế khi xuất', effective_from: '2037-01-01T00:00', 'steps/2/needed': '' });
  await page.locator('.trail li', { hasText: 'Bỏ kiểm dịch y tế' }).waitFor();
  await page.selectOption('.head select', '2');
  await page.getByText('Bỏ kiểm dịch y tế khi xuất').first().waitFor();
  const before = await send('admin', 'GET', '/procedures?version=1');
  const after = await send('admin', 'GET', '/procedures?version=2');
  assert.equal(after.steps.length, before.steps.length - 1);
  await page.context().close();
});

test('every section reads well in three languages, on a desk and on a phone', async () => {
  await everywhere(async (where) => {
    const page = await openPage('/admin', { ...where, login: 'ADMIN' });
    for (const section of SECTIONS) {
      await open(page, section);
      if (where.lang === 'vi' && where.width === DESKTOP.width) await good(page);
      else await noOverflow(page);
      if (where.width === DESKTOP.width) assert.deepEqual(await page.$$eval('.section .scroll', (lists) =>
        lists.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.getAttribute('aria-label'))), [], 'no button lies beyond the edge of a desk');
      if (where.lang === 'vi' || section === 'firms') await shot(page, `admin-${section}-${where.lang}-${where.width}`);
    }
    await noFaults(page);
    await page.context().close();
  });
});

test('the dialogs read well at night and on a phone', async () => {
  for (const [theme, size] of [['dark', DESKTOP], ['light', PHONE]]) {
    const page = await openPage('/admin#officers', { theme, ...size, login: 'ADMIN' });
    await page.click('.head button.main');
    await page.waitForSelector('dialog[open] [name="role"]');
    await good(page);
    await shot(page, `admin-officer-add-${theme}-${size.width}`);
    await page.context().close();
  }
});
