// SPDX-License-Identifier: MIT
// The kiosk: wires disk, server, people and lists to the screen. State lives in those; the screen is
// drawn from it.
import { $, announce, replace, toast } from '../base/dom.js';
import { showAccount } from '../base/account.js';
import { Offline, Problem } from '../base/api.js';
import '../base/header.js';
import { fill, language, t, textReady } from '../base/text.js';
import { wordsReady } from '../base/words.js';
import { actionButtons, actionsOf } from './actions.js';
import { barParts } from './bar.js';
import { openCamera } from './camera.js';
import { capture } from './capture.js';
import { Clock } from './clock.js';
import { Connection } from './connection.js';
import { Desk } from './desk.js';
import { askReason, closeDialogs, openedDialog } from './dialogs.js';
import { Lists } from './lists.js';
import { askManual } from './manual.js';
import { openMenu } from './menu.js';
import { Outbox, counts } from './outbox.js';
import { People } from './people.js';
import { askPlace, isPlaceGood } from './place.js';
import { openPrint } from './print.js';
import { readingView, readyView } from './ready_view.js';
import { askNewPin, askWho } from './signin_view.js';
import { play } from './sound.js';
import { Store } from './store.js';
import { askOverride } from './supervisor.js';
import { sendWaiting } from './sync.js';
import { reasonText, stepName } from './texts_of.js';
import { recordedView, undoneView, verdictView } from './verdict_view.js';
import { openWork } from './work.js';

const LISTS_MS = 60_000;
const SEND_AGAIN_MS = 10_000;
const REGAIN_MS = 3000;
const SECOND_MS = 1000;
const READING_MS = 80;
const ENTER_GUARD_MS = 600; // a verdict is looked at before it is answered

await Promise.all([textReady('kiosk'), wordsReady()]);
fill(document);

const host = $('#main');
const store = await Store.open();
const clock = new Clock({ floorMs: (await store.get('floor')) ?? 0, save: (floor) => void store.put('floor', floor).catch(() => {}) });
const outbox = new Outbox(store, () => void count());
const connection = new Connection(clock, () => onLink());
const people = new People(store, connection, clock, () => onPeople());
const lists = new Lists(store, connection, clock);
const desk = new Desk({ connection, lists, outbox, people, clock }, show);
const tabs = new BroadcastChannel('gate-kiosk');

let isWorking = false; // at the lane; before: signing in, choosing
let shownAt = 0;
let drawnAt = 0;
let totals = { waiting: 0, others: new Map(), look: 0, done: 0 };
let sending = 0;
let regaining = 0;

// ---- what is drawn ---------------------------------------------------------------------------

/* Drawn anew only when it says something else: who has the focus keeps it. */
function renew(node, parts) {
  const next = document.createElement('div');
  replace(next, parts);
  if (next.innerHTML === node.innerHTML) return;
  const held = node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  replace(node, parts);
  if (held) [...node.querySelectorAll('[data-key]')].find((one) => one.dataset.key === held)?.focus();
}

function drawBar() {
  renew($('#bar'), barParts({ connection, people, place: isWorking ? desk.place : null, counts: totals, now: clock.now(),
    gate: lists.gates.find((gate) => gate.gate === desk.place?.code), onSignIn: signInAgain }));
}

function viewOf(shown) {
  if (shown.stage === 'reading') return readingView(shown.text, desk.preview(shown.text));
  if (shown.stage === 'verdict') return verdictView(shown, { onConfirm: confirm, onChoose: (id) => void desk.scan({ text: id }) });
  if (shown.stage === 'recorded') return recordedView(shown, desk.undoable?.item === shown.item ? desk.undoLeft() : 0);
  if (shown.stage === 'undone') return undoneView(shown);
  return readyView({ lists, place: desk.place, now: clock.now(), wrongBy: clock.wrongBy(), canVerify: lists.canVerify, done: totals.done });
}

function draw() {
  drawBar();
  if (!isWorking) return replace($('#actions'));
  replace(host, viewOf(desk.shown));
  document.body.dataset.kind = desk.shown.kind ?? desk.shown.stage;
  drawActions();
}

function drawActions() {
  const isOnline = connection.isUp && people.hasSession;
  renew($('#actions'), actionButtons(actionsOf({ shown: desk.shown, undoLeft: desk.undoLeft(), counts: totals, isOnline,
    do: { undo: askUndo, manual: () => askManual(desk), hold: () => askWhy('hold'), reject: () => askWhy('reject'),
      print: () => void openPrint(connection, desk.shown.answer.crossing.id), supervisor: override,
      camera: () => void openCamera((text) => void desk.scan({ text })), work: () => openWork(desk),
      clear: () => desk.clear(), menu } })));
}

