// SPDX-License-Identifier: MIT
// with-service: --fast
// The base modules in a real browser, against the real service.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { axe, noFaults, openPage, shot } from './lib/browser.mjs';

/* Runs fn(base, argument) in a page whose base modules are loaded: base.api, base.form … */
async function inPage(page, fn, argument) {
  return page.evaluate(async ([text, value]) => {
    const home = document.querySelector('link[rel=stylesheet]').href.replace(/base\/base.css$/, '');
    const names = ['text', 'api', 'session', 'format', 'form', 'dom', 'live'];
    const base = Object.fromEntries(await Promise.all(names.map(async (name) =>
      [name, await import(`${home}base/${name}.js`)])));
    globalThis.base = base;
    return globalThis[text](base, value);
  }, [await name(page, fn), argument]);
}

/* No eval under the page's policy: the function comes in as a script of the test's own. */
let count = 0;
async function name(page, fn) {
  const called = `step${++count}`;
  await page.evaluate(`globalThis.${called} = ${fn.toString()}`);
  return called;
}

/* As tests/unit/test_plate_text.c has for the printed pass. */
const PLATES = [['29C12345', '29C-123.45'], ['29C112345', '29C1-123.45'], ['29LD01234', '29LD-012.34'],
  ['15C1234', '15C-1234'], ['桂F12345', '桂F·12345'], ['粤BD12345', '粤B·D12345'], ['桂F1234挂', '桂F·1234挂'],
  ['LSGGG54X8KS123456', 'LSGGG54X8KS123456'], ['29C1234567', '29C1234567'], ['桂F12345挂', '桂F12345挂'], ['whatever', 'whatever']];

test('numbers, times, waits and plates are written as the language writes them', async () => {
  const said = {};
  for (const lang of ['vi', 'en', 'zh']) {
    const page = await openPage('/', { lang });
    said[lang] = await inPage(page, ({ format }, folded) => [
      format.number(1234567.5), format.time('2026-11-22T23:30:00Z'),
      format.beijing('2026-11-22T23:30:00Z'), format.date('2026-11-22T23:30:00Z'),
      format.interval(2400, 4200), format.duration(11100), format.interval(5400, 10800),
      ...folded.map(format.plate),
    ], PLATES.map(([folded]) => folded));
    await page.context().close();
  }
  const plates = PLATES.map(([, painted]) => painted);
  assert.deepEqual(said.vi, ['1.234.567,5', '06:30', '07:30', '23/11/2026', '40–70 phút', '3 giờ 05',
    '1 giờ 30 – 3 giờ 00', ...plates]);
  assert.deepEqual(said.en, ['1,234,567.5', '06:30', '07:30', '23/11/2026', '40–70 min', '3 h 05',
    '1 h 30 – 3 h 00', ...plates]);
  assert.deepEqual(said.zh, ['1,234,567.5', '06:30', '07:30', '2026/11/23', '40–70 分钟',
    '3 小时 05 分', '1 小时 30 分 – 3 小时 00 分', ...plates]);
});

test('a refusal carries its code and a text in the language of the page', async () => {
  const page = await openPage('/', { lang: 'zh' });
  const problem = await inPage(page, async ({ api }) => {
    try { await api.api('GET', '/v1/declarations'); } catch (error) {
      return { name: error.name, status: error.status, code: error.code, text: error.text };
    }
    return null;
  });
  assert.equal(problem.name, 'Problem');
  assert.equal(problem.status, 401);
  assert.match(problem.text, /[\u4e00-\u9fff]/);
  await page.context().close();
});

test('a server that is not there is Offline, and a write that asks for it is tried again as the same', async () => {
  const page = await openPage('/', { lang: 'en' });
  const keys = [];
  await page.route('**/v1/scans', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length < 3) await route.abort('connectionrefused');
    else await route.continue();
  });
  const outcome = await inPage(page, async ({ api }, bearer) => {
    let once;
    try { await api.api('POST', '/v1/scans', { body: { plate: '29C12345' }, bearer }); } catch (error) {
      once = error.name;
    }
    const { status } = await api.api('POST', '/v1/scans', { body: { plate: '29C12345' }, bearer, retries: 3 });
    return [once, status];
  }, process.env.GATE_TOKEN_CUSTOMS);
  assert.deepEqual(outcome, ['Offline', 200]);
  assert.equal(keys.length, 3);
  assert.notEqual(keys[0], keys[1]);
  assert.equal(keys[1], keys[2]);
  await page.context().close();
});

