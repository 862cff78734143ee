// SPDX-License-Identifier: MIT
// Filing a declaration, completing a draft, amending. What is typed lies in storage until it is filed, so
// a reload, a lost line or a session that ran out loses nothing; the key lies beside it, so the same
// declaration is never filed twice.

import { Offline, Problem, api, freshKey } from '../base/api.js';
import { announce, h, replace } from '../base/dom.js';
import { t } from '../base/text.js';
import { changesOf, amendmentOf, blankTyped, copyOf, documentOf, mergeTyped, typedOf } from './document.js';
import { conflictBox } from './conflict.js';
import { decimalMark } from './field_view.js';
import { FormView } from './form_view.js';
import { mayMove, move, movedBox } from './move.js';
import { classesKnown, declarationBadge, gatesKnown, problemBox, reasonOf } from './parts.js';
import { filedBox } from './filed.js';

class Filing {
  constructor(host, who, query) {
    this.host = host;
    this.number = query.get('number');
    this.copied = query.get('copy');
    this.place = `gate.firm.${who.user.id}.${this.number ? `edit.${this.number}` : 'new'}`;
  }

  // --- what lies in storage: {typed, base, etag, key, sent}

  stored() {
    try { return JSON.parse(localStorage.getItem(this.place)); } catch { return null; }
  }

  keep() {
    try { localStorage.setItem(this.place, JSON.stringify(this.state)); } catch { /* it is full: the page still has it */ }
  }

  forget() {
    localStorage.removeItem(this.place);
  }

  async start() {
    [this.gates, this.classes] = await Promise.all([gatesKnown(), classesKnown()]);
    this.state = await this.begin();
    this.mark = this.state.mark ??= decimalMark(); // what was typed is read as it was meant when it was typed
    if (this.copied) history.replaceState(null, '', '#new'); // a reload goes on with what was typed
    this.draw();
    return () => this.keep();
  }

  async begin() {
    const stored = this.stored();

    if (this.number) return this.beginAmending(stored);
    if (this.copied) {
      const { body } = await api('GET', `/v1/declarations/${this.copied}`);
      return { typed: copyOf(typedOf(body.document, decimalMark())), note: t('firm.file.copied', { number: this.copied }) };
    }
    if (stored?.typed) return { ...stored, note: t('firm.file.restored') };
    return { typed: blankTyped('export', this.gates.length === 1 ? this.gates[0].gate : '') };
  }

  async beginAmending(stored) {
    const { body, etag } = await api('GET', `/v1/declarations/${this.number}`);
    const base = typedOf(body.document, decimalMark());

    this.declaration = body;
    if (stored?.typed && changesOf(stored.base, stored.typed).length) return { ...stored, note: t('firm.file.restored') };
    return { typed: structuredClone(base), base, etag };
  }

  // --- the screen

  draw() {
    this.view = new FormView(this.state.typed, { gates: this.gates, classes: this.classes, mark: this.mark, isAmending: Boolean(this.number),
      changed: () => { clearTimeout(this.later); this.later = setTimeout(() => this.keep(), 200); } });
    this.result = h('div', { class: 'result' });
    this.button = h('button', { type: 'button', class: 'main', onclick: () => this.send() }, t(this.number ? 'firm.file.amend' : 'firm.file.go'));
    replace(this.host, this.title(), this.declaration && movedBox(this.declaration, this.gates), this.state.note && this.noteBox(), this.view.form, this.result,
      h('div', { class: 'row end sticky' }, h('button', { type: 'button', onclick: () => this.startOver() }, t(this.number ? 'firm.file.discard' : 'firm.file.clear')), this.button));
    this.form = this.view.form;
    this.form.addEventListener('submit', () => this.send());
    if (this.declaration) this.showFindings(this.declaration);
  }

  title() {
    return h('div', { class: 'head row' }, h('h2', null, this.number ? t('firm.file.title_edit', { number: this.number }) : t('firm.menu.new')),
      this.declaration && h('div', { class: 'row' }, declarationBadge(this.declaration.state),
        mayMove(this.declaration, this.gates) && h('button', { type: 'button', onclick: () => this.move() }, t('firm.move.open'))));
  }

  move() {
    return move(this.declaration, { gates: this.gates, isTyping: changesOf(this.state.base, this.state.typed).length > 0,
      moved: () => this.leave(), again: () => window.dispatchEvent(new HashChangeEvent('hashchange')) });
  }

  /** Nothing of what was typed is kept, nor will be when the page is left. */
  leave() {
    this.forget();
    clearTimeout(this.later);
    this.keep = () => {};
  }

  noteBox() {
    return h('p', { class: 'note', role: 'status' }, this.state.note);
  }

