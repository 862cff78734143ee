// SPDX-License-Identifier: MIT
// The work at the lane: a scan becomes a verdict, a key becomes a confirmation, a mistake is undone.
// Asks the server while it answers and judges by itself when it does not; the officer switches nothing.
import { Offline, Problem, freshKey } from '../base/api.js';
import { verifyPass } from '../pass/pass.js';
import { judge, lookUp, withDeeds } from './judge.js';
import { deedsOf } from './outbox.js';
import { readScan } from './scan.js';
import { DiskFull } from './store.js';
import { PASSING } from './sync.js';
import { kindOf, verdictOfProblem } from './verdict.js';

const SCAN_MS = 2000; // longer than this no truck waits for the server
const STEP_MS = 4000;
const SHAKY_MS = 10_000; // the same code again within this: shaky hands
const UNDO_S = 60;

/**
 * @typedef {{stage: 'ready'} | {stage: 'reading', text: string}
 *   | {stage: 'verdict', answer: any, kind: import('./verdict.js').Kind, busy: boolean}
 *   | {stage: 'recorded', answer: any, item: import('./outbox.js').Item, given: any}
 *   | {stage: 'undone', answer: any}} Shown
 */

export class Desk {
  /**
   * @param {{connection: import('./connection.js').Connection, lists: import('./lists.js').Lists,
   *   outbox: import('./outbox.js').Outbox, people: import('./people.js').People,
   *   clock: import('./clock.js').Clock}} parts
   * @param {(shown: Shown, isNew: boolean) => void} onShow
   */
  constructor(parts, onShow) {
    Object.assign(this, parts);
    this.onShow = onShow;
    /** @type {import('./judge.js').Place | null} */
    this.place = null;
    /** @type {Shown} */
    this.shown = { stage: 'ready' };
    this.turn = 0;
    this.last = { text: '', at: -Infinity, scan: null };
    this.undoable = null;
  }

  /** @param {Shown} shown @param {boolean} [isNew] to be heard and announced */
  show(shown, isNew = true) {
    this.shown = shown;
    this.onShow(shown, isNew);
  }

  clear() {
    this.turn += 1;
    this.last.at = -Infinity;
    this.show({ stage: 'ready' });
  }

  /** More of a scan that is being typed. @param {string} text */
  reading(text) {
    if (text.length < 14) return;
    if (this.shown.stage === 'verdict' && this.shown.busy) return;
    this.show({ stage: 'reading', text }, false);
  }

  /** The vehicle that the first digits name, while the rest is being typed. @param {string} text */
  preview(text) {
    return this.lists.expected.find((item) => item.crossing === text.slice(0, 14)) ?? null;
  }

  isShaky(text) {
    return text === this.last.text && performance.now() - this.last.at < SHAKY_MS;
  }

  /**
   * @param {{text: string, caps?: boolean, erased?: boolean, signs?: number}} burst
   * @param {{plate?: string, trailer?: string}} [seen] what stands on the vehicle
   */
  async scan(burst, seen = {}) {
    if (!this.place) return;
    if (!seen.plate && !seen.trailer && this.isShaky(burst.text) && this.last.shown)
      return this.show(this.last.shown, false);
    const turn = ++this.turn;
    const scan = readScan(burst.text, burst);
    this.last = { text: burst.text, at: performance.now(), scan, shown: null };
    this.show({ stage: 'reading', text: burst.text }, false);
    const answer = await this.look(scan, seen);
    if (turn !== this.turn) return;
    this.last.at = performance.now();
    this.showVerdict(answer);
  }

  /** @param {any} answer */
  showVerdict(answer) {
    this.last.shown = { stage: 'verdict', answer, kind: kindOf(answer), busy: false };
    this.show(this.last.shown);
  }

  /** The same scan again, with what stands on the vehicle. @param {{plate?: string, trailer?: string}} seen */
  async scanSeen(seen) {
    if (this.last.scan) await this.scan({ text: this.last.text }, seen);
  }

  /** @param {import('./scan.js').Scan} scan @param {{plate?: string, trailer?: string}} seen */
  async look(scan, seen) {
    const deeds = deedsOf(await this.outbox.all());
    const isClear = scan.kind !== 'mangled' && scan.kind !== 'unreadable';
    if (isClear && this.connection.isUp && this.people.hasSession) {
      const answer = await this.askServer(scan, seen);
      if (answer) return withDeeds(answer, deeds);
    }
    return this.judgeAlone(scan, seen, deeds);
  }