/* A scan types some hundred keys: the bar moves, the rest stays. */
function drawReading(text) {
  const view = $('.reading');
  if (!view) return draw();
  const now = performance.now();
  if (now - drawnAt < READING_MS) return;
  drawnAt = now;
  view.replaceWith(readingView(text, desk.preview(text)));
}

/** @param {any} shown @param {boolean} isNew */
function show(shown, isNew) {
  shownAt = performance.now();
  if (isWorking && shown.stage === 'reading') return drawReading(shown.text);
  if (isWorking) draw();
  if (!isNew) return;
  closeDialogs();
  if (shown.stage === 'verdict') {
    play(shown.kind);
    announce(`${t(`kiosk.word.${shown.kind}`)}. ${shown.answer.crossing?.plate ?? ''}. ${reasonText(shown.answer)}`, 'assertive');
  } else if (shown.stage === 'recorded') {
    play('recorded');
    announce(`${t(`kiosk.recorded.${shown.given ? shown.item.result : 'kept'}`)}. ${stepName(shown.item.step)}`);
  } else if (shown.stage === 'undone') announce(t('kiosk.undone'));
}

// ---- what an officer does --------------------------------------------------------------------

/** @param {{step: string, channel?: string}} choice */
function confirm({ step, channel }) {
  if (performance.now() - shownAt < ENTER_GUARD_MS && desk.shown.busy) return;
  const isAlone = !connection.isUp || !people.hasSession;
  if (isAlone && people.officer.role === 'supervisor') return toast(t('kiosk.supervisor.needs_server'));
  void desk.confirm(step, { channel });
}

/** @param {'hold' | 'reject'} result */
function askWhy(result) {
  const steps = desk.shown.answer.next?.length ? desk.shown.answer.next : desk.shown.answer.choices;
  askReason({
    title: t(`kiosk.${result}.title`), text: stepName(steps[0].step), go: t(`kiosk.${result}.go`),
    presets: [1, 2, 3].map((n) => t(`kiosk.${result}.preset.${n}`)),
    submit: (note) => desk.confirm(steps[0].step, { result, note }),
  });
}

function askUndo() {
  if (!desk.undoLeft()) return;
  askReason({
    title: t('kiosk.undo.title'), text: stepName(desk.undoable.item.step), go: t('kiosk.undo.go'),
    presets: [1, 2, 3].map((n) => t(`kiosk.undo.preset.${n}`)),
    submit: async (reason) => {
      if (!(await desk.undo(reason))) throw Object.assign(new Error('undo'), { code: 'kiosk.undo.on_its_way' });
    },
  });
}

function override() {
  const { answer } = desk.shown;
  askOverride(desk, (given, item) => desk.show({ stage: 'recorded', answer, item, given }));
}

function menu() {
  openMenu({ onLane: () => void choosePlace(true), onAccount: account, onLeave: leave });
}

/* Only the server can change what it knows of a person. */
function account() {
  closeDialogs();
  if (!connection.isUp || !people.hasSession) return toast(t(connection.isUp ? 'kiosk.state_ask' : 'kiosk.no_server'));
  const { name, user } = people.officer;
  showAccount({ user: { name, user } }, {
    change: async (body) => {
      const session = await people.changeOwnPassword(body);
      toast(t('kiosk.menu.password_changed'));
      void renewPin();
      return session;
    },
    signOutEverywhere: () => people.leaveEverywhere(),
  });
}

async function leave() {
  closeDialogs();
  await people.leave();
  if (totals.waiting) toast(t('kiosk.left_with', { count: totals.waiting }));
}

/** A key that a person pressed. Buttons say which is theirs. @param {string} key */
function onKey(key) {
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  const dialog = openedDialog();
  if (dialog && wanted === 'Escape') return dialog.matches('.lasting') ? undefined : dialog.close();
  if (wanted === 'Enter' && performance.now() - shownAt < ENTER_GUARD_MS) return;
  const button = [...(dialog ?? document).querySelectorAll('[data-key]')].find((one) => one.dataset.key === wanted);
  if (button) return button.click();
  if (!dialog && isWorking && desk.shown.stage === 'ready' && /^[0-9]$/.test(wanted)) askManual(desk, wanted);
}

/* A password is typed as fast as anybody can: no scan is looked for in it. */
const isPassword = (node) => Boolean(node?.matches('input[autocomplete$="-password"]'));

capture({
  wantsScans: () => isWorking && !isPassword(document.activeElement),
  onMore: (text) => desk.reading(text),
  onScan: (burst) => void desk.scan(burst),
  onKey,
});

// ---- signing in, choosing the lane -----------------------------------------------------------

