// SPDX-License-Identifier: MIT
// with-service: --fast --tls
// HTTPS by a local authority: a browser that trusts it, and no other, opens the screens under the
// gate's own name; a certificate is renewed under way.
import { before, after, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync,
  chmodSync, chownSync, statSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { chromiumFor, noFaults, openPage } from './lib/browser.mjs';

const TLS = new URL(process.env.GATE_TLS_URL);
const FILES = process.env.GATE_TLS_FILES;
const CA = readFileSync(`${FILES}/ca.crt`);
const NAMES = ['gate.lan', 'localhost', '127.0.0.1'];
const CERTIFY = new URL('../../services/setup/certify', import.meta.url).pathname;

/* A home whose browser trusts the authority, as a kiosk's does. */
function trustingHome() {
  const home = mkdtempSync('/tmp/gate-home-');
  const store = `${home}/.pki/nssdb`;
  mkdirSync(store, { recursive: true });
  execFileSync('certutil', ['-N', '-d', `sql:${store}`, '--empty-password']);
  execFileSync('certutil', ['-A', '-d', `sql:${store}`, '-t', 'C,,', '-n', 'border gate',
    '-i', `${FILES}/ca.crt`]);
  return home;
}

let home;
before(async () => {
  home = trustingHome();
  await chromiumFor(['--host-resolver-rules=MAP *.lan 127.0.0.1'], { env: { HOME: home } });
});
after(() => rmSync(home, { recursive: true, force: true }));

function serial(servername = 'gate.lan') {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(TLS.port), ca: CA, servername }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

function ask(path, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, TLS), { ca: CA, agent: false, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer));
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function until(test, ms = 12000) {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await test()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('that did not come about');
}

/* Replaces a file at once, readable for the same people. */
function put(name, bytes) {
  const path = `${FILES}/${name}`, was = statSync(path);
  writeFileSync(`${path}.new`, bytes);
  chmodSync(`${path}.new`, was.mode & 0o777);
  chownSync(`${path}.new`, was.uid, was.gid);
  renameSync(`${path}.new`, path);
}

const hup = () => process.kill(Number(readFileSync(process.env.GATE_PID_FILE, 'utf8')), 'SIGHUP');

test('a browser that trusts the authority opens the gate by its name, in a secure context', async () => {
  const page = await openPage('/', { origin: `https://gate.lan:${TLS.port}` });
  assert.equal(await page.evaluate(() => isSecureContext), true);
  assert.equal(await page.evaluate(() => typeof crypto.subtle), 'object');
  assert.equal(await page.evaluate(() => 'serviceWorker' in navigator), true);
  await noFaults(page);
  await page.context().close();
});

test('a name that the certificate does not have is refused', async () => {
  const page = await (await chromiumFor()).newPage();
  await assert.rejects(page.goto(`https://other.lan:${TLS.port}/`), /ERR_CERT_COMMON_NAME_INVALID/);
  await page.close();
});

test('who does not trust the authority is not let on', async () => {
  await assert.rejects(new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(TLS.port), servername: 'gate.lan' },
      resolve);
    socket.on('error', reject);
  }), /self-signed|issuer|verify/i);
});

test('the authority can be had at /ca.crt, and signs for no stranger', async () => {
  const answer = await fetch(`${process.env.GATE_URL}/ca.crt`);
  assert.equal(answer.headers.get('Content-Type'), 'application/x-x509-ca-cert');
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), CA);
  const copy = mkdtempSync('/tmp/gate-ca-');
  for (const name of ['ca.crt', 'ca.key']) copyFileSync(`${FILES}/${name}`, `${copy}/${name}`);
  assert.throws(() => execFileSync(CERTIFY, [copy, 'bank.example.com'], { stdio: 'pipe' }),
    /may not sign for all of: bank\.example\.com/);
  rmSync(copy, { recursive: true });
});

test('a browser is told to come by HTTPS again, but not by the names of loopback', async () => {
  const strict = async (host) => (await ask('/', { Host: host })).headers['strict-transport-security'];
  assert.match(await strict(`gate.lan:${TLS.port}`), /^max-age=\d+$/);
  assert.equal(await strict(`localhost:${TLS.port}`), undefined);
  assert.equal(await strict(`127.0.0.1:${TLS.port}`), undefined);
  const plain = await fetch(process.env.GATE_URL);
  assert.equal(plain.headers.get('Strict-Transport-Security'), null);
});

