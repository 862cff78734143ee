// SPDX-License-Identifier: MIT
// The browser's verifier gives the server's verdicts: the same vectors (tests/vectors/pass.json).
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Reader, Malformed } from '../../services/web/pass/cbor.js';
import { decodeDigits, digitsOf } from '../../services/web/pass/digits.js';
import { canVerify, readKeys } from '../../services/web/pass/keys.js';
import { digitsAnnounced, verifyPass } from '../../services/web/pass/pass.js';
import { readRevocations } from '../../services/web/pass/revocation.js';

globalThis.crypto ??= webcrypto;          // Node 18 has it only as a module

const vectors = JSON.parse(readFileSync(new URL('../vectors/pass.json', import.meta.url)));
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const keys = await readKeys(vectors.keys);

async function listOf(pass) {
  if (pass.revocation_list === undefined) return new Map();
  const bytes = fromHex(vectors.revocation_lists[pass.revocation_list].list);
  const { list } = await readRevocations(bytes, keys, pass.now);
  return new Map([[list.gate, list]]);
}

for (const pass of vectors.passes)
  test(`pass: ${pass.name} is ${pass.verdict}`, async () => {
    const reading = await verifyPass(pass.digits, keys, pass.now, await listOf(pass));
    assert.equal(reading.verdict, pass.verdict);
    assert.deepEqual(reading.claims, pass.claims ?? null);
  });

for (const item of vectors.revocation_lists)
  test(`revocation list: ${item.name} is ${item.verdict}`, async () => {
    const { verdict, list } = await readRevocations(fromHex(item.list), keys, vectors.now);
    assert.equal(verdict, item.verdict);
    if (!item.entries) return assert.equal(list, null);
    assert.deepEqual([...list.entries], item.entries);
    assert.deepEqual([list.gate, list.issued, list.expires],
      [item.gate, item.issued_at, item.expires_at]);
  });

test('a changed digit, wherever it is, lets nobody through', async () => {
  const { digits, now } = vectors.passes[0];
  for (let at = 0; at < digits.length; at += 7) {
    const changed = digits.slice(0, at) + ((Number(digits[at]) + 1) % 10) + digits.slice(at + 1);
    const { verdict } = await verifyPass(changed, keys, now, new Map());
    assert.ok(['forged', 'mangled', 'truncated', 'mismatch', 'key_unknown'].includes(verdict),
      `digit ${at}: ${verdict}`);
  }
});

test('the length of a pass is known while it is being typed', () => {
  const { digits } = vectors.passes[0];
  assert.equal(digitsAnnounced(digits.slice(0, 47)), 0);
  assert.equal(digitsAnnounced(digits.slice(0, 48)), digits.length);
});

test('digits stand for bytes, in groups', () => {
  assert.deepEqual([...decodeDigits('0000000000000025665281')], [0, 0, 0, 0, 0, 1, 0, 0xff, 1]);
  assert.equal(decodeDigits('256'), null);
  assert.equal(decodeDigits('12'), null);
  assert.equal(decodeDigits('1a3'), null);
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 8].map(digitsOf), [3, 5, 8, 10, 13, 15, 17, 20]);
});

test('CBOR that is not the shortest is refused', () => {
  for (const hex of ['1800', '190017', '1a0000ffff', '1b00000000ffffffff', '1bffffffffffffffff', '1f'])
    assert.throws(() => new Reader(fromHex(hex)).uint(2 ** 53), Malformed, hex);
  assert.equal(new Reader(fromHex('1b0000000100000000')).uint(2 ** 53), 2 ** 32);
});

test('a key of small order spoils the set, one of another curve is passed over', async () => {
  const [good] = vectors.keys.keys;
  const small = { ...good, x: 'AQ' + 'A'.repeat(41) };
  await assert.rejects(readKeys({ keys: [good, small] }));
  assert.equal((await readKeys({ keys: [{ kty: 'EC', crv: 'P-256' }, good] })).length, 1);
});

test('this browser can verify', async () => assert.equal(await canVerify(), true));