test('a session that ends in the middle asks again over the page and repeats the request', async () => {
  const page = await openPage('/', { lang: 'en' });
  const [user, password] = process.env.GATE_LOGIN_FIRM.split(':');
  await inPage(page, ({ session, dom }) => {
    document.querySelector('main').append(dom.h('input', { id: 'typed', 'aria-label': 'typed' }));
    globalThis.entered = session.requireSession({ roles: ['firm'] }).then((who) => who.role);
  });
  await page.waitForSelector('dialog.over');
  await axe(page);
  await page.fill('[name=user]', user);
  await page.fill('[name=password]', 'not the password');
  await page.click('dialog button');
  await page.waitForFunction(() => document.querySelector('dialog .error').textContent);
  await shot(page, 'signin-refused');
  await page.fill('[name=password]', password);
  await page.click('dialog button');
  assert.equal(await page.evaluate(() => globalThis.entered), 'firm');
  await page.fill('#typed', 'half a declaration');
  await page.context().clearCookies();
  await inPage(page, ({ api }) => {
    globalThis.asked = api.api('GET', '/v1/declarations').then(({ status }) => status);
  });
  await page.waitForSelector('dialog.over .note');
  await page.fill('[name=user]', user);
  await page.fill('[name=password]', password);
  await page.click('dialog button');
  assert.equal(await page.evaluate(() => globalThis.asked), 200);
  assert.equal(await page.inputValue('#typed'), 'half a declaration');
  await noFaults(page);
  await page.context().close();
});

test('who else signs in when a session ended gets a page of their own, and sends nothing that was typed', async () => {
  const page = await openPage('/firm', { lang: 'en', login: 'FIRM' });
  await page.waitForSelector('.bar .who');
  await page.evaluate(() => { globalThis.isOld = true; });
  await page.context().clearCookies();
  const sent = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/v1/declarations')) sent.push(request.url());
  });
  await inPage(page, ({ api }) => { // of the very modules that the page has
    api.api('POST', '/v1/declarations', { body: { gate: 'CKHN', direction: 'export' } }).catch(() => {});
  });
  await page.waitForSelector('dialog.lasting .note');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog.lasting[open]');
  await page.click('dialog button');
  await page.waitForSelector('dialog [name=user][aria-invalid]');
  assert.match(await page.textContent('dialog'), /Type your user name/);
  const [user, password] = process.env.GATE_LOGIN_FIRM2.split(':');
  await page.fill('[name=user]', user);
  await page.fill('[name=password]', password);
  await page.click('dialog button');
  await page.waitForFunction(() => !globalThis.isOld && document.querySelector('.bar .who'));
  assert.equal(sent.length, 1, 'only the one that was refused');
  await noFaults(page);
  await page.context().close();
});

test('signing out works when the session is over already, and says when it does not', async () => {
  const page = await openPage('/firm', { lang: 'en', login: 'FIRM' });
  await page.waitForSelector('.bar .who');
  await page.context().setOffline(true);
  await page.click('.bar [data-t="base.signout"]');
  await page.waitForFunction(() => /cannot be reached/.test(document.querySelector('.toast')?.textContent));
  await page.context().setOffline(false);
  await page.context().clearCookies();
  await page.click('.bar [data-t="base.signout"]');
  await page.waitForSelector('form.signin');
  await page.context().close();
});

test('a change in a session carries its token, and signing out ends it', async () => {
  const page = await openPage('/', { lang: 'en', login: 'FIRM' });
  const outcome = await inPage(page, async ({ session, api }) => {
    const who = await session.session();
    const filed = await api.api('POST', '/v1/declarations', { body: { gate: 'CKHN', direction: 'export' } });
    await session.signOut();
    const after = await api.api('GET', '/v1/declarations').catch((error) => error.status);
    return [who.role, filed.status, filed.body.state, after];
  });
  assert.deepEqual(outcome, ['firm', 201, 'draft', 401]);
  await page.context().close();
});

