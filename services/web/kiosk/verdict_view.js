// SPDX-License-Identifier: MIT
// The whole screen is the verdict: shape and word, the plate in the largest type, why, and what comes
// next. Nothing else.
import { h } from '../base/dom.js';
import { dateTime, number, plate, time } from '../base/format.js';
import { language, t } from '../base/text.js';
import { word } from '../base/words.js';
import { shape } from './shapes.js';
import { agencyName, className, directionName, reasonText, stateName, stepName } from './texts_of.js';
import { stepsOf } from './verdict.js';

/** A key on the keyboard. @param {string} key */
export const kbd = (key) => h('kbd', { 'aria-hidden': 'true' }, key);

/** @param {string} kind @param {string} word */
const heading = (kind, word) => h('h2', { class: 'word' }, shape(kind), h('span', null, word));

/** @param {string | null | undefined} text */
const plateLine = (text) => text && h('p', { class: 'giant plate', dataset: { long: String(text.length > 9) } }, plate(text));

/** Two plates, each character that differs marked. @param {{pass: string, vehicle: string}} plates */
function platesCompared({ pass, vehicle }) {
  const other = { pass: plate(vehicle), vehicle: plate(pass) };
  const marked = (text, beside) => Array.from(text, (char, i) => (char === Array.from(beside)[i] ? char : h('mark', null, char)));
  const row = (label, text, beside) => h('p', { class: 'compared' }, h('span', null, label),
    h('b', { class: 'giant plate', dataset: { long: 'two' } }, marked(text, beside)));
  return [row(t('kiosk.plates.pass'), plate(pass), other.pass), row(t('kiosk.plates.vehicle'), plate(vehicle), other.vehicle)];
}

/** @param {any} crossing */
function facts(crossing) {
  const trailer = crossing.trailer_plate && plate(crossing.trailer_plate);
  const parts = [
    directionName(crossing.direction), className(crossing.class),
    crossing.role === 'receiving' && word('role', 'receiving'),
    trailer && t('kiosk.trailer', { plate: trailer }),
    crossing.channel && t(`kiosk.channel.${crossing.channel}`),
    crossing.state && stateName(crossing.state),
    crossing.lane && t('kiosk.called_to', { lane: crossing.lane }), crossing.id,
  ];
  return h('ul', { class: 'facts' }, parts.filter(Boolean).map((part) => h('li', null, part)));
}

/** Who, where, when. @param {any} done */
function doneLine(done) {
  const who = typeof done.by === 'string' ? done.by : done.agency && agencyName(done.agency);
  const where = [done.gate, done.lane && t('kiosk.lane', { lane: done.lane }), done.device,
    done.here && t('kiosk.done.here')].filter(Boolean).join(' · ');
  return h('dl', { class: 'done' },
    done.step && [h('dt', null, t('kiosk.done.what')), h('dd', null, stepName(done.step))],
    who && [h('dt', null, t('kiosk.done.who')), h('dd', null, who)],
    where && [h('dt', null, t('kiosk.done.where')), h('dd', null, where)],
    done.at && [h('dt', null, t('kiosk.done.when')), h('dd', null, dateTime(done.at))],
    done.note && [h('dt', null, t('kiosk.done.note')), h('dd', null, done.note)]);
}

const names = (steps) => steps.map((one) => `${stepName(one.step)} (${agencyName(one.agency)})`).join(', ');

/** What stands beside the reason. @param {any} answer */
function details(answer) {
  const position = answer.position;
  return [
    answer.done && doneLine(answer.done),
    answer.held?.length > 0 && h('p', { class: 'extra' }, t('kiosk.held_by', { steps: names(answer.held) })),
    answer.right_gate && h('p', { class: 'extra strong' }, t('kiosk.right_gate',
      { gate: answer.right_gate_names?.[language()] ?? answer.right_gate })),
    answer.right_route && answer.reason === 'wrong_route' &&
      h('p', { class: 'extra strong' }, t('kiosk.right_route', { route: answer.right_route })),
    answer.reason === 'wrong_lane' && answer.crossing?.lane &&
      h('p', { class: 'extra strong' }, t('kiosk.called_to', { lane: answer.crossing.lane })),
    position?.place && h('p', { class: 'extra' }, t('kiosk.position', { place: number(position.place) })),
    answer.others?.length > 0 && answer.verdict !== 'go' &&
      h('p', { class: 'extra' }, t('kiosk.others', { steps: names(answer.others) })),
  ];
}

/** What nobody could check offline. @param {any} offline */
function offlineNote(offline) {
  if (!offline) return null;
  const at = offline.listAt ? time(offline.listAt) : '–';
  const revoked = offline.revocationsAt ? time(offline.revocationsAt) : '–';
  return h('div', { class: 'unchecked' },
    h('p', { class: 'strong' }, t('kiosk.offline.title')),
    h('ul', null, offline.unchecked.map((code) =>
      h('li', null, t(`kiosk.unchecked.${code}`, { at, revoked })))));
}