async function work() {
  isWorking = false;
  document.body.dataset.kind = 'before';
  draw();
  if (!people.officer) {
    const { byPassword } = await askWho(host, people);
    if (byPassword) await askNewPin(host, people);
  }
  await choosePlace(false);
}

/** @param {boolean} anew */
async function choosePlace(anew) {
  closeDialogs();
  if (!lists.gates.length) await lists.fetchGates().catch(() => {});
  const kept = await store.get('place');
  const isGood = !anew && isPlaceGood(kept, lists.gates, people.officer);
  if (!isGood) {
    isWorking = false;
    document.body.dataset.kind = 'before';
    draw();
  }
  desk.place = isGood ? kept : await askPlace(host, { gates: lists.gates, officer: people.officer });
  if (!isGood) await store.put('place', desk.place);
  await begin();
}

async function begin() {
  await lists.openExpected(people.officer.id, people.key, desk.place.code);
  isWorking = true;
  await count();
  desk.clear();
  void refresh();
  void send();
}

/** A new password ends the PINs. */
async function renewPin() {
  isWorking = false;
  document.body.dataset.kind = 'before';
  draw();
  await askNewPin(host, people);
  isWorking = true;
  draw();
  void refresh();
}

/** The session ended, or the kiosk worked without the server: the PIN again, over nothing else. */
async function signInAgain() {
  const officer = people.officer;
  isWorking = false;
  document.body.dataset.kind = 'before';
  draw();
  await askWho(host, people, { only: officer });
  isWorking = true;
  draw();
  void refresh();
  void send();
}

// ---- what goes on by itself ------------------------------------------------------------------

async function refresh() {
  if (!isWorking || !connection.isUp || !people.hasSession) return;
  try {
    await lists.refresh(desk.place.code, await people.readers());
  } catch (error) {
    if (!(error instanceof Offline || error instanceof Problem) && error.name !== 'DiskFull') console.warn(error);
  }
  if (isWorking && desk.shown.stage === 'ready') draw();
}

async function send() {
  clearTimeout(sending);
  if (!people.hasSession || !connection.isUp) return;
  const before = totals;
  const who = { officer: people.officer.id, isSupervisor: people.officer.role === 'supervisor' };
  try {
    const { left } = await sendWaiting(outbox, who, (...asked) => connection.ask(...asked));
    if (left) sending = setTimeout(send, SEND_AGAIN_MS);
  } catch (error) {
    if (!(error instanceof Offline || error instanceof Problem)) throw error;
    sending = setTimeout(send, SEND_AGAIN_MS);
  }
  await count();
  if (totals.look > before.look) toast(t('kiosk.sent_look', { count: totals.look }));
  else if (before.waiting > totals.waiting && before.waiting > 1) toast(t('kiosk.sent', { count: before.waiting - totals.waiting }));
}

async function count() {
  const items = await outbox.all();
  const today = new Date(clock.now()).toDateString();
  const mine = items.filter((item) => item.officer === people.officer?.id && item.state !== 'refused' &&
    item.state !== 'withdrawn' && new Date(item.at).toDateString() === today);
  totals = { ...counts(items, people.officer?.id), done: mine.length };
  drawBar();
  if (isWorking) drawActions();
}

async function onLink() {
  drawBar();
  if (isWorking) drawActions();
  if (!connection.isUp) return;
  void regain();
}

/* The server is there again: is the session? Asked until there is an answer. */
async function regain() {
  clearTimeout(regaining);
  if (!people.officer || !connection.isUp) return;
  if (!people.hasSession && !(await people.renew())) regaining = setTimeout(regain, REGAIN_MS);
  void refresh();
  void send();
}

function onPeople() {
  tabs.postMessage('people');
  drawBar();
  if (!people.officer) void work();
}

tabs.onmessage = ({ data }) => {
  if (data === 'outbox') void count();
  if (data === 'people' && !people.hasSession) void people.resume();
};

setInterval(() => {
  const countdown = $('.countdown');
  if (isWorking && (countdown || $('[data-action=undo]'))) {
    if (countdown && desk.undoLeft()) countdown.textContent = t('kiosk.undo.left', { seconds: desk.undoLeft() });
    else if (countdown) countdown.remove();
    drawActions();
  }
  drawBar();
}, SECOND_MS);
setInterval(() => void refresh(), LISTS_MS);
window.addEventListener('language', draw);

if ('serviceWorker' in navigator) navigator.serviceWorker.register('/kiosk/sw.js', { scope: '/kiosk' }).catch(() => {});
navigator.storage?.persist?.().catch(() => {});

await lists.load();
await people.resume();
connection.plan();
document.documentElement.dataset.ready = language();
await outbox.purge(Date.now()).catch(() => {});
await work();
