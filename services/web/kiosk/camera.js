// SPDX-License-Identifier: MIT
// Reads the code with the device's camera: by the browser's own reader where there is one, else by
// jsQR, which is loaded only then.
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { openDialog } from './dialogs.js';

const PAUSE_MS = 120;
const WIDTH_MAX = 1280;

/** @returns {Promise<(video: HTMLVideoElement) => Promise<string | null>>} what reads a picture */
async function reader() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => []);
  if (formats?.includes('qr_code')) {
    const detector = new globalThis.BarcodeDetector({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  await loadScript(new URL('../vendor/jsqr.js', import.meta.url).href);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDTH_MAX / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(image.data, image.width, image.height, { inversionAttempts: 'dontInvert' })?.data || null;
  };
}

/** @param {string} src @returns {Promise<void>} */
function loadScript(src) {
  if (globalThis.jsQR) return Promise.resolve();
  return new Promise((resolve, reject) => {
    document.head.append(h('script', { src, onload: () => resolve(), onerror: reject }));
  });
}

/** @param {HTMLVideoElement} video @param {HTMLDialogElement} dialog @param {(text: string) => void} onCode */
async function watch(video, dialog, onCode) {
  const read = await reader();
  while (dialog.open) {
    const text = video.videoWidth ? await read(video).catch(() => null) : null;
    if (text && dialog.open) {
      dialog.close();
      return onCode(text);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** @param {any} error @returns {string} */
function cameraWords(error) {
  if (!navigator.mediaDevices) return t('kiosk.camera.insecure');
  return t(error.name === 'NotAllowedError' ? 'kiosk.camera.refused' : 'kiosk.camera.none');
}

/** @param {(text: string) => void} onCode */
export async function openCamera(onCode) {
  const video = h('video', { muted: true, playsinline: true, 'aria-label': t('kiosk.camera.title') });
  const error = h('p', { class: 'error', role: 'alert' });
  const dialog = openDialog(t('kiosk.camera.title'), [video, h('p', null, t('kiosk.camera.how')), error], 'camera');
  let stream = null;
  const giveBack = () => stream?.getTracks().forEach((track) => track.stop());
  dialog.addEventListener('close', giveBack);
  try {
    stream = await navigator.mediaDevices.getUserMedia(
      { video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false });
    if (!dialog.open) return giveBack(); // the next vehicle came while the browser still asked
    stream.getVideoTracks()[0].addEventListener('ended', () => { error.textContent = t('kiosk.camera.none'); });
    video.srcObject = stream;
    await video.play();
    await watch(video, dialog, onCode);
  } catch (problem) {
    error.textContent = cameraWords(problem);
  }
}
