// SPDX-License-Identifier: MIT
// The bottom of the screen: what can be done, each by one key.
import { h } from '../base/dom.js';
import { number } from '../base/format.js';
import { t } from '../base/text.js';
import { stepsOf } from './verdict.js';

/**
 * @typedef {{key: string, name: string, text: string, run: () => void, hot?: boolean}} Action
 */

/**
 * What the screen offers now. do: by name of the action, what to run.
 * @param {{shown: any, undoLeft: number, counts: {look: number}, isOnline: boolean, do: Record<string, () => void>}} now
 * @returns {Action[]}
 */
export function actionsOf({ shown, undoLeft, counts, isOnline, do: run }) {
  const answer = shown.stage === 'verdict' ? shown.answer : null;
  const crossing = shown.answer?.crossing;
  const can = answer?.crossing && stepsOf(answer).steps.length > 0 && !shown.busy;
  const list = [
    undoLeft > 0 && ['u', 'undo', t('kiosk.key.undo', { seconds: number(undoLeft) }), true],
    ['m', 'manual', t('kiosk.key.manual')],
    can && ['h', 'hold', t('kiosk.key.hold')],
    can && ['r', 'reject', t('kiosk.key.reject')],
    crossing && isOnline && ['p', 'print', t('kiosk.key.print')],
    crossing && isOnline && shown.stage === 'verdict' && ['s', 'supervisor', t('kiosk.key.supervisor')],
    !crossing && ['c', 'camera', t('kiosk.key.camera')],
    ['w', 'work', counts.look ? t('kiosk.key.work.look', { count: number(counts.look) }) : t('kiosk.key.work'), counts.look > 0],
    shown.stage !== 'ready' && ['Escape', 'clear', t('kiosk.key.clear')],
    ['?', 'menu', t('kiosk.key.menu')],
  ];
  return list.filter(Boolean).map(([key, name, text, hot = false]) => ({ key, name, text, hot, run: run[name] }));
}

/** @param {Action[]} actions */
export function actionButtons(actions) {
  return actions.map(({ key, name, text, run, hot }) => h('button', { type: 'button', onclick: run,
    class: hot ? 'hot' : null, dataset: { key, action: name } },
  h('kbd', { 'aria-hidden': 'true' }, key === 'Escape' ? 'Esc' : key.toUpperCase()), h('span', null, text)));
}
