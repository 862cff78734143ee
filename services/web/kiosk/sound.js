// SPDX-License-Identifier: MIT
// A verdict to be heard in the rain: go rises, stop is low and twice, look is three times; what went
// wrong has a falling one.

/** Tones of a kind: [frequency Hz, begin s, length s]. */
const TONES = {
  go: [[660, 0, 0.11], [990, 0.12, 0.2]],
  stop: [[180, 0, 0.28], [180, 0.36, 0.34]],
  look: [[520, 0, 0.1], [520, 0.17, 0.1], [520, 0.34, 0.1]],
  trouble: [[440, 0, 0.16], [300, 0.18, 0.3]],
  recorded: [[990, 0, 0.08]],
};
const AS = { duplicate: 'look', mismatch: 'stop', hold: 'stop' };
const LOUD = 0.5;

let context = null;

/** Whether sounds are on; kept by the device. @returns {boolean} */
export function isLoud() {
  try {
    return localStorage.getItem('gate.kiosk.silent') !== 'yes';
  } catch {
    return true;
  }
}

/** @param {boolean} on */
export function setLoud(on) {
  try {
    localStorage.setItem('gate.kiosk.silent', on ? 'no' : 'yes');
  } catch { /* until the page is left */ }
}

/** @param {AudioContext} on @param {number[]} tone */
function beep(on, [frequency, begin, length]) {
  const oscillator = on.createOscillator();
  const gain = on.createGain();
  const at = on.currentTime + begin;
  oscillator.frequency.value = frequency;
  oscillator.type = frequency < 250 ? 'square' : 'sine';
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUD, at + 0.01);
  gain.gain.setValueAtTime(LOUD, at + length - 0.03);
  gain.gain.linearRampToValueAtTime(0, at + length);
  oscillator.connect(gain).connect(on.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
}

/** Plays a kind's tones, and shakes what can shake. @param {string} kind */
export function play(kind) {
  document.documentElement.dataset.sound = kind; // what was last heard, for who looks
  if (!isLoud()) return;
  navigator.vibrate?.(kind === 'go' || kind === 'recorded' ? 60 : [120, 80, 120]);
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') context.resume().catch(() => {});
    for (const tone of TONES[AS[kind] ?? kind] ?? TONES.trouble) beep(context, tone);
  } catch { /* a kiosk without a loudspeaker still shows it */ }
}
