// SPDX-License-Identifier: MIT
// Two tones when somebody is called. Browsers play nothing before somebody has pressed something,
// so it is switched on by a button.

const TONES = [[660, 0], [880, 0.25]];
let context = null;

/** @param {boolean} isOn */
export function setChime(isOn) {
  if (isOn) context ??= new AudioContext();
  else { context?.close(); context = null; }
}

export function chime() {
  if (context?.state !== 'running') return;
  for (const [pitch, after] of TONES) {
    const tone = context.createOscillator(), volume = context.createGain();
    const at = context.currentTime + after;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.4, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.45);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  }
}
