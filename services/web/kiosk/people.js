// SPDX-License-Identifier: MIT
// Who works at this kiosk: by password the first time, then by PIN; without the server by the same PIN,
// if that officer has signed in here before. A session that ended stops no work: what was done
// waits until its officer signs in again.
import { Offline, Problem, useCsrf, whenSignedOut } from '../base/api.js';
import { askForPassword } from '../base/account.js';
import { isClosed, makeLock, openLock } from './vault.js';

const ABSENT_MS = 72 * 3600_000; // so long after the last sign-in with the server a PIN works without it
const SHIFT_MS = 12 * 3600_000;
const ASK_MS = 3000;
const SIGN_IN_MS = 30_000; // a PIN is dear to compare, and at the change of shift many are
const ROLES = ['officer', 'supervisor'];

/** @typedef {{id: number, user: string, name: string, role: string, agency: string | null, gates: string[],
 *   lock: import('./vault.js').Lock | null, lastOnline: number}} Officer */

/** Why somebody cannot work here: code is a text's key. */
export class NotAdmitted extends Error {
  /** @param {string} code @param {object} [values] */
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

export class People {
  /** @param {import('./store.js').Store} store @param {import('./connection.js').Connection} connection @param {import('./clock.js').Clock} clock @param {() => void} onChange */
  constructor(store, connection, clock, onChange) {
    this.store = store;
    this.connection = connection;
    this.clock = clock;
    this.onChange = onChange;
    /** @type {Officer | null} */
    this.officer = null;
    /** The server knows it. */
    this.hasSession = false;
    /** @type {CryptoKey | null} */
    this.key = null;
    whenSignedOut(async () => {
      this.loseSession();
      return false;
    });
  }

  loseSession() {
    if (!this.hasSession) return;
    this.hasSession = false;
    useCsrf(null);
    this.onChange();
  }

  /** Those who have signed in here. @returns {Promise<Officer[]>} the last one first */
  async known() {
    return (await this.store.officers()).sort((a, b) => b.lastOnline - a.lastOnline);
  }

  /** Public keys of all who may read the list. @returns {Promise<Map<number, CryptoKey>>} */
  async readers() {
    const locks = (await this.store.officers()).filter((one) => one.lock);
    return new Map(locks.map((one) => [one.id, one.lock.publicKey]));
  }

  /** After a reload: who was there. */
  async resume() {
    const open = await this.store.get('open');
    const known = open && open.until > this.clock.now()
      ? (await this.store.officers()).find((one) => one.id === open.officer) : null;
    if (known) Object.assign(this, { officer: known, key: open.key });
    await this.renew();
  }

  /** Asks the server whose session the browser has. @returns {Promise<boolean>} false: no answer, all stays as it is */
  async renew() {
    try {
      const { body } = await this.connection.ask('GET', '/v1/session', { timeoutMs: ASK_MS });
      if (await this.isForeign(body)) await this.endForeign(body);
      else await this.admit(body, null);
      return true;
    } catch (error) {
      const isNobody = error instanceof NotAdmitted || (error instanceof Problem && error.status === 401);
      if (!isNobody && !(error instanceof Offline || error instanceof Problem)) throw error;
      if (isNobody) this.loseSession();
      return isNobody;
    }
  }

  /** A session of who has left here without the server, or of another than who works here now. @param {any} session */
  async isForeign(session) {
    const isOther = this.officer ? this.officer.id !== session.user.id : false;
    return isOther || Boolean(await this.store.get('left'));
  }

  /** @param {any} session */
  async endForeign(session) {
    useCsrf(session.csrf);
    await this.connection.ask('DELETE', '/v1/session', { timeoutMs: ASK_MS });
    await this.store.drop('left');
    useCsrf(null);
    this.loseSession();
  }

  /**
   * Takes a session up. @param {any} session the server's @param {string | null} pin where it was typed
   */
  async admit(session, pin) {
    if (!ROLES.includes(session.role)) throw new NotAdmitted('kiosk.signin.not_officer');
    const { id, name, user } = session.user;
    const known = (await this.store.officers()).find((one) => one.id === id);
    if (this.officer && this.officer.id !== id) this.key = null;
    const officer = { id, user, name, role: session.role, agency: session.agency, gates: session.gates,
      lock: known?.lock ?? null, lastOnline: this.clock.now() };
    useCsrf(session.csrf);
    if (pin) await this.openOrMake(officer, pin);
    await this.store.putOfficer(officer);
    await this.store.drop('left');
    Object.assign(this, { officer, hasSession: true });
    await this.keepOpen();
    this.onChange();
  }

