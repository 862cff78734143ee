// SPDX-License-Identifier: MIT
// Words for codes that come from the server; a code that has no word yet is shown as it is.
import { hasText, t } from '../base/text.js';
import { word } from '../base/words.js';

/** @param {string} code @returns {string} */
export const stepName = (code) => word('step', code);
/** @param {string} code @returns {string} */
export const agencyName = (code) => word('agency', code);
/** @param {string} code @returns {string} */
export const className = (code) => word('class', code);
/** @param {string} code @returns {string} */
export const stateName = (code) => word('state', code);
/** @param {string} code @returns {string} */
export const directionName = (code) => word('direction', code);

/** The sentence of a verdict: the server's, or for one made here our own. @param {any} answer @returns {string} */
export function reasonText(answer) {
  if (answer.text) return answer.text;
  if (answer.cause) return t(`kiosk.mangled.${answer.cause}`);
  const key = `kiosk.reason.${answer.reason}`;
  return hasText(key) ? t(key) : answer.reason;
}

/** The name of a gate in the language of now. @param {{names: Record<string, string>, gate: string} | undefined} gate @param {string} language @returns {string} */
export const gateName = (gate, language) => gate?.names?.[language] ?? gate?.gate ?? '';
