// SPDX-License-Identifier: MIT
// with-service: --fast
// Every verdict, in every language, on a desk and on a phone, by day and by night: readable, nothing cut
// off. The view is a function of the answer, so it is given answers.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { GATE, LANGUAGES, DESKTOP, PHONE, axe, good, noFaults, noOverflow, openPage, shot } from './lib/browser.mjs';

const CROSSING = { id: '01000000000001', plate: '29C12345', state: 'called', class: 'frozen_live',
  direction: 'export', trailer_plate: '29R00123', lane: 2, channel: 'yellow' };
const NEXT = [{ step: 'border_guard_finish', agency: 'border_guard' }];
const OFFLINE = { unchecked: ['signature', 'revocations_stale', 'used_elsewhere', 'held_since', 'hours'],
  listAt: 1795312800000, revocationsAt: 1795312800000 };
const base = { verdict: 'stop', text: null, crossing: CROSSING, next: [], others: [] };

/** Answers as the server and the kiosk give them. */
const ANSWERS = {
  go: { ...base, verdict: 'go', reason: 'ok', next: NEXT },
  channels: { ...base, verdict: 'go', reason: 'ok', next: [{ step: 'registered', agency: 'customs' }] },
  offline: { ...base, verdict: 'go', reason: 'ok', next: NEXT, offline: OFFLINE },
  stop: { ...base, reason: 'pass_superseded' },
  gate: { ...base, reason: 'wrong_gate', right_gate: 'TT', right_gate_names: { vi: 'Tân Thanh – Pò Chài', en: 'Tan Thanh', zh: '新清—浦寨' } },
  look: { ...base, verdict: 'look', reason: 'not_open_yet', others: [{ step: 'customs_finish', agency: 'customs' }, { step: 'plant', agency: 'plant' }] },
  duplicate: { ...base, verdict: 'look', reason: 'duplicate_scan', done: { step: 'gate_in', at: '2026-11-22T10:02:03+07:00',
    by: 'Trần Thị Bích Ngọc', gate: 'CKHN', lane: 3, device: 'kiosk-3', note: 'Xe đi cùng đoàn' } },
  mismatch: { ...base, reason: 'plate_mismatch', plates: { pass: '29C12345', vehicle: '29C12354' } },
  hold: { ...base, reason: 'crossing_held', held: [{ step: 'plant', agency: 'plant' }],
    done: { step: 'plant', agency: 'plant', at: '2026-11-22T10:02:03+07:00', by: 'Lê Văn Hùng', gate: 'CKHN', note: 'Cần kiểm tra thực tế' } },
  trouble: { ...base, reason: 'pass_mangled', cause: 'telex', crossing: null },
  unlisted: { ...base, verdict: 'look', reason: 'offline_not_listed', offline: OFFLINE,
    crossing: { ...CROSSING, plate: 'LVSHCFDB6GE123456', class: 'new_vehicle', state: null },
    choices: [{ step: 'gate_in', agency: 'border_guard' }, { step: 'border_guard_finish', agency: 'border_guard' }, { step: 'exit', agency: 'border_guard' }] },
  several: { ...base, verdict: 'look', reason: 'several_matches', crossing: null,
    matches: [{ ...CROSSING, plate: '桂F12345' }, { ...CROSSING, plate: '粤F1234挂' }] },
  full: { ...base, reason: 'not_recorded' },
};
const KINDS = { go: 'go', channels: 'go', offline: 'go', stop: 'stop', gate: 'stop', look: 'look', duplicate: 'duplicate',
  mismatch: 'mismatch', hold: 'hold', trouble: 'trouble', unlisted: 'look', several: 'look', full: 'trouble' };

