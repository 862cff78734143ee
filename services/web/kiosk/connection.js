// SPDX-License-Identifier: MIT
// Whether the server is there. Nobody has to switch anything: a try that gets no answer makes the
// kiosk work by itself, the first answer makes it ask the server again.
import { api, Offline, Problem } from '../base/api.js';

const LOOK_MS = 5000; // while it is away
const CHECK_MS = 30_000; // while it is there
const TIMEOUT_MS = 3000;

export class Connection {
  /** @param {import('./clock.js').Clock} clock @param {() => void} onChange */
  constructor(clock, onChange) {
    this.clock = clock;
    this.onChange = onChange;
    this.isUp = true;
    this.lostAt = null;
    this.timer = 0;
    window.addEventListener('online', () => this.check());
    window.addEventListener('offline', () => this.set(false));
  }

  /** @param {boolean} isUp */
  set(isUp) {
    if (this.isUp === isUp) return;
    this.isUp = isUp;
    this.lostAt = isUp ? null : this.clock.now();
    this.onChange();
    this.plan();
  }

  /** Asks the server and learns its time. Like api(), which see. */
  async ask(method, path, options = {}) {
    try {
      const answer = await api(method, path, options);
      this.learn(answer.headers);
      this.set(true);
      return answer;
    } catch (error) {
      if (error instanceof Offline) this.set(false);
      else if (error instanceof Problem) this.set(error.status < 500);
      throw error;
    }
  }

  /** @param {Headers} headers */
  learn(headers) {
    this.clock.learn(Date.parse(headers.get('Date') ?? ''));
  }

  async check() {
    try {
      await this.ask('GET', '/readyz', { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof Offline || error instanceof Problem)) throw error;
    }
    this.plan();
  }

  plan() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), this.isUp ? CHECK_MS : LOOK_MS);
  }
}
