/** The few things the page does with the DOM, typed, and loud when the markup and the code disagree. */

/**
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} name value of the part's `data-part`
 * @param {new () => E} type
 * @returns {E}
 */
export function part(root, name, type) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!(found instanceof type)) throw new TypeError(`index.html has no ${type.name} with data-part="${name}"`);
  return found;
}

/**
 * @param {string} id of a `<template>`
 * @returns {HTMLElement} a fresh copy of its one element
 */
export function stamp(id) {
  const template = document.getElementById(id);
  if (!(template instanceof HTMLTemplateElement)) throw new TypeError(`index.html has no template #${id}`);
  const copy = template.content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new TypeError(`template #${id} is empty`);
  return copy;
}

/**
 * Writes only what differs: a text node that is replaced costs a layout and makes live regions speak again.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @returns {boolean} the person asked their system for less motion */
export const prefersStillness = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/**
 * Writes only what differs: an attribute that styles depend on costs a style pass each time it is set.
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} value
 */
export function setData(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/**
 * Shows these of the buttons and hides the others. A hidden button drops the focus to the top of the page; its
 * successor takes it instead.
 * @param {HTMLElement[]} buttons
 * @param {readonly string[]} names values of `data-part`
 */
export function showButtons(buttons, names) {
  const hadFocus = buttons.some((button) => button === document.activeElement);
  for (const button of buttons) button.hidden = !names.includes(button.dataset.part ?? '');
  if (hadFocus && !buttons.some((button) => button === document.activeElement && !button.hidden)) {
    buttons.find((button) => !button.hidden)?.focus();
  }
}
