// SPDX-License-Identifier: MIT
// with-service: --fast
// The pass before a camera: the server's own picture of it, held askew in bad light, is read by the
// kiosk in Chromium, and the camera is given back whatever happens.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATE, WHOLE, chromiumFor, good, shot } from './lib/browser.mjs';
import { file, kiosk, press, shows } from './lib/kiosk.mjs';
import { readPng, seen, video } from './lib/picture.mjs';

const VIEW = { width: 1280, height: 720 };
const folder = mkdtempSync(join(tmpdir(), 'gate-camera-'));
after(() => rmSync(folder, { recursive: true }));

const [truck] = await file(1);
const answer = await fetch(`${GATE}/v1/crossings/${truck.id}/pass.png`,
  { headers: { Authorization: `Bearer ${process.env.GATE_FIRM_KEY}` } });
assert.equal(answer.status, 200);
const pass = readPng(Buffer.from(await answer.arrayBuffer()));
const fits = (0.95 * VIEW.height) / pass.height;
const table = seen(null, { ...VIEW, scale: 1, degrees: 0 });
const held = (share, degrees) => seen(pass, { ...VIEW, scale: fits * share, degrees });
const film = join(folder, 'pass.y4m');
writeFileSync(film, video([table, table, held(1, 7), held(1, -11), held(0.9, 4)], VIEW.width, VIEW.height));
await chromiumFor(['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`],
  { program: WHOLE });

/** The cameras that the page was given and has not given back. */
const running = (page) => page.evaluate(() => globalThis.tracks.filter((track) => track.readyState === 'live').length);

/** Runs in the page: notes each camera; with a hold() the next one comes only when it is let go. */
function watchCameras() {
  globalThis.tracks = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    globalThis.tracks.push(...stream.getTracks());
    await globalThis.held;
    return stream;
  };
}

async function withCamera(options = {}) {
  const page = await kiosk('CUSTOMS', { lang: 'en', context: { permissions: ['camera'] }, ...options });
  await page.evaluate(watchCameras);
  return page;
}

test('a pass held before the camera gives its verdict, and the camera goes off', async () => {
  const page = await withCamera();
  await press(page, 'c');
  await page.waitForFunction(() => document.querySelector('dialog.camera video')?.videoWidth > 0);
  await shot(page, 'kiosk-camera-picture');
  const begun = performance.now();
  await shows(page, 'go', 30_000);
  console.log(`# read in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  assert.ok((await page.textContent('.verdict')).includes(truck.id));
  assert.equal(await page.locator('dialog[open]').count(), 0);
  assert.equal(await running(page), 0);
  await good(page);
});

test('closed before the browser gave the camera, it is given back at once', async () => {
  const page = await withCamera();
  await page.evaluate(() => { globalThis.held = new Promise((resolve) => { globalThis.letGo = resolve; }); });
  await press(page, 'c');
  await page.waitForFunction(() => globalThis.tracks.length === 1);
  await press(page, 'Escape');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
  await page.evaluate(() => globalThis.letGo());
  await page.waitForFunction(() => globalThis.tracks.every((track) => track.readyState === 'ended'), null, { timeout: 5000 });
  assert.equal(await running(page), 0);
});

test('a camera that is refused, or pulled out, is said in the dialog', async () => {
  const page = await kiosk('CUSTOMS', { lang: 'en' });
  await press(page, 'c');
  await page.waitForFunction(() => /Allow it/.test(document.querySelector('dialog.camera .error')?.textContent));
  await good(page);
  await page.context().grantPermissions(['camera']);
  await press(page, 'Escape');
  await page.evaluate(watchCameras);
  await page.route('**/vendor/jsqr.js', () => {}); // nothing reads it
  await press(page, 'c');
  await page.waitForFunction(() => globalThis.tracks[0]?.readyState === 'live');
  await page.evaluate(() => {
    globalThis.tracks[0].stop();
    globalThis.tracks[0].dispatchEvent(new Event('ended')); // as the browser tells of a device that is gone
  });
  await page.waitForFunction(() => /cannot be used/.test(document.querySelector('dialog.camera .error')?.textContent));
});