test('a certificate that is renewed is taken without a restart', async () => {
  const pid = readFileSync(process.env.GATE_PID_FILE, 'utf8');
  const before = await serial();
  execFileSync(CERTIFY, ['--renew', FILES, ...NAMES]);
  await until(async () => (await serial()) !== before);
  assert.equal(readFileSync(process.env.GATE_PID_FILE, 'utf8'), pid);
  assert.equal((await ask('/livez')).statusCode, 200);
});

test('SIGHUP takes it at once', async () => {
  const before = await serial();
  execFileSync(CERTIFY, ['--renew', FILES, ...NAMES]);
  hup();
  await until(async () => (await serial()) !== before, 3000);
});

test('a request that is under way while the certificate changes gets its answer', async () => {
  const answer = new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(TLS.port), ca: CA,
      servername: 'gate.lan' });
    let text = '';
    socket.on('data', (bytes) => { text += bytes; });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
    socket.write('POST /v1/scans HTTP/1.1\r\nHost: gate.lan\r\nContent-Type: application/json\r\n' +
      `Authorization: Bearer ${process.env.GATE_TOKEN_CUSTOMS}\r\nContent-Length: 20\r\n` +
      'Connection: close\r\n\r\n{"plate":"29C12345"}');
  });
  const before = await serial();
  execFileSync(CERTIFY, ['--renew', FILES, ...NAMES]);
  hup();
  assert.match(await answer, /^HTTP\/1\.1 200 /);
  await until(async () => (await serial()) !== before, 3000);
});

test('what is no certificate leaves the old one where it is', async () => {
  const good = readFileSync(`${FILES}/server.pem`), before = await serial();
  put('server.pem', good.subarray(0, 300));
  hup();
  const log = () => readFileSync(process.env.GATE_LOG, 'utf8');
  await until(() => log().includes('the certificate was not read again'));
  assert.equal(await serial(), before);
  put('server.pem', good);
});

test('old versions of TLS are refused', async () => {
  for (const maxVersion of ['TLSv1', 'TLSv1.1'])
    await assert.rejects(new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: Number(TLS.port), ca: CA, minVersion: 'TLSv1',
        maxVersion, ciphers: 'ALL@SECLEVEL=0', servername: 'gate.lan' }, resolve);
      socket.on('error', reject);
    }));
});

/* What comes back for raw bytes on the TLS port until it is closed. */
function raw(bytes) {
  return new Promise((resolve) => {
    const socket = connectPlain(Number(TLS.port), '127.0.0.1');
    let got = Buffer.alloc(0);
    socket.on('data', (part) => { got = Buffer.concat([got, part]); });
    socket.on('close', () => resolve(got));
    socket.on('error', () => {});
    socket.write(bytes);
  });
}

/* Processor time that gated has used, in hundredths of a second. */
function ticks() {
  const stat = readFileSync(`/proc/${readFileSync(process.env.GATE_PID_FILE, 'utf8').trim()}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

test('plain HTTP, rubbish and halves of handshakes at the TLS port harm nobody', async () => {
  const used = ticks(), began = Date.now();
  const rubbish = [Buffer.from('GET / HTTP/1.1\r\nHost: gate.lan\r\n\r\n'), Buffer.alloc(4096, 0xff),
    Buffer.from('16030100ff0100', 'hex'), Buffer.from([0x16, 3, 1, 0xff, 0xff, ...Array(20000).fill(1)])];
  const answers = Promise.all(rubbish.map(raw));
  assert.equal((await ask('/livez')).statusCode, 200);
  for (const answer of await answers) assert.doesNotMatch(answer.toString('latin1'), /HTTP\/1/);
  assert.equal((await ask('/livez')).statusCode, 200);
  assert.ok(Date.now() - began < 15000, 'who does not finish the handshake is cut off after 10 s');
  assert.ok(ticks() - used < 200, `half a handshake keeps the server busy: ${ticks() - used}`);
});
