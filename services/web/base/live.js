// SPDX-License-Identifier: MIT
// Server-sent events (HTML standard §9.2) over fetch: unlike with EventSource the heartbeat, which
// is a comment, is seen, and so is why a stream was refused.

import { language } from './text.js';

const BEAT_MS = 15000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const MAX_BUFFER = 4 << 20;

/* Takes whole blocks off the text that has come; keeps the rest. */
function parser(onEvent, onRetry) {
  let rest = '';
  const block = (text) => {
    let name = 'message', id;
    const data = [];
    for (const line of text.split('\n')) {
      const cut = line.indexOf(':');
      if (cut === 0 || line === '') continue;
      const field = cut < 0 ? line : line.slice(0, cut);
      const value = cut < 0 ? '' : line.slice(cut + 1).replace(/^ /, '');
      if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') id = value;
      else if (field === 'retry' && /^\d+$/.test(value)) onRetry(Number(value));
    }
    onEvent(name, id, data.length ? data.join('\n') : null);
  };
  return (text) => {
    rest += text.replace(/\r\n?/g, '\n');
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      block(rest.slice(0, end));
      rest = rest.slice(end + 2);
    }
    if (rest.length > MAX_BUFFER) throw new Error('an event without end');
  };
}

class Live {
  constructor(url, options) {
    Object.assign(this, { url, options, id: null, heardMs: performance.now(), failures: 0,
      serverWaitMs: 0, shown: null, isClosed: false });
    this.clock = setInterval(() => this.look(), 1000);
    this.run();
  }

  look() {
    const ageMs = performance.now() - this.heardMs;
    const state = !this.isOpen ? 'lost' : ageMs > 2 * BEAT_MS + 2000 ? 'late' : 'live';
    if (state === 'late' && ageMs > 4 * BEAT_MS) this.abort?.abort();   // half-open: begin anew
    if (state === this.shown && state === 'live') return;
    this.shown = state;
    this.options.state?.(state, ageMs);
  }

  heard() {
    this.heardMs = performance.now();
    this.failures = 0;
  }

  take(name, id, data) {
    if (id !== undefined) this.id = id;
    if (data === null) return;
    const fn = this.options.on?.[name];
    if (fn) fn(JSON.parse(data), this.id);
  }

  async read(answer) {
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    const feed = parser((...event) => this.take(...event), (ms) => { this.serverWaitMs = ms; });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.heard();
      feed(decoder.decode(value, { stream: true }));
    }
  }

  async once() {
    this.abort = new AbortController();
    const headers = { Accept: 'text/event-stream', 'Accept-Language': language() };
    if (this.id !== null) headers['Last-Event-ID'] = this.id;
    const answer = await fetch(this.url, { headers, cache: 'no-store', signal: this.abort.signal });
    if (!answer.ok) throw new Error(`stream: ${answer.status}`);
    this.isOpen = true;
    this.heard();
    this.look();
    await this.read(answer);
  }

  async run() {
    while (!this.isClosed) {
      try { await this.once(); } catch { /* told by the state, and tried again */ }
      this.isOpen = false;
      if (this.isClosed) return;
      this.look();
      const backoff = Math.min(FIRST_WAIT_MS * 2 ** this.failures++, LONGEST_WAIT_MS);
      const wait = Math.max(backoff, this.serverWaitMs) * (0.75 + Math.random() / 2);
      this.serverWaitMs = 0;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  close() {
    this.isClosed = true;
    clearInterval(this.clock);
    this.abort?.abort();
  }
}

/**
 * Follows a stream for as long as the page lives, from where it was after each loss.
 * @param {string} url
 * @param {{on: Object<string, (data: any, id: string|null) => void>,
 *          state?: (state: 'live'|'late'|'lost', ageMs: number) => void}} options
 *        state is told each change, and every second while it is not live; ageMs: since the last
 *        byte.
 * @returns {{close: () => void}}
 */
export function live(url, options) {
  const it = new Live(url, options);
  return { close: () => it.close() };
}