/** Puts the view of an answer where the screen has its own. */
function put(page, answer) {
  return page.evaluate(async (given) => {
    const at = document.querySelector('script[type=module]').src.replace('/kiosk.js', '/');
    const [{ verdictView }, { kindOf }, { wordsReady }, { actionButtons, actionsOf }] = await Promise.all([
      import(`${at}verdict_view.js`), import(`${at}verdict.js`), import(`${at}../base/words.js`), import(`${at}actions.js`)]);
    await wordsReady();
    const shown = { stage: 'verdict', answer: given, kind: kindOf(given), busy: false };
    const view = verdictView(shown, { onConfirm() {}, onChoose() {} });
    document.querySelector('main').replaceChildren(view);
    document.querySelector('#actions').replaceChildren(...actionButtons(actionsOf({ shown, undoLeft: 42, counts: { look: 2 }, isOnline: true, do: {} })));
    return view.dataset.kind;
  }, answer);
}

for (const lang of LANGUAGES)
  test(`every verdict in ${lang}`, async () => {
    for (const size of [DESKTOP, PHONE]) {
      const page = await openPage('/kiosk', { lang, ...size });
      await page.waitForSelector('form');
      for (const [name, answer] of Object.entries(ANSWERS)) {
        assert.equal(await put(page, answer), KINDS[name], name);
        await noOverflow(page).catch((error) => { throw new Error(`${name} ${lang} ${size.width}: ${error.message}`); });
        await shot(page, `kiosk-${name}-${lang}-${size.width}`);
      }
      await noFaults(page);
      await page.context().close();
    }
  });

for (const theme of ['light', 'dark'])
  test(`every verdict can be read when it is ${theme}`, async () => {
    const page = await openPage('/kiosk', { theme });
    await page.waitForSelector('form');
    for (const [name, answer] of Object.entries(ANSWERS)) {
      await put(page, answer);
      await axe(page);
      const ratio = await page.evaluate(contrast);
      assert.ok(ratio >= 7, `${name}: ${ratio.toFixed(1)}:1`);
      if (theme === 'dark') await shot(page, `kiosk-${name}-night`);
    }
  });

/* Runs in the page: WCAG's ratio of the verdict's ink to its ground. */
function contrast() {
  const style = getComputedStyle(document.querySelector('.verdict'));
  const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((value) => value / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const [a, b] = [light(style.color), light(style.backgroundColor)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

test('what is pressed with gloves is 64 px high and wide', async () => {
  const page = await openPage('/kiosk', PHONE);
  await page.waitForSelector('form');
  for (const answer of Object.values(ANSWERS)) {
    await put(page, answer);
    const small = await page.$$eval('main button, #actions button', (buttons) => buttons
      .map((one) => one.getBoundingClientRect()).filter((box) => box.height < 64 || box.width < 64).length);
    assert.equal(small, 0);
  }
});

test('before the sign-in the screen is as good, in every language', async () => {
  for (const lang of LANGUAGES)
    for (const size of [DESKTOP, PHONE]) {
      const page = await openPage('/kiosk', { lang, ...size });
      await page.waitForSelector('form');
      await good(page);
      await shot(page, `kiosk-signin-${lang}-${size.width}`);
      await page.context().close();
    }
});

test('the kiosk weighs no more than 200 KiB, all of it', async () => {
  const html = await (await fetch(`${GATE}/kiosk`)).text();
  const assets = GATE + html.match(/src="(\/assets\/[^/]+)\/kiosk\/kiosk\.js"/)[1];
  const files = await (await fetch(`${assets}/base/files.json`)).json();
  const own = files.filter((file) => /^(base|pass|kiosk)\/|^texts\/(base|kiosk|words)\.json$|^vendor\/jsqr/.test(file));
  const sizes = await Promise.all(own.map(async (file) => {
    const answer = await fetch(`${assets}/${file}`, { method: 'HEAD', headers: { 'Accept-Encoding': 'gzip' } });
    return Number(answer.headers.get('Content-Length'));
  }));
  const kib = sizes.reduce((sum, size) => sum + size, html.length) / 1024;
  console.log(`# ${kib.toFixed(1)} KiB in ${sizes.length} files, the camera's reader included`);
  assert.ok(sizes.every((size) => size > 0) && kib <= 200);
});
