// SPDX-License-Identifier: MIT
// A scanner that types. It types faster than anybody, some 10 ms a key, and ends with Enter; so what
// comes fast is a scan wherever the focus is, and what comes slowly is a person.
//
// Pure: keys come with their time; the document is bound in capture.js.

const GAP_MS = 45; // between two keys of a scan; people take 60 ms and more, even on a roll
const SURE_KEYS = 4; // so many fast keys are no person
const LINK_MS = 150; // slower ones before them may be the scan's first, of a computer that was busy
const DONE_MS = 250; // silence that ends a scan without Enter
const STALLED_MS = 1000; // the same in the middle of what says how long it is
const QUIET_MS = 700; // Enter this soon after a scan is the scanner's second one
const LEAST = 6; // characters of the shortest thing scanned, a plate

/** @typedef {{key: string, code?: string, caps?: boolean}} Key */
/** @typedef {{text: string, caps: boolean, erased: boolean, signs: number}} Burst */

export class Scanner {
  /**
   * @param {{onStart?: () => void, onMore?: (text: string) => void, onScan: (burst: Burst) => void,
   *   isPartial?: (text: string) => boolean}} on isPartial: more must follow
   */
  constructor(on) {
    this.on = on;
    this.endedAt = -Infinity;
    this.reset();
  }

  reset() {
    this.keys = [];
    this.fast = 0;
    this.lastAt = -Infinity;
    this.sure = false;
  }

  /** How long the silence may be, ms. @returns {number} */
  patience() {
    if (!this.sure) return LINK_MS;
    return this.on.isPartial?.(this.burst().text) ? STALLED_MS : DONE_MS;
  }

  /** Whether keys belong to a scan now: they must not reach anything else. @param {number} now @returns {boolean} */
  isScanning(now) {
    return this.sure && now - this.lastAt < this.patience();
  }

  /**
   * A key went down.
   * @param {Key} key @param {number} now ms, of any clock that never goes back
   * @returns {'take' | 'leave'} take: it is the scanner's, nobody else may see it
   */
  press(key, now) {
    this.tick(now);
    if (key.key === 'Enter' || key.key === 'Tab') return this.pressEnd(key, now);
    if (now - this.lastAt > this.patience()) this.reset();
    if (key.key.length !== 1 && !['Backspace', 'Process', 'Unidentified'].includes(key.key))
      return this.sure ? 'take' : 'leave';
    this.fast = now - this.lastAt <= GAP_MS ? this.fast + 1 : 1;
    this.keys.push(key);
    this.lastAt = now;
    if (!this.sure && this.fast >= SURE_KEYS) {
      this.sure = true;
      this.on.onStart?.();
    }
    if (this.sure) this.on.onMore?.(this.burst().text);
    return this.sure ? 'take' : 'leave';
  }

  /** @param {Key} key @param {number} now @returns {'take' | 'leave'} */
  pressEnd(key, now) {
    if (this.sure) {
      this.finish(now);
      return 'take';
    }
    this.reset();
    return key.key === 'Enter' && now - this.endedAt < QUIET_MS ? 'take' : 'leave';
  }

  /** Time passes: ends a scan that no Enter ended. @param {number} now */
  tick(now) {
    if (this.sure && now - this.lastAt >= this.patience()) this.finish(now);
  }

  /** @param {number} now */
  finish(now) {
    const burst = this.burst();
    this.reset();
    this.endedAt = now;
    if (burst.text.length >= LEAST || burst.erased) this.on.onScan(burst);
  }

  /** What has been typed so far. @returns {Burst} */
  burst() {
    const text = [];
    let erased = false;
    let signs = 0;
    for (const { key, code } of this.keys) {
      if (key === 'Backspace') {
        text.pop();
        erased = true;
      } else if (key.length === 1) {
        text.push(key);
        if (/^Digit[0-9]$/.test(code ?? '') && !/[0-9]/.test(key)) signs++;
      } else erased = true; // an input method kept the key for itself
    }
    return { text: text.join(''), caps: this.keys.some((key) => key.caps), erased, signs };
  }
}
