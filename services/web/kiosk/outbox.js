// SPDX-License-Identifier: MIT
// What officers confirmed at this kiosk: on the disk before the screen says so, sent once each, kept
// with the server's answer for the work list. Survives reloads, crashes and the battery.
//
// An item is waiting until the server has answered for it: then sent, or refused. Its nonce is the
// idempotency key of every try, so that no try counts twice.
import { DiskFull, asked } from './store.js';

const KEEP_MS = 3 * 24 * 3600_000; // answered items, for the work list
const TRYING_MS = 8000; // so long an item belongs to the tab that tries it

/**
 * @typedef {'waiting' | 'sent' | 'refused' | 'withdrawn'} State
 * @typedef {{seq?: number, nonce: string, officer: number, by: string, crossing: string, plate?: string,
 *   step: string, result: string, note?: string, channel?: string, gate: string, lane: number,
 *   at: string, override?: boolean, state: State, tries: number, tryingUntil: number,
 *   answer?: {status?: number, event?: string, conflict?: string, code?: string, text?: string},
 *   seen?: boolean, settledAt?: number}} Item
 */

export class Outbox {
  /** @param {import('./store.js').Store} store @param {() => void} onChange */
  constructor(store, onChange = () => {}) {
    this.store = store;
    this.onChange = onChange;
  }

  /**
   * Stores a confirmation. When it resolves, it is on the disk.
   * @param {Omit<Item, 'state' | 'tries' | 'tryingUntil'>} deed @returns {Promise<Item>} @throws {DiskFull}
   */
  async add(deed) {
    const item = { ...deed, state: 'waiting', tries: 0, tryingUntil: 0 };
    try {
      item.seq = await this.write((outbox) => asked(outbox.add(item)));
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      await this.makeRoom();
      item.seq = await this.write((outbox) => asked(outbox.add(item)));
    }
    this.onChange();
    return /** @type {Item} */ (item);
  }

  /** @template T @param {(outbox: IDBObjectStore) => Promise<T>} work @returns {Promise<T>} */
  write(work) {
    return this.store.run(['outbox'], 'readwrite', ({ outbox }) => work(outbox));
  }

  /** Gives up what can be fetched again, for what cannot. */
  async makeRoom() {
    await this.store.drop('expected');
    await this.purge(Infinity);
  }

  /** @returns {Promise<Item[]>} in the order of their recording */
  all() {
    return this.store.run(['outbox'], 'readonly', ({ outbox }) => asked(outbox.getAll()));
  }

  /** @param {string} crossing @returns {Promise<Item[]>} */
  of(crossing) {
    return this.store.run(['outbox'], 'readonly', ({ outbox }) =>
      asked(outbox.index('crossing').getAll(crossing)));
  }

  /**
   * Takes an item for a try; null when another tab has it or it is answered.
   * @param {number} seq @param {number} now @returns {Promise<Item | null>}
   */
  take(seq, now) {
    return this.write(async (outbox) => {
      const item = await asked(outbox.get(seq));
      if (!item || item.state !== 'waiting' || item.tryingUntil > now) return null;
      item.tries += 1;
      item.tryingUntil = now + TRYING_MS;
      await asked(outbox.put(item));
      return item;
    });
  }

  /** The try came to nothing: the next one may come. @param {number} seq */
  async release(seq) {
    await this.change(seq, (item) => { item.tryingUntil = 0; });
  }

  /**
   * The server has answered. @param {number} seq @param {State} state @param {Item['answer']} answer
   * @param {{seen?: boolean, now?: number}} [more] seen: the officer saw it at once
   */
  async settle(seq, state, answer, { seen = false, now = Date.now() } = {}) {
    await this.change(seq, (item) => {
      if (item.state === 'waiting') Object.assign(item, { state, answer, seen, settledAt: now });
    });
  }

  /** @param {number} seq */
  async markSeen(seq) {
    await this.change(seq, (item) => { item.seen = true; });
  }

  /** Was undone with the server. @param {number} seq */
  async markUndone(seq) {
    await this.change(seq, (item) => { Object.assign(item, { state: 'withdrawn', seen: true }); });
  }

  /** Takes back what no try has left the kiosk with. @param {number} seq @returns {Promise<boolean>} */
  async withdraw(seq) {
    let isDone = false;
    await this.change(seq, (item) => {
      isDone = item.state === 'waiting' && item.tries === 0;
      if (isDone) Object.assign(item, { state: 'withdrawn', settledAt: Date.now(), seen: true });
    });
    return isDone;
  }

  /** @param {number} seq @param {(item: Item) => void} how */
  async change(seq, how) {
    await this.write(async (outbox) => {
      const item = await asked(outbox.get(seq));
      if (!item) return;
      how(item);
      await asked(outbox.put(item));
    });
    this.onChange();
  }

  /** Forgets what was answered long ago. @param {number} now */
  async purge(now) {
    await this.write(async (outbox) => {
      for (const item of await asked(outbox.getAll()))
        if (item.state !== 'waiting' && (item.seen || item.state === 'sent') &&
            now - (item.settledAt ?? 0) > KEEP_MS) await asked(outbox.delete(item.seq));
    });
  }
}

/** What the top bar shows. @param {Item[]} items @param {number} officer @returns {{waiting: number, others: Map<string, number>, look: number}} others: of officers who are not signed in */
export function counts(items, officer) {
  const others = new Map();
  let waiting = 0;
  let look = 0;
  for (const item of items) {
    if (item.state === 'waiting') {
      waiting += 1;
      if (item.officer !== officer) others.set(item.by, (others.get(item.by) ?? 0) + 1);
    } else if (!item.seen && (item.state === 'refused' || item.answer?.conflict)) look += 1;
  }
  return { waiting, others, look };
}

/** What was done here, for the verdict. @param {Item[]} items @returns {import('./judge.js').Deed[]} */
export function deedsOf(items) {
  return items.filter((item) => item.state === 'waiting' || item.state === 'sent').map((item) => ({
    crossing: item.crossing, step: item.step, result: item.result, at: item.at, by: item.by,
    lane: item.lane, gate: item.gate, sent: item.state === 'sent' }));
}
