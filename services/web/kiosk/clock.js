// SPDX-License-Identifier: MIT
// The kiosk's time: the device's clock, but never behind the last server time seen. So a clock that
// is set back revives no pass (common/pass/FORMAT.md §5). The floor is kept across restarts.

const OFF_MS = 60_000; // the device's clock is wrong by more than this: say so

export class Clock {
  /**
   * @param {{floorMs?: number, device?: () => number, save?: (floorMs: number) => void}} [given]
   *   floorMs: as it was saved; save: keeps it
   */
  constructor({ floorMs = 0, device = Date.now, save = () => {} } = {}) {
    this.floorMs = floorMs;
    this.device = device;
    this.save = save;
    this.offMs = 0;
  }

  /** The later of the device's clock and the last server time. @returns {number} ms since 1970 */
  now() {
    return Math.max(this.device(), this.floorMs);
  }

  /** @returns {number} s since 1970 */
  nowS() {
    return Math.floor(this.now() / 1000);
  }

  /** The server said what time it is. @param {number} serverMs */
  learn(serverMs) {
    if (!Number.isFinite(serverMs)) return;
    this.offMs = this.device() - serverMs;
    if (serverMs <= this.floorMs) return;
    this.floorMs = serverMs;
    this.save(serverMs);
  }

  /** How wrong the device's clock is, ms: behind (negative) or ahead; 0 when it will do. @returns {number} */
  wrongBy() {
    const behind = this.device() - this.floorMs;
    if (behind < -OFF_MS) return behind;
    return Math.abs(this.offMs) > OFF_MS ? this.offMs : 0;
  }
}