  startOver() {
    const before = this.state;

    this.forget();
    this.state = this.number ? { typed: structuredClone(this.state.base), base: this.state.base, etag: this.state.etag, mark: this.mark }
      : { typed: blankTyped('export', ''), mark: this.mark };
    this.draw();
    replace(this.result, h('p', { class: 'row' }, t('firm.file.cleared'), h('button', { type: 'button', onclick: () => {
      this.state = before;
      this.keep();
      this.draw();
    } }, t('firm.form.undo_remove'))));
  }

  /** What a draft still lacks and what looks odd, at the fields. */
  showFindings(declaration) {
    const lacking = declaration.rule_failures ?? [], odd = declaration.warnings ?? [];
    const homeless = [...this.view.tell(odd, false), ...this.view.tell(lacking)];

    if (lacking.length) replace(this.result, h('div', { class: 'card look', role: 'status' }, h('b', null, t('firm.file.draft', { n: lacking.length })),
      h('ul', null, [...lacking, ...homeless.filter((one) => !lacking.includes(one))].map((one) => h('li', null, one.text)))));
  }

  // --- sending

  async send() {
    if (this.isBusy) return; // a second click
    this.view.clear();
    const { document, problems } = documentOf(this.state.typed, { decimalMark: this.mark });
    if (problems.length) return this.refuse(problems.map((one) => ({ ...one, text: t(`firm.code.${one.code}`) })), t('firm.file.wrong', { n: problems.length }));
    const body = this.number ? this.amendment(document) : document;
    if (!body) return undefined;
    this.isBusy = true;
    this.button.setAttribute('aria-busy', 'true');
    replace(this.result);
    try {
      await this.sendBody(body);
    } finally {
      this.isBusy = false;
      this.button.removeAttribute('aria-busy');
    }
    return undefined;
  }

  amendment(document) {
    const before = documentOf(this.state.base, { decimalMark: this.mark }).document;
    const body = amendmentOf(before, document);

    if (Object.keys(body).length) return body;
    replace(this.result, h('p', { class: 'note', role: 'status' }, t('firm.file.nothing')));
    return null;
  }

  // The same body goes under the same key, whatever happened in between.
  keyOf(body) {
    const sent = JSON.stringify([body, this.state.etag]);

    if (this.state.sent !== sent || !this.state.key) Object.assign(this.state, { sent, key: freshKey() });
    this.keep();
    return this.state.key;
  }

  async sendBody(body) {
    try {
      const answer = this.number
        ? await api('PATCH', `/v1/declarations/${this.number}`, { body, etag: this.state.etag, key: this.keyOf(body), retries: 2 })
        : await api('POST', '/v1/declarations', { body, key: this.keyOf(body), retries: 2 });
      this.done(answer);
    } catch (error) {
      await this.failed(error);
    }
  }

  done({ body }) {
    this.forget();
    announce(t('firm.file.done', { number: body.number }), 'assertive');
    if (body.state === 'draft') {
      history.replaceState(null, '', `#edit?number=${body.number}`);
      window.dispatchEvent(new HashChangeEvent('hashchange'));
      return;
    }
    replace(this.host, filedBox(body, Boolean(this.number)));
    this.host.querySelector('h2').focus();
    this.keep = () => {};
  }

  async failed(error) {
    if (error instanceof Problem && error.code === 'stale_version') return this.showConflict();
    if (error instanceof Problem && error.errors.length) return this.refuse(error.errors, error.text);
    if (error instanceof Offline) return replace(this.result, problemBox(error, () => this.send()), h('p', null, t('firm.file.kept')));
    if (error instanceof Problem) return replace(this.result, problemBox(error));
    throw error;
  }

  refuse(findings, text) {
    const homeless = this.view.tell(findings);

    replace(this.result, h('div', { class: 'card problem', role: 'alert' }, h('p', { class: 'error' }, text),
      homeless.length > 0 && h('ul', null, homeless.map((one) => h('li', null, one.text)))));
  }

  // Somebody else amended it meanwhile: what, and how both go together.
  async showConflict() {
    let latest;
    try {
      latest = await api('GET', `/v1/declarations/${this.number}`);
    } catch (error) {
      replace(this.result, h('p', { class: 'error' }, reasonOf(error)));
      return;
    }
    const theirs = typedOf(latest.body.document, this.mark);
    const merged = mergeTyped(this.state.base, this.state.typed, theirs);

    replace(this.result, conflictBox(merged, {
      keepMine: () => this.goOn(merged.typed, theirs, latest.etag),
      takeTheirs: () => this.goOn(theirs, theirs, latest.etag),
    }));
    this.result.querySelector('h3').focus();
  }

  goOn(typed, base, etag) {
    this.state = { typed: structuredClone(typed), base, etag, mark: this.mark };
    this.keep();
    this.draw();
    replace(this.result, h('p', { class: 'note', role: 'status' }, t('firm.conflict.merged')));
  }
}

/** @param {Element} host @param {{who: object, query: URLSearchParams}} options */
export function fileView(host, { who, query }) {
  return new Filing(host, who, query).start();
}
