// SPDX-License-Identifier: MIT
// Where to go now, in a word, a sign and a colour.

import { time } from '../base/format.js';
import { hasText, t } from '../base/text.js';
import { word } from '../base/words.js';

const SIGNS = { go: '➜', wait: '◷', stop: '■', done: '✓' };

// Steps that nobody drives to: they are done beside the others.
const BESIDE = new Set(['fee_paid', 'registered']);

function nextOf(crossing) {
  return crossing.open.find((one) => !BESIDE.has(one.step)) ?? crossing.open[0];
}

function toStep(step) {
  const key = `driver.go.${step.step}`;

  return hasText(key) ? t(key) : t('driver.go', { step: word('step', step.step) });
}

function restOf(crossing, next) {
  const rest = crossing.open.filter((one) => one !== next);

  return rest.length ? [t('driver.also', { steps: rest.map((one) => word('step', one.step)).join(', ') })] : [];
}

const BY_STATE = {
  draft: () => ({ look: 'wait', sign: SIGNS.wait, title: t('driver.draft'), lines: [t('driver.ask_firm')] }),
  queued: () => ({ look: 'wait', sign: SIGNS.wait, title: t('driver.queued'), lines: [t('driver.queued.how')] }),
  called: (x) => ({ look: 'go', sign: SIGNS.go, title: x.lane ? t('driver.called', { lane: x.lane }) : t('driver.called_now'),
    lines: x.due_at ? [t('driver.before', { time: time(x.due_at) })] : [] }),
  held: (x) => ({ look: 'stop', sign: SIGNS.stop, title: t('driver.held'),
    lines: [t('driver.held.where', { where: x.held.map((one) => word('agency', one.agency)).join(', ') || word('state', 'held') })] }),
  exited: () => ({ look: 'done', sign: SIGNS.done, title: t('driver.exited'), lines: [t('driver.thanks')] }),
  returned: () => ({ look: 'done', sign: SIGNS.done, title: t('driver.exited'), lines: [t('driver.thanks')] }),
};
const ENDED = new Set(['turned_back', 'rejected', 'no_show', 'cancelled', 'expired']);

/**
 * @param {object} crossing
 * @returns {{look: 'go'|'wait'|'stop'|'done', sign: string, title: string, lines: string[]}}
 */
export function advice(crossing) {
  const known = BY_STATE[crossing.state];

  if (known) return known(crossing);
  if (ENDED.has(crossing.state)) return { look: 'stop', sign: SIGNS.stop, title: word('state', crossing.state), lines: [t('driver.ask_firm')] };
  const next = nextOf(crossing);
  if (!next) return { look: 'wait', sign: SIGNS.wait, title: word('state', crossing.state), lines: [] };
  return { look: 'go', sign: SIGNS.go, title: toStep(next), lines: restOf(crossing, next) };
}