/** Several vehicles fit: choose one. @param {any[]} matches @param {(crossing: string) => void} choose */
function matchList(matches, choose) {
  return h('ol', { class: 'matches' }, matches.map((one, i) => h('li', null,
    h('button', { type: 'button', class: 'choice', dataset: { key: String(i + 1) }, onclick: () => choose(one.id) },
      i < 9 && kbd(String(i + 1)), h('span', { class: 'plate' }, plate(one.plate)),
      h('span', null, `${directionName(one.direction)} · ${stateName(one.state)}`)))));
}

/** Customs says the channel when it registers. */
const CHANNELS = ['green', 'yellow', 'red'];

/** One entry per thing that can be confirmed; the channels but the first are told by their name. @param {any} answer @returns {{step: string, channel?: string, label: string}[]} */
function choicesOf(answer) {
  const named = (step) => t('kiosk.confirm', { step: stepName(step) });
  return stepsOf(answer).steps.flatMap(({ step }) => (step === 'registered'
    ? CHANNELS.map((channel, i) => ({ step, channel,
      label: i === 0 ? `${named(step)} · ${t(`kiosk.channel.${channel}`)}` : t(`kiosk.channel.${channel}`) }))
    : [{ step, label: answer.choices ? stepName(step) : named(step) }]));
}

/** @param {any} answer @param {boolean} busy @param {(choice: {step: string, channel?: string}) => void} onConfirm */
function nextButtons(answer, busy, onConfirm) {
  const choices = choicesOf(answer);
  const { surest } = stepsOf(answer);
  if (!choices.length) return null;
  return h('div', { class: 'next' },
    !surest && h('p', { class: 'ask' }, t(answer.choices ? 'kiosk.next.unsure' : 'kiosk.next.look')),
    choices.map((choice, i) => h('button', { type: 'button', disabled: busy, 'aria-busy': busy ? 'true' : null,
      class: i === 0 && surest ? 'step first' : 'step', dataset: { key: i === 0 && surest ? 'Enter' : String(i + 1) },
      onclick: () => onConfirm(choice) },
    kbd(i === 0 && surest ? '↵' : String(i + 1)),
    h('span', null, choice.label))));
}

/**
 * @param {any} shown @param {{onConfirm: (choice: any) => void, onChoose: (crossing: string) => void}} on
 * @returns {HTMLElement}
 */
export function verdictView({ answer, kind, busy }, on) {
  const word = t(`kiosk.word.${kind}`);
  return h('section', { class: 'verdict', dataset: { kind, offline: answer.offline ? 'yes' : 'no',
    reason: answer.reason }, 'aria-label': word },
  heading(kind, word), answer.plates ? platesCompared(answer.plates) : plateLine(answer.crossing?.plate),
  h('div', { class: 'why' }, answer.reason !== 'ok' && h('p', { class: 'reason' }, reasonText(answer)), details(answer)),
  nextButtons(answer, busy, on.onConfirm),
  answer.matches && matchList(answer.matches, on.onChoose),
  offlineNote(answer.offline), answer.crossing && facts(answer.crossing));
}

/** @param {any} shown @param {number} undoLeft */
export function recordedView({ answer, item, given }, undoLeft) {
  const kept = !given;
  const result = item.result === 'pass' ? 'recorded' : item.result === 'hold' ? 'hold' : 'stop';
  const word = t(`kiosk.recorded.${kept ? 'kept' : item.result}`);
  return h('section', { class: 'verdict', dataset: { kind: 'recorded', result: item.result,
    offline: kept ? 'yes' : 'no' }, 'aria-label': word },
  heading(result, word), plateLine(answer.crossing.plate),
  h('div', { class: 'why' },
    h('p', { class: 'reason' }, stepName(item.step), item.channel && ` · ${t(`kiosk.channel.${item.channel}`)}`),
    h('p', { class: 'extra' }, kept ? t('kiosk.recorded.kept.why')
      : t('kiosk.recorded.event', { event: given.event, time: time(item.at) })),
    given?.conflict && h('p', { class: 'extra strong' }, t('kiosk.recorded.conflict'))),
  undoLeft > 0 && h('p', { class: 'countdown' }, t('kiosk.undo.left', { seconds: undoLeft })),
  facts({ ...answer.crossing, state: given?.crossing?.state ?? null }));
}

/** @param {any} shown */
export function undoneView({ answer }) {
  const word = t('kiosk.undone');
  return h('section', { class: 'verdict', dataset: { kind: 'undone' }, 'aria-label': word },
    heading('undone', word), plateLine(answer.crossing.plate),
    h('div', { class: 'why' }, h('p', { class: 'reason' }, t('kiosk.undone.why'))));
}
