// SPDX-License-Identifier: MIT
// The words of the domain that all screens share: states, steps, agencies, classes of goods.

import { hasText, t, textReady } from './text.js';

/** To be awaited before word() is used. @returns {Promise<void>} */
export function wordsReady() { return textReady('words'); }

/**
 * The word for a code of the API; the code itself where it is newer than this page.
 * @param {'direction'|'role'|'class'|'state'|'step'|'agency'|'event'|'result'|'mode'|'cause'} kind
 * @param {string} code
 * @returns {string}
 */
export function word(kind, code) {
  return hasText(`words.${kind}.${code}`) ? t(`words.${kind}.${code}`) : code;
}
