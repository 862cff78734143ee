// SPDX-License-Identifier: MIT
// with-service: --fast
// How pages and assets are served; no browser is needed for it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';

const GATE = process.env.GATE_URL ?? assert.fail('run this under tests/with-service');

/* node:http instead of fetch, which would decompress behind one's back. */
function ask(path, { method = 'GET', headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(GATE + path, { method, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers,
        body: Buffer.concat(parts) }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function assets() {
  const page = await ask('/');
  return /\/assets\/[0-9a-f]{16}/.exec(page.body.toString())[0];
}

test('a page is asked again each time, and not sent again while it is the same', async () => {
  const first = await ask('/');
  assert.equal(first.status, 200);
  assert.equal(first.headers['cache-control'], 'no-cache');
  assert.match(first.headers['content-type'], /^text\/html; charset=utf-8$/);
  const again = await ask('/', { headers: { 'If-None-Match': first.headers.etag } });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  assert.equal(again.headers.etag, first.headers.etag);
});

test('assets are kept for a year below a name that changes with them', async () => {
  const answer = await ask(`${await assets()}/base/text.js`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(answer.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal((await ask('/assets/0000000000000000/base/text.js')).status, 404);
});

test('who takes gzip gets it, with an ETag of its own; who does not gets the plain text', async () => {
  const path = `${await assets()}/base/base.css`;
  const plain = await ask(path);
  const packed = await ask(path, { headers: { 'Accept-Encoding': 'br, gzip;q=0.8' } });
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(packed.headers.vary, 'Accept-Encoding');
  assert.notEqual(packed.headers.etag, plain.headers.etag);
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  assert.ok(packed.body.length < plain.body.length / 2);
  const refused = await ask(path, { headers: { 'Accept-Encoding': 'gzip;q=0' } });
  assert.equal(refused.headers['content-encoding'], undefined);
});

test('the description of the API is compressed, too', async () => {
  const plain = await ask('/openapi.json');
  const packed = await ask('/openapi.json', { headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  assert.ok(packed.body.length < 60000, `${packed.body.length} bytes`);
  const again = await ask('/openapi.json', { headers: { 'Accept-Encoding': 'gzip',
    'If-None-Match': packed.headers.etag } });
  assert.equal(again.status, 304);
});

test('HEAD answers as GET does, without the body', async () => {
  const got = await ask('/'), head = await ask('/', { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  assert.equal(head.headers['content-length'], got.headers['content-length']);
});

test('every page forbids what it does not need', async () => {
  const { headers } = await ask('/');
  assert.equal(headers['content-security-policy'],
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.match(headers['permissions-policy'], /camera=\(self\)/);
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
});

test('what is no page and no asset is a problem document', async () => {
  for (const path of ['/assets', '/front/page.html', '/assets/x/../base/text.js', '/board/a/b']) {
    const answer = await ask(path);
    assert.ok(answer.status === 404 || answer.status === 400, `${path}: ${answer.status}`);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
  }
  const posted = await ask('/', { method: 'POST' });
  assert.ok(posted.status >= 400 && posted.status < 500);
});

test('all that the browser is told to load is there', async () => {
  const base = await assets();
  const list = JSON.parse((await ask(`${base}/base/files.json`)).body);
  assert.ok(list.includes('base/text.js') && list.includes('vendor/uplot.js'));
  for (const name of list) assert.equal((await ask(`${base}/${name}`)).status, 200, name);
});
