// SPDX-License-Identifier: MIT
// The kiosk's disk: IndexedDB. A promise that resolves means: it is stored.

const NAME = 'gate-kiosk';
const VERSION = 1;

/** The disk has no room: what should have been stored is not. */
export class DiskFull extends Error {}

/** @param {IDBRequest} request @returns {Promise<any>} */
function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBOpenDBRequest} request */
function upgrade(request) {
  const db = request.result;
  db.createObjectStore('meta');
  db.createObjectStore('officers', { keyPath: 'id' });
  const outbox = db.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
  outbox.createIndex('nonce', 'nonce', { unique: true });
  outbox.createIndex('crossing', 'crossing');
  outbox.createIndex('state', 'state');
}

/** @param {any} error */
function named(error) {
  return error?.name === 'QuotaExceededError' ? new DiskFull('the disk is full') : error;
}

export class Store {
  /** @param {IDBDatabase} db */
  constructor(db) {
    this.db = db;
  }

  /** @returns {Promise<Store>} */
  static async open() {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => upgrade(request);
    const db = await asked(request);
    db.onversionchange = () => db.close();
    return new Store(db);
  }

  /**
   * One transaction; resolves when it is on the disk, not before.
   * @template T @param {string[]} names @param {IDBTransactionMode} mode
   * @param {(stores: Record<string, IDBObjectStore>) => Promise<T> | T} work
   * @returns {Promise<T>} @throws {DiskFull}
   */
  async run(names, mode, work) {
    const transaction = this.db.transaction(names, mode, { durability: 'strict' });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(undefined);
      transaction.onabort = () => reject(named(transaction.error));
    });
    try {
      const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
      const result = await work(stores);
      await done;
      return result;
    } catch (error) {
      await done.catch(() => {});
      throw named(error);
    }
  }

  /** @param {string} key @returns {Promise<any>} */
  get(key) {
    return this.run(['meta'], 'readonly', ({ meta }) => asked(meta.get(key)));
  }

  /** @param {string} key @param {any} value */
  async put(key, value) {
    await this.run(['meta'], 'readwrite', ({ meta }) => asked(meta.put(value, key)));
  }

  /** @param {string} key */
  async drop(key) {
    await this.run(['meta'], 'readwrite', ({ meta }) => asked(meta.delete(key)));
  }

  /** @returns {Promise<any[]>} */
  officers() {
    return this.run(['officers'], 'readonly', ({ officers }) => asked(officers.getAll()));
  }

  /** @param {any} officer */
  async putOfficer(officer) {
    await this.run(['officers'], 'readwrite', ({ officers }) => asked(officers.put(officer)));
  }
}

export { asked };
