// SPDX-License-Identifier: MIT
// What a kiosk loads before the cable is pulled: keys, revocations, expected vehicles, the procedure's
// steps, the gates' lanes. All of it has an age, and the screen says it.
import { readKeys, canVerify } from '../pass/keys.js';
import { readRevocations } from '../pass/revocation.js';
import { seal, unseal } from './vault.js';

const SLOW_MS = 3600_000; // what changes by decree

/** @param {string} text base64url @returns {Uint8Array} */
function bytesOf(text) {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (char) => char.charCodeAt(0));
}

export class Lists {
  /** @param {import('./store.js').Store} store @param {import('./connection.js').Connection} connection @param {import('./clock.js').Clock} clock */
  constructor(store, connection, clock) {
    this.store = store;
    this.connection = connection;
    this.clock = clock;
    this.canVerify = true;
    this.keys = [];
    /** @type {Map<number, import('../pass/revocation.js').List>} */
    this.revocations = new Map();
    /** @type {import('./judge.js').Expected[]} */
    this.expected = [];
    this.expectedAt = null;
    this.steps = [];
    this.gates = [];
    this.slowAt = 0;
  }

  /** What the disk has. */
  async load() {
    this.canVerify = await canVerify();
    this.gates = (await this.store.get('gates')) ?? [];
    this.steps = (await this.store.get('steps')) ?? [];
    await this.takeKeys(await this.store.get('keys'));
    for (const bytes of Object.values((await this.store.get('revocations')) ?? {}))
      await this.takeRevocations(bytes);
  }

  /** The expected vehicles on the disk, for who has the key. @param {number} officer @param {CryptoKey | null} key @param {string} gate */
  async openExpected(officer, key, gate) {
    const kept = await this.store.get('expected');
    if (!kept || !key || kept.gate !== gate || this.expectedAt >= kept.at) return;
    const items = await unseal(kept.sealed, officer, key);
    if (items) Object.assign(this, { expected: items, expectedAt: kept.at });
  }

  /** @param {any} set */
  async takeKeys(set) {
    if (!set || !this.canVerify) return;
    try {
      this.keys = await readKeys(set);
    } catch { /* a spoilt set: those that were there stay */ }
  }

  /** The newer of two lists counts, whichever came last. @param {Uint8Array} bytes @returns {Promise<boolean>} */
  async takeRevocations(bytes) {
    if (!this.canVerify) return false;
    const { list } = await readRevocations(bytes, this.keys, this.clock.nowS());
    const had = list && this.revocations.get(list.gate);
    if (!list || (had && had.issued >= list.issued)) return false;
    this.revocations.set(list.gate, list);
    this.clock.learn(list.issued * 1000);
    return true;
  }

  async fetchGates() {
    const { body } = await this.connection.ask('GET', '/v1/gates');
    this.gates = body.items.map(({ gate, number, names, lanes }) => ({ gate, number, names, lanes }));
    await this.store.put('gates', this.gates);
  }

  async fetchSteps() {
    const { body } = await this.connection.ask('GET', '/v1/procedures');
    const newest = Array.isArray(body.items) ? body.items.at(-1) : body;
    this.steps = newest.steps.map(({ step, agency, role, direction }) => ({ step, agency, role, direction }));
    await this.store.put('steps', this.steps);
  }

  async fetchKeys() {
    const { body } = await this.connection.ask('GET', '/.well-known/gate-pass-keys');
    await this.takeKeys(body);
    await this.store.put('keys', body);
  }

  /** @param {string} gate */
  async fetchRevocations(gate) {
    const { body } = await this.connection.ask('GET', `/v1/gates/${gate}/revocations`);
    const bytes = bytesOf(body.cose);
    if (!(await this.takeRevocations(bytes))) return;
    await this.store.put('revocations', { ...(await this.store.get('revocations')), [gate]: bytes });
  }

  /** @param {string} gate @param {Map<number, CryptoKey>} readers */
  async fetchExpected(gate, readers) {
    const { body } = await this.connection.ask('GET', `/v1/gates/${gate}/expected`);
    const at = Date.parse(body.at);
    this.clock.learn(at);
    Object.assign(this, { expected: body.items, expectedAt: at });
    if (readers.size)
      await this.store.put('expected', { gate, at, sealed: await seal(body.items, readers) });
  }

  /** Fetches what has aged. @param {string} gate @param {Map<number, CryptoKey>} readers of the list */
  async refresh(gate, readers) {
    if (Date.now() - this.slowAt > SLOW_MS) {
      await this.fetchSteps();
      await this.fetchGates();
      this.slowAt = Date.now();
    }
    await this.fetchKeys();
    await this.fetchRevocations(gate);
    await this.fetchExpected(gate, readers);
  }
}
