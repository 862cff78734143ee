// SPDX-License-Identifier: MIT
// A declaration as a form: header, vehicles, receiving vehicles, customs declarations, goods. It keeps
// nothing but what is typed, which is given and told.

import { h, replace } from '../base/dom.js';
import { plate as shown } from '../base/format.js';
import { t } from '../base/text.js';
import { checkPlate } from './checks.js';
import { aboutOf, at, put } from './document.js';
import { HEADER, LISTS } from './fields.js';
import { fieldView, tell } from './field_view.js';

const ORDER = ['vehicles', 'customs_declarations', 'goods', 'receiving_vehicles'];

export class FormView {
  /**
   * @param {object} typed it is written into
   * @param {{gates: object[], classes: object[], mark: ','|'.', changed: () => void, isAmending?: boolean}} options
   */
  constructor(typed, options) {
    Object.assign(this, { typed, ...options });
    this.form = h('form', { class: 'declaration', novalidate: true, autocomplete: 'off', onsubmit: (event) => event.preventDefault() });
    this.draw();
  }

  draw() {
    replace(this.form, this.header(), ORDER.map((list) => this.list(list)));
  }

  // --- parts

  header() {
    return h('fieldset', { class: 'card' }, h('legend', null, t('firm.form.header')), this.fields(HEADER, this.typed, ''));
  }

  choices(field) {
    if (field.name === 'gate') return this.gates.map((gate) => gate.gate);
    if (field.name === 'route') return (this.gates.find((gate) => gate.gate === this.typed.gate)?.routes ?? []).map((route) => route.route);
    return field.choices;
  }

  field(field, item, start) {
    return fieldView(field, {
      pointer: `${start}/${field.name}`, value: at(item, field.name), about: () => aboutOf(this.typed, item, this.mark),
      choices: this.choices(field), gates: this.gates, classes: this.classes,
      isFixed: this.isAmending && start === '' && ['gate', 'direction'].includes(field.name),
      onInput: (value) => {
        put(item, field.name, value);
        this.changed();
        if (field.name === 'gate' || field.name === 'direction') this.draw();
        if (field.name === 'driver/document/type') this.input(`${start}/driver/document/number`)?.judge(true);
      },
    });
  }

  // The usual ones, and the others behind a word; open when one of them is filled.
  fields(fields, item, start) {
    const more = fields.filter((field) => field.more);
    const isOpen = more.some((field) => at(item, field.name));

    return [h('div', { class: 'fields' }, fields.filter((field) => !field.more).map((field) => this.field(field, item, start))),
      more.length > 0 && h('details', { open: isOpen, class: 'more' }, h('summary', null, t('firm.form.more')),
        h('div', { class: 'fields' }, more.map((field) => this.field(field, item, start))))];
  }

  list(list) {
    const items = this.typed[list];
    const isUnwanted = list === 'receiving_vehicles' && this.typed.direction === 'export' && items.length === 0;

    return h('section', { class: 'list', dataset: { list }, hidden: isUnwanted },
      h('h3', null, t(`firm.form.${list}`), ' ', h('span', { class: 'quiet-text' }, items.length || '')),
      h('p', { class: 'quiet-text' }, t(`firm.form.${list}.hint`)),
      items.map((item, i) => this.item(list, item, i)),
      h('p', { class: 'field-error at-list', hidden: true }),
      items.length < LISTS[list].most && h('button', { type: 'button', class: 'add', onclick: () => this.add(list, {}) }, `＋ ${t(`firm.form.${list}.add`)}`));
  }

  item(list, item, i) {
    const isVehicle = list.endsWith('vehicles');

    return h('fieldset', { class: 'card item', dataset: { pointer: `/${list}/${i}` } },
      h('legend', null, this.titleOf(list, item, i)),
      this.fields(LISTS[list].fields, item, `/${list}/${i}`),
      h('div', { class: 'row end' },
        isVehicle && h('button', { type: 'button', class: 'quiet', onclick: () => this.add(list, this.likeness(item)) }, t('firm.form.likewise')),
        (list !== 'vehicles' || this.typed.vehicles.length > 1) &&
          h('button', { type: 'button', class: 'quiet', onclick: () => this.remove(list, i) }, t('firm.form.remove'))));
  }

  titleOf(list, item, i) {
    const name = list.endsWith('vehicles') && item.plate ? shown(checkPlate(item.plate).value) : '';

    return `${t(`firm.form.${list}.one`)} ${i + 1}${name ? ` · ${name}` : ''}`;
  }

  // --- changes

  // Another truck like this one: what is its own is left empty.
  likeness(item) {
    const copy = structuredClone(item);

    for (const own of ['plate', 'trailer_plate', 'container', 'seal', 'vin', 'driver']) delete copy[own];
    return copy;
  }

  add(list, item) {
    this.typed[list].push(item);
    this.changed();
    this.draw();
    this.form.querySelector(`[data-pointer="/${list}/${this.typed[list].length - 1}"] input`)?.focus();
  }

  remove(list, i) {
    const [gone] = this.typed[list].splice(i, 1);

    this.changed();
    this.draw();
    const section = this.form.querySelector(`[data-list="${list}"]`);
    const undo = h('button', { type: 'button', class: 'quiet', onclick: () => {
      this.typed[list].splice(i, 0, gone);
      this.changed();
      this.draw();
    } }, t('firm.form.undo_remove'));
    section.append(undo);
    undo.focus();
  }

  // --- what the server or the rules said

  input(pointer) {
    return this.form.elements.namedItem(pointer);
  }

  /** The control that a pointer is about, or the nearest one inside it. */
  nearest(pointer) {
    const inputs = [...this.form.elements].filter((one) => one.name);

    return this.input(pointer) ?? inputs.find((one) => one.name.startsWith(`${pointer}/`)) ??
      inputs.find((one) => pointer.startsWith(`${one.name}/`)) ?? null;
  }

  /**
   * Each message at its field; of a list at its end. The first wrong one gets the focus.
   * @param {{pointer: string, text: string}[]} findings
   * @param {boolean} [isWrong]
   * @returns {{pointer: string, text: string}[]} those that found no place
   */
  tell(findings, isWrong = true) {
    let first = null;
    const homeless = findings.filter(({ pointer, text }) => {
      const section = this.form.querySelector(`[data-list="${pointer.slice(1)}"] .at-list`);
      const input = section ? null : this.nearest(pointer);
      if (section) Object.assign(section, { hidden: false, textContent: text });
      if (input) {
        input.closest('details')?.setAttribute('open', '');
        tell(input, text, isWrong);
      }
      first ??= input ?? section?.nextElementSibling;
      return !input && !section;
    });

    if (isWrong) first?.focus();
    return homeless;
  }

  /** Takes the server's words off the lists; the fields judge themselves. */
  clear() {
    for (const one of this.form.querySelectorAll('.at-list')) one.hidden = true;
    for (const one of this.form.elements) if (one.name) one.judge?.(true);
  }
}
