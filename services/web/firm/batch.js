// SPDX-License-Identifier: MIT
// Many declarations on their way to the server: each has its idempotency key before it is sent, and both
// lie in storage. So a reload, a second click, a second tab or a lost answer files nothing twice and
// loses nothing. Knows no screen; storage, key maker and sender are given.

/**
 * @typedef {{id: string, key: string, sent: string, state: 'new'|'sending'|'filed'|'refused', number?: string,
 *            result?: object, problem?: object}} Entry
 * sent: the body as text, under that key; '': not sent yet.
 */

const KEEP_MS = 48 * 3600e3; // as long as the server knows its keys

/** A short name of a body: two bodies with the same name are the same filing. @param {string} text */
export function digestOf(text) {
  let high = 0x9dc5811c, low = 0x1000193;

  for (let i = 0; i < text.length; i++) {
    high = Math.imul(high ^ text.charCodeAt(i), 0x01000193) >>> 0;
    low = (Math.imul(low, 31) + text.charCodeAt(i) + (high >>> 7)) >>> 0;
  }
  return high.toString(36) + low.toString(36) + text.length.toString(36);
}

/** What was filed lately, so that the same table pasted again is seen. */
export class Memory {
  /** @param {Storage} storage @param {string} name @param {() => number} now */
  constructor(storage, name, now) {
    Object.assign(this, { storage, name: `${name}.filed`, now, digests: new Map(), text: null, all: {} });
  }

  // Asked for every row after every answer: parsed once for each text that lies there.
  read() {
    const text = this.storage.getItem(this.name) ?? '{}';

    if (text !== this.text) Object.assign(this, { text, all: JSON.parse(text) });
    return Object.fromEntries(Object.entries(this.all).filter(([, one]) => this.now() - one.at < KEEP_MS));
  }

  /** The number under which this body was filed; '': it was not. */
  find(body) {
    const text = this.storage.getItem(this.name) ?? '{}';

    if (text !== this.text) Object.assign(this, { text, all: JSON.parse(text) });
    const known = this.all[this.digest(body)];
    return known && this.now() - known.at < KEEP_MS ? known.number : '';
  }

  digest(body) {
    if (!this.digests.has(body)) this.digests.set(body, digestOf(body));
    return this.digests.get(body);
  }

  add(body, number) {
    this.storage.setItem(this.name, JSON.stringify({ ...this.read(), [digestOf(body)]: { number, at: this.now() } }));
  }
}

/* Of an answer, what the table still shows: hundreds of them lie in a storage of 5 MB. */
function kept({ state, rule_failures, warnings, crossings = [] }) {
  return { state, rule_failures, warnings, crossings: crossings.map((one) => ({ id: one.id, pass: Boolean(one.pass) })) };
}

/** The entries of one table. */
export class Batch {
  /**
   * @param {{storage: Storage, name: string, freshKey: () => string, now: () => number}} world
   */
  constructor(world) {
    Object.assign(this, world);
    this.memory = new Memory(world.storage, world.name, world.now);
    this.state = JSON.parse(world.storage.getItem(world.name) ?? 'null') ?? { records: [], entries: {}, options: {} };
    // a page that was left in the middle: whether it was filed, the same key will tell
    for (const entry of Object.values(this.state.entries)) if (entry.state === 'sending') entry.state = 'new';
  }

  save() {
    this.text = JSON.stringify(this.state);
    this.storage.setItem(this.name, this.text);
  }

  // What another tab has put there since; null: nothing.
  others() {
    const text = this.storage.getItem(this.name);

    return text === null || text === this.text ? null : JSON.parse(text);
  }

  // One entry changes, the others are taken as they lie there: another tab may have moved them on.
  keep(entry) {
    const stored = this.others();

    if (stored) this.state.entries = { ...this.state.entries, ...stored.entries };
    this.state.entries[entry.id] = entry;
    this.save();
  }

  /** A new table takes the place of the old one. */
  begin(records, options) {
    this.state = { records, entries: {}, options };
    this.save();
  }

  clear() {
    this.begin([], {});
  }

  /** The entry of a unit of records, made when there is none. @param {string} id */
  entry(id) {
    return (this.state.entries[id] ??= { id, key: '', sent: '', state: 'new' });
  }

  /**
   * The entry ready to be sent with this body: another body than before gets another key, the same one
   * keeps it. Stored before it is returned.
   */
  prepare(id, body) {
    const stored = this.others()?.entries[id];
    const entry = Object.assign(this.entry(id), stored ?? {}); // another tab may have been here

    if (entry.state === 'filed') return entry;
    if (entry.sent !== body || !entry.key) Object.assign(entry, { key: this.freshKey(), sent: body });
    Object.assign(entry, { state: 'sending', problem: undefined });
    this.keep(entry);
    return entry;
  }

  filed(id, result) {
    const entry = this.entry(id);

    this.memory.add(entry.sent, result.number);
    Object.assign(entry, { state: 'filed', number: result.number, result: kept(result), sent: '' });
    this.keep(entry);
  }

  refused(id, problem) {
    this.keep(Object.assign(this.entry(id), { state: 'refused', problem }));
  }

  /** No answer: it may be filed or not. The key stays. */
  unknown(id) {
    this.keep(Object.assign(this.entry(id), { state: 'new' }));
  }
}

/**
 * Sends the units that are wanted, one after the other, until all are answered or the line is lost.
 * @param {Batch} batch
 * @param {{id: string, body: object}[]} units
 * @param {(body: object, key: string) => Promise<object>} send the declaration as filed; throws {name: 'Problem'}
 *        or {name: 'Offline'}
 * @param {(id: string) => void} changed
 * @returns {Promise<'done'|'lost'>}
 */
export async function fileAll(batch, units, send, changed) {
  for (const { id, body } of units) {
    const text = JSON.stringify(body);
    const entry = batch.prepare(id, text);
    if (entry.state === 'filed') continue;
    changed(id);
    try {
      batch.filed(id, await send(body, entry.key));
    } catch (error) {
      const isAnswer = error.name === 'Problem' && error.status < 500 && ![401, 408, 429].includes(error.status);
      if (!isAnswer) {
        batch.unknown(id);
        changed(id);
        return 'lost';
      }
      batch.refused(id, { code: error.code, text: error.text, errors: error.errors });
    }
    changed(id);
  }
  return 'done';
}
