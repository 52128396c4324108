/**
 * The tools of the editor: a row and a file for each.
 *
 * @typedef {import('./viewport.js').Point} Point
 * @typedef {import('./viewport.js').View} View
 * @typedef {import('./pointer.js').StagePoint} StagePoint
 * @typedef {typeof TOOLS[number]['name']} ToolName
 *
 * @typedef {object} ToolHost what tools work with
 * @property {() => import('./edited-photo.js').EditedPhoto | null} photo null while none is open
 * @property {() => View} view
 * @property {() => import('./stroke.js').Seen} seen
 * @property {() => number} density device pixels per CSS pixel
 * @property {() => void} redraw what tools draw over the photo
 * @property {(work: Promise<unknown>) => Promise<boolean>} commit an edit on its way: once it is there, it is told; where it fails, that is. Whether it is there
 * @property {(box: import('../document/edits.js').Box) => void} reveal moves the photo so that this is seen
 * @property {(words: string) => void} say to be heard
 * @property {(error: unknown) => void} fail to be seen and heard
 *
 * @typedef {object} Tool
 * @property {HTMLElement} options what can be set
 * @property {HTMLElement} [overlay] what can be set where the photo is seen
 * @property {string} cursor of the mouse, as CSS names it
 * @property {boolean} [isRestSeen] what is not in the cutout has to be seen to work with it
 * @property {() => void} [enter] it is chosen now
 * @property {() => void} [leave] it is not chosen any more
 * @property {() => void} [changed] the matte is another
 * @property {() => void} [renew] another photo is open
 * @property {() => void} [close] the editor is being closed
 * @property {(press: import('./pointer.js').Press) => void} press
 * @property {(points: StagePoint[]) => void} drag
 * @property {() => void} release
 * @property {() => boolean} cancel what is being done; false for nothing
 * @property {(at: StagePoint | null, held?: import('./pointer.js').Held) => void} [hover]
 * @property {(event: KeyboardEvent) => boolean} [key] pressed on the stage; true where it meant something
 * @property {(command: import('./keys.js').Command) => boolean} [command] true where it meant something
 * @property {(context: CanvasRenderingContext2D, view: View) => void} draw over the photo, in device pixels
 */
export const TOOLS = Object.freeze(/** @type {const} */ ([
  { name: 'restore', key: 'B' },
  { name: 'erase', key: 'E' },
  { name: 'edge', key: 'R' },
  { name: 'select', key: 'W' },
  { name: 'look', key: 'F' },
  { name: 'parts', key: 'P' },
]));
