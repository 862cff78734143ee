// SPDX-License-Identifier: MIT
// What the screen knows of each gate and how old that is. Asked for on a beat, and sooner when an
// event of the gate was heard; a source that does not answer only grows old.

import { api } from '../base/api.js';
import { live } from '../base/live.js';
import { LIMITS } from './limits.js';

const TIMEOUT_MS = 6000;

/* Events after which the figures differ; the browser's stream wants their names. */
export const EVENT_TYPES = ['declared', 'amended', 'cancelled', 'step', 'called', 'requeued', 'no_show',
  'expired', 'released', 'turned_back', 'swapped', 'plate_corrected', 'pass_reissued', 'pass_revoked',
  'undone', 'conflict_resolved', 'alarm_taken', 'moved_in', 'calendar', 'lane_open', 'lane_close'];

/** One thing that is read again and again. */
export class Source {
  /** @param {string} path @param {(body: any) => void} onData */
  constructor(path, onData) {
    Object.assign(this, { path, onData, data: null, etag: null, takenMs: null, isAsking: false });
  }

  /** Seconds since the server made what is shown; Infinity before the first answer. */
  ageS() {
    return this.takenMs === null ? Infinity : (performance.now() - this.takenMs) / 1000;
  }

  isStale() { return this.ageS() > LIMITS.staleS; }

  async read() {
    if (this.isAsking) return;
    this.isAsking = true;
    const askedMs = this.askedMs = performance.now();
    try {
      const answer = await api('GET', this.path, { etag: this.etag, timeoutMs: TIMEOUT_MS });
      this.takenMs = askedMs - 1000 * (Number(answer.headers.get('Age')) || 0);
      if (answer.status !== 304) {
        this.etag = answer.etag;
        this.data = answer.body;
      }
      this.onData(this.data);
    } catch { /* it grows old, which is shown */ } finally {
      this.isAsking = false;
    }
  }
}

/** The figures of some gates, kept fresh. */
export class Feed {
  /**
   * @param {string[]} gates
   * @param {{onData: (gate: string) => void, onEvent: (event: Object) => void,
   *          onLine: (state: 'live'|'late'|'lost') => void}} told
   */
  constructor(gates, told) {
    this.told = told;
    this.sources = new Map(gates.map((gate) =>
      [gate, new Source(`/v1/gates/${gate}/stats`, () => told.onData(gate))]));
    this.wanted = new Set(gates);
    this.line = 'lost';
  }

  start() {
    const on = Object.fromEntries(EVENT_TYPES.map((type) => [type, (event) => this.heard(event)]));
    this.stream = live('/v1/stream', { on, state: (state) => {
      if (state === 'live' && this.line !== 'live') for (const gate of this.sources.keys()) this.wanted.add(gate);
      this.line = state;
      this.told.onLine(state);
    } });
    this.clock = setInterval(() => this.beat(), 500);
    this.beat();
  }

  heard(event) {
    if (!this.sources.has(event.gate)) return;
    this.wanted.add(event.gate);
    this.told.onEvent(event);
  }

  /** Asks for the gate's figures now: something was done here. @param {string} gate */
  hurry(gate) {
    this.wanted.add(gate);
    const source = this.sources.get(gate);
    if (source) source.askedMs = undefined;
    this.beat();
  }

  beat() {
    for (const [gate, source] of this.sources) {
      const sinceMs = performance.now() - (source.askedMs ?? -Infinity);
      const isDue = sinceMs >= LIMITS.pollMs || (this.wanted.has(gate) && sinceMs >= LIMITS.quietMs);
      if (!isDue || source.isAsking) continue;
      this.wanted.delete(gate);
      source.read();
    }
  }

  /** @param {string} gate */
  source(gate) { return this.sources.get(gate); }
  /** @param {string} gate @returns {Object|null} */
  stats(gate) { return this.sources.get(gate)?.data ?? null; }

  close() {
    this.stream?.close();
    clearInterval(this.clock);
  }
}