  /** The server's verdict; null when there is none to be had. */
  async askServer(scan, seen) {
    const names = { pass: 'code', crossing: 'number', declaration: 'number', plate: 'plate' };
    const body = { [names[scan.kind]]: scan.value, gate: this.place.code, lane: this.place.lane };
    if (seen.plate && scan.kind !== 'plate') body.plate = seen.plate;
    if (seen.trailer) body.trailer_plate = seen.trailer;
    try {
      return (await this.connection.ask('POST', '/v1/scans', { body, timeoutMs: SCAN_MS })).body;
    } catch (error) {
      if (error instanceof Offline || (error instanceof Problem && (error.status >= 500 || error.status === 401)))
        return null;
      if (error instanceof Problem)
        return { verdict: 'stop', reason: 'failed', text: error.errors[0]?.text ?? error.text,
          crossing: null, next: [], others: [] };
      throw error;
    }
  }

  async judgeAlone(scan, seen, deeds) {
    const { lists, people, place, clock } = this;
    const nowS = clock.nowS();
    const reading = scan.kind === 'pass' && lists.canVerify && lists.keys.length
      ? await verifyPass(scan.value, lists.keys, nowS, lists.revocations) : null;
    return judge({
      scan, reading, plate: seen.plate, found: lookUp(scan, reading, lists.expected), deeds, place,
      agency: people.officer.agency, supervisor: people.officer.role === 'supervisor', steps: lists.steps,
      canVerify: lists.canVerify, hasKeys: lists.keys.length > 0, nowS,
      listAt: lists.expectedAt, revocations: lists.revocations.get(place.number) ?? null,
    });
  }

  /**
   * Records a step: on this kiosk's disk first, then with the server.
   * @param {string} step @param {{result?: string, note?: string, channel?: string, override?: boolean}} [how]
   */
  async confirm(step, { result = 'pass', ...how } = {}) {
    const { shown } = this;
    if (shown.stage !== 'verdict' || shown.busy || !shown.answer.crossing) return;
    this.show({ ...shown, busy: true }, false);
    const { officer } = this.people;
    const deed = { nonce: freshKey(), officer: officer.id, by: officer.name, crossing: shown.answer.crossing.id,
      step, result, ...how, gate: this.place.code, lane: this.place.lane,
      at: new Date(this.clock.now()).toISOString() };
    try {
      const item = await this.outbox.add(deed);
      await this.tryNow(item, shown.answer);
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      this.showVerdict({ verdict: 'stop', reason: 'not_recorded', text: null, next: [], others: [],
        crossing: shown.answer.crossing });
    }
  }

  /** @param {import('./outbox.js').Item} item @param {any} answer */
  async tryNow(item, answer) {
    const isOnline = this.connection.isUp && this.people.hasSession;
    const taken = isOnline && await this.outbox.take(item.seq, Date.now());
    if (!taken) return this.showRecorded(item, answer, null);
    const body = { step: item.step, result: item.result, lane: item.lane };
    for (const name of ['note', 'channel', 'override']) if (item[name]) body[name] = item[name];
    try {
      const given = await this.connection.ask('POST', `/v1/crossings/${item.crossing}/steps`,
        { body, key: item.nonce, timeoutMs: STEP_MS });
      await this.outbox.settle(item.seq, 'sent', { status: given.status, event: given.body.event }, { seen: true });
      this.showRecorded(item, answer, given.body);
    } catch (error) {
      await this.notRecorded(error, item, answer);
    }
  }

  async notRecorded(error, item, answer) {
    const isPassing = error instanceof Offline ||
      (error instanceof Problem && (error.status === 401 || PASSING.has(error.code)));
    if (isPassing) {
      await this.outbox.release(item.seq);
      return this.showRecorded(item, answer, null);
    }
    if (!(error instanceof Problem)) throw error;
    await this.outbox.settle(item.seq, 'refused', { status: error.status, code: error.code, text: error.text },
      { seen: true });
    this.showVerdict(verdictOfProblem(error, answer.crossing));
  }

  /** @param {import('./outbox.js').Item} item @param {any} answer @param {any} given what the server said; null: it waits here */
  showRecorded(item, answer, given) {
    this.undoable = { item, event: given?.event ?? null, until: performance.now() + UNDO_S * 1000, answer };
    this.last.shown = { stage: 'recorded', answer, item, given };
    this.show(this.last.shown);
  }

  /** Seconds in which the last confirmation can be taken back; 0: none. @returns {number} */
  undoLeft() {
    if (!this.undoable) return 0;
    return Math.max(0, Math.ceil((this.undoable.until - performance.now()) / 1000));
  }

  /** @param {string} reason @throws {Problem | Offline} @returns {Promise<boolean>} false: it is on its way, and can be undone only there */
  async undo(reason) {
    const { item, event, answer } = this.undoable;
    if (event) {
      await this.connection.ask('POST', `/v1/events/${event}/undo`, { body: { reason } });
      await this.outbox.markUndone(item.seq);
    } else if (!(await this.outbox.withdraw(item.seq))) return false;
    this.undoable = null;
    this.last.at = -Infinity;
    this.show({ stage: 'undone', answer });
    return true;
  }
}
