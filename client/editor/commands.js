/**
 * What keys do whatever the tool is.
 *
 * @typedef {Omit<import('./stage.js').Shown, 'chosen'>} Look
 * @typedef {object} Actions
 * @property {import('./stage.js').Stage} stage
 * @property {(direction: 'undo' | 'redo') => void} step
 * @property {(of: (look: Look) => Partial<Look>) => void} see it otherwise than now
 * @property {() => void} ground the next one
 * @property {(direction: -1 | 1) => void} turn to another photo
 * @property {() => void} help
 */

/** @param {Actions} actions @returns {Partial<Record<import('./keys.js').Command, () => void>>} */
export const commandsOf = ({ stage, step, see, ground, turn, help }) => ({
  undo: () => step('undo'),
  redo: () => step('redo'),
  fit: () => stage.fit(),
  actual: () => stage.zoomTo(1),
  double: () => stage.zoomTo(2),
  'zoom-in': () => stage.step(1),
  'zoom-out': () => stage.step(-1),
  split: () => see(({ look }) => ({ look: look === 'split' ? 'cutout' : 'split' })),
  matte: () => see(({ look }) => ({ look: look === 'matte' ? 'cutout' : 'matte' })),
  ground,
  previous: () => turn(-1),
  next: () => turn(1),
  help,
});
