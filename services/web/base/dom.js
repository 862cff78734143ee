// SPDX-License-Identifier: MIT
// Elements without markup in strings: what comes from outside is always a text node.

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === 'class') node.className = value;
  else if (name === 'dataset') Object.assign(node.dataset, value);
  else if (name === 'style') Object.assign(node.style, value);
  else if (name.startsWith('on') && typeof value === 'function')
    node.addEventListener(name.slice(2), value);
  else if (name === 'value') node.value = value;
  else node.setAttribute(name, value === true ? '' : String(value));
}

const SVG = new Set(['svg', 'path', 'g', 'circle', 'rect', 'line', 'polyline', 'polygon', 'use']);

/**
 * @param {string} tag
 * @param {Object|null} [props] class, dataset, style (an object), on<event>, any attribute
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const node = SVG.has(tag) ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag);
  append(node, children);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (SVG.has(tag) && name === 'class') node.setAttribute('class', value);
    else set(node, name, value);
  }
  return node;
}

function append(node, children) {
  for (const child of children.flat(Infinity))
    if (child !== null && child !== undefined && child !== false && child !== '')
      node.append(child instanceof Node ? child : String(child));
}

/**
 * The first element that fits.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {any}
 */
export function $(selector, root = document) { return root.querySelector(selector); }

/** What is in node goes, the children come. @param {Element} node @param {...any} children */
export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

let speaker = null;

/**
 * Says the text to who listens with a screen reader.
 * @param {string} text
 * @param {'polite'|'assertive'} [how]
 */
export function announce(text, how = 'polite') {
  if (!speaker) {
    speaker = h('div', { class: 'unseen', 'aria-live': how, role: 'status' });
    document.body.append(speaker);
  }
  speaker.setAttribute('aria-live', how);
  speaker.textContent = '';
  requestAnimationFrame(() => { speaker.textContent = text; });
}

/**
 * Opens a dialog that stays until it is removed. Whoever presses Escape twice closes any dialog, whatever
 * it says to 'cancel' (HTML, close watchers): so this one comes again.
 * @param {HTMLDialogElement} dialog @returns {HTMLDialogElement}
 */
export function insist(dialog) {
  dialog.classList.add('lasting');
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  dialog.addEventListener('close', () => {
    if (dialog.isConnected) dialog.showModal();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A short message at the edge of the screen, that goes by itself. @param {string} text */
export function toast(text) {
  const node = h('div', { class: 'toast', role: 'log', 'aria-live': 'off' }, text); // announce() says it
  document.body.append(node);
  announce(text);
  setTimeout(() => node.remove(), 6000);
}