test('each error stands at its field until that is changed, the rest at the end', async () => {
  const page = await openPage('/', { lang: 'en' });
  const said = await inPage(page, ({ dom, form }) => {
    const { h } = dom;
    const field = (label, input) => h('label', { class: 'field' }, h('span', null, label), input);
    const it = h('form', null, field('Plate', h('input', { name: 'plate' })),
      field('HS', h('input', { name: 'hs' })));
    document.querySelector('main').replaceChildren(it);
    const placed = form.showErrors(it, { text: 'The form is not right', errors: [
      { pointer: '/goods/0/hs', text: 'No such code', code: 'hs_unknown' },
      { pointer: '/plate', text: 'Not a plate', code: 'plate_format' },
      { pointer: '/elsewhere', text: 'Something else', code: 'x' }] },
    { pointerToField: { '/goods/0/hs': 'hs' } });
    const texts = () => [...it.querySelectorAll('.field-error')].map((node) => node.textContent);
    const first = texts();
    it.elements.plate.value = '29C12345';
    it.elements.plate.dispatchEvent(new Event('input', { bubbles: true }));
    return { placed, first, focus: document.activeElement.name, then: texts(),
      described: document.getElementById(it.elements.hs.getAttribute('aria-describedby')).textContent,
      invalid: it.elements.plate.getAttribute('aria-invalid') };
  });
  assert.equal(said.placed, 2);
  assert.deepEqual(said.first.sort(), ['/elsewhere Something else', 'No such code', 'Not a plate']);
  assert.equal(said.focus, 'hs');
  assert.equal(said.then.length, 2);
  assert.equal(said.described, 'No such code');
  assert.equal(said.invalid, null);
  await axe(page);
  await page.context().close();
});

test('a double click is one request, and one that got no answer is repeated under its key', async () => {
  const page = await openPage('/', { lang: 'en' });
  await inPage(page, ({ dom, form, api }) => {
    globalThis.keys = [];
    const button = dom.h('button', null, 'Send');
    document.querySelector('main').replaceChildren(button);
    form.once(button, async (key) => {
      globalThis.keys.push(key);
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (globalThis.keys.length === 1) throw new api.Offline();
    });
    addEventListener('unhandledrejection', (event) => event.preventDefault());
  });
  await page.dblclick('main button');
  await page.waitForSelector('main button:not([aria-busy])');
  await page.click('main button');
  await page.waitForSelector('main button:not([aria-busy])');
  await page.click('main button');
  await page.waitForSelector('main button:not([aria-busy])');
  const keys = await page.evaluate(() => globalThis.keys);
  assert.equal(keys.length, 3);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
  await page.context().close();
});

test('a stream that ends is taken up where it was', async () => {
  const page = await openPage('/', { lang: 'en' });
  const seen = [];
  await page.route('**/board/stream', async (route) => {
    seen.push(route.request().headers()['last-event-id'] ?? null);
    if (seen.length > 1) await route.continue();
    else await route.fulfill({ contentType: 'text/event-stream', body:
      'retry: 50\n\n: beat\n\nid: seven\nevent: board\ndata: {"gate":\ndata: "there"}\n\nevent: cut off' });
  });
  await inPage(page, ({ live }) => {
    globalThis.events = [];
    globalThis.states = [];
    globalThis.stream = live.live('/v1/gates/CKHN/board/stream', {
      on: { board: (data, id) => globalThis.events.push([data.gate, id]) },
      state: (state) => globalThis.states.push(state) });
  });
  await page.waitForFunction(() => globalThis.events.length === 2);
  const [first, second] = await page.evaluate(() => globalThis.events);
  assert.deepEqual(first, ['there', 'seven']);
  assert.equal(second[0], 'CKHN');
  assert.deepEqual(seen, [null, 'seven']);
  const states = await page.evaluate(() => { globalThis.stream.close(); return globalThis.states; });
  assert.equal(states.at(-1), 'live');
  assert.ok(states.includes('lost'));
  await page.context().close();
});