  /** The server has just said that the PIN is right: the lock follows. @param {Officer} officer @param {string} pin */
  async openOrMake(officer, pin) {
    if (officer.lock) {
      officer.lock.failures = 0;
      officer.lock.lockedUntil = 0;
      const opened = await openLock(officer.lock, pin, this.clock.now(), async () => {});
      if ('key' in opened) return void (this.key = opened.key);
    }
    const { lock, key } = await makeLock(pin);
    officer.lock = lock;
    this.key = key;
  }

  /** A reload within the shift asks for nothing. */
  async keepOpen() {
    const { officer, key } = this;
    await this.store.put('open', { officer: officer.id, key, until: this.clock.now() + SHIFT_MS });
  }

  /** @param {string} user @param {string} password */
  async byPassword(user, password) {
    const { body } = await this.connection.ask('POST', '/v1/sessions', { body: { user, password } });
    await this.admit(body.must_change ? await this.changePassword(body) : body, null);
  }

  /** A one-time password opens nothing before it is changed. @param {any} session @returns {Promise<any>} the session */
  changePassword(session) {
    useCsrf(session.csrf);
    return askForPassword({ isForced: true, change: async (body) =>
      (await this.connection.ask('PUT', '/v1/session/password', { body })).body });
  }

  /** @param {{old: string, new: string}} body @returns {Promise<any>} the session, which goes on */
  async changeOwnPassword(body) {
    const { body: session } = await this.connection.ask('PUT', '/v1/session/password', { body });
    await this.admit(session, null);
    return session;
  }

  /** By PIN: the server's word where it gives one, else the lock's. @param {Officer} officer @param {string} pin */
  async byPin(officer, pin) {
    if (!this.connection.isUp) return this.byPinAlone(officer.id, pin); // looked for every few seconds: nobody waits here
    const gone = this.whenGone();
    try {
      const { body } = await this.connection.ask('POST', '/v1/sessions',
        { body: { user: officer.user, pin }, timeoutMs: SIGN_IN_MS, signal: gone.signal });
      await this.admit(body, pin);
    } catch (error) {
      const isAlone = gone.signal.aborted || error instanceof Offline || (error instanceof Problem && error.status >= 500);
      if (!isAlone) throw error;
      await this.byPinAlone(officer.id, pin);
    } finally {
      gone.stop();
    }
  }

  /** Looks after a while whether a server that does not answer is slow or gone. @returns {{signal: AbortSignal, stop: () => void}} */
  whenGone() {
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      await this.connection.check();
      if (!this.connection.isUp) controller.abort();
    }, ASK_MS);
    return { signal: controller.signal, stop: () => clearTimeout(timer) };
  }

  /** @param {number} id @param {string} pin */
  async byPinAlone(id, pin) {
    const officer = (await this.store.officers()).find((one) => one.id === id);
    const now = this.clock.now();
    if (!officer?.lock) throw new NotAdmitted('kiosk.signin.needs_server');
    if (now - officer.lastOnline > ABSENT_MS) throw new NotAdmitted('kiosk.signin.too_long_ago');
    const opened = await openLock(officer.lock, pin, now, () => this.store.putOfficer(officer));
    if ('waitMs' in opened)
      throw new NotAdmitted('kiosk.signin.wait', { seconds: Math.ceil(opened.waitMs / 1000) });
    if ('closed' in opened) throw new NotAdmitted('kiosk.signin.closed');
    if ('wrong' in opened) throw new NotAdmitted('kiosk.signin.wrong_pin');
    Object.assign(this, { officer, key: opened.key, hasSession: false });
    await this.keepOpen();
    this.onChange();
  }

  /** Sets the PIN of this device, with the server and for the disk. @param {string} pin */
  async setPin(pin) {
    await this.connection.ask('PUT', '/v1/session/pin', { body: { pin } });
    const { lock, key } = await makeLock(pin);
    this.officer.lock = lock;
    this.key = key;
    await this.store.putOfficer(this.officer);
    await this.keepOpen();
    this.onChange();
  }

  /** @returns {Promise<boolean>} whether the officer can come back without the server */
  async hasPin() {
    return Boolean(this.officer?.lock && !isClosed(this.officer.lock));
  }

  /** Ends the shift here; what waits to be sent stays. */
  async leave() {
    await this.store.drop('open');
    await this.store.put('left', true);
    const isEnded = await this.connection.ask('DELETE', '/v1/session', { timeoutMs: ASK_MS })
      .then(() => true, (error) => error instanceof Problem && error.status === 401);
    if (isEnded) await this.store.drop('left');
    this.forget();
  }

  /** Ends the officer's sessions at all devices, this one's too. @throws {Offline} then all of them live */
  async leaveEverywhere() {
    await this.connection.ask('DELETE', '/v1/sessions', { timeoutMs: ASK_MS });
    await this.store.drop('open');
    this.forget();
  }

  forget() {
    Object.assign(this, { officer: null, key: null, hasSession: false });
    useCsrf(null);
    this.onChange();
  }
}
