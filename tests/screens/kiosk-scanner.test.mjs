// SPDX-License-Identifier: MIT
// What comes fast is a scan, what comes slowly is a person; what was changed on its way is told so.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Clock } from '../../services/web/kiosk/clock.js';
import { fold, platesAgree, readPlate } from '../../services/web/kiosk/plate.js';
import { readScan } from '../../services/web/kiosk/scan.js';
import { Scanner } from '../../services/web/kiosk/scanner.js';

const vectors = JSON.parse(readFileSync(new URL('../vectors/pass.json', import.meta.url)));
const DIGITS = vectors.passes[0].digits;

/** Types keys at a pace; what the scanner made of them, and which keys others saw. */
function typed(keys, gapMs, { start = 1000, scanner } = {}) {
  const scans = [];
  const seen = [];
  const on = scanner ?? new Scanner({ onScan: (burst) => scans.push(burst) });
  let now = start;
  for (const key of keys) {
    const press = typeof key === 'string' ? { key } : key;
    if (on.press(press, now) === 'leave') seen.push(press.key);
    now += gapMs;
  }
  on.tick(now + 1000);
  return { scans, seen, scanner: on, now };
}

test('a pass typed by a scanner is one scan, its Enter is swallowed', () => {
  const { scans, seen } = typed([...DIGITS, 'Enter'], 10);
  assert.deepEqual(scans.map((scan) => scan.text), [DIGITS]);
  assert.ok(seen.length < 4 && !seen.includes('Enter'));
});

test('a scanner without Enter is done when it is silent', () => {
  assert.equal(typed([...DIGITS], 10).scans.length, 1);
});

test('a computer that stalls in the middle of a pass cuts nothing off', () => {
  const scans = [];
  const scanner = new Scanner({ onScan: (burst) => scans.push(burst.text), isPartial: (text) => text.length < DIGITS.length });
  const { now } = typed([...DIGITS.slice(0, 100)], 10, { scanner: { press: (...key) => scanner.press(...key), tick() {} } });
  scanner.tick(now + 600);
  typed([...DIGITS.slice(100), 'Enter'], 10, { scanner, start: now + 700 });
  assert.deepEqual(scans, [DIGITS]);
});

test('a scanner that ends with two Enters confirms nothing', () => {
  const { seen } = typed([...DIGITS, 'Enter', 'Enter'], 12);
  assert.ok(!seen.includes('Enter'));
});

test('a person may type as fast as people do', () => {
  const { scans, seen } = typed([...'29C12345', 'Enter'], 70);
  assert.equal(scans.length, 0);
  assert.equal(seen.length, 9);
});

test('two scans without a pause between them are two', () => {
  const { scans } = typed([...DIGITS, 'Enter', ...DIGITS, 'Enter'], 10);
  assert.equal(scans.length, 2);
});

test('an input method that takes keys back has mangled the scan', () => {
  const keys = [...DIGITS.slice(0, 40), 'Backspace', 'đ', ...DIGITS.slice(40), 'Enter'];
  const [burst] = typed(keys, 10).scans;
  assert.deepEqual(readScan(burst.text, burst).cause, 'telex');
  const process = [...DIGITS.slice(0, 40), 'Process', ...DIGITS.slice(41), 'Enter'];
  const [other] = typed(process, 10).scans;
  assert.equal(readScan(other.text, other).kind, 'mangled');
});

test('Caps Lock that turns digits into signs is told', () => {
  const signs = ')!@#$%^&*(';
  const keys = [...DIGITS].map((digit) => ({ key: signs[digit], code: `Digit${digit}`, caps: true }));
  const [burst] = typed([...keys, 'Enter'], 10).scans;
  assert.deepEqual(readScan(burst.text, burst), { kind: 'mangled', value: burst.text, cause: 'caps' });
});

test('what was scanned is told apart by its form, as the server does', () => {
  const kinds = {
    [DIGITS]: 'pass', '01000000000001': 'crossing', 20261122010001: 'declaration',
    '2026112201000123': 'declaration', '29C-123.45': 'plate', '29c 12345': 'plate', '桂F12345': 'plate',
    F12345: 'plate', '29RM01234': 'plate', 'lvshcamb 1ce054249': 'plate', 'https://example.com/': 'unreadable', 12345: 'unreadable',
    '0100000000000137233458Đ5414850': 'mangled', '20261399010001': 'crossing',
  };
  for (const [text, kind] of Object.entries(kinds)) assert.equal(readScan(text).kind, kind, text);
});

test('plates are folded and compared as the server does', () => {
  assert.equal(fold(' ２９с-123.45 '), '29C12345');
  assert.equal(readPlate('29LĐ-123.45'), '29LD12345');
  assert.equal(readPlate('F1234掛'), '桂F1234挂');
  assert.equal(readPlate('29I12345'), null);
  assert.equal(readPlate('29c-1234o'), '29C12340'); // typed for a nought
  assert.ok(platesAgree('桂F12345', '粤F12345') && platesAgree('桂F12345', 'F12345'));
  assert.ok(!platesAgree('29C12345', '29C12346'));
});

test('a device clock behind the last server time is not believed', () => {
  let device = 1_000_000;
  const saved = [];
  const clock = new Clock({ device: () => device, save: (floor) => saved.push(floor) });
  clock.learn(2_000_000);
  assert.equal(clock.now(), 2_000_000);
  assert.equal(clock.wrongBy(), -1_000_000);
  device = 2_500_000;
  assert.equal(clock.now(), 2_500_000);
  clock.learn(1_500_000);
  assert.deepEqual(saved, [2_000_000]);
  assert.equal(new Clock({ floorMs: saved[0], device: () => 5 }).now(), 2_000_000);
});
