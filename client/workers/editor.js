/**
 * The worker of the editor: it holds one opened document, and makes what is seen of it. It is of the inference realm: it sees pixels and
 * may open no connection. Its calls are answered one after the other; to close the document is to end it.
 */
import { serve } from '../shared/channel.js';
import { MatteboxError, throwIfCancelled } from '../shared/errors.js';
import { EditSession } from '../document/derive/edit-session.js';
import { intersection } from '../document/derive/edits/boxes.js';
import { warmUpEdge } from '../document/derive/edits/edge-warm-up.js';
import { asMemory, pixelCalls } from './pixel-calls.js';

/** @typedef {import('../shared/protocol-edit.js').EditCalls} EditCalls */
/** @typedef {import('../shared/protocol.js').PixelCalls} PixelCalls */

/** @type {EditSession | null} */
let session = null;

function opened() {
  if (!session) throw new MatteboxError('internal', { cause: 'an edit before the document' });
  return session;
}

/** Between two runs that only warm up, in which calls are answered. */
const REST_MS = 150;

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * A call begins when the one before it is done, unless it was given up by then; an array that cannot be had is told as what it is.
 * @template A
 * @template {{ signal: AbortSignal }} C
 * @template R
 * @param {(args: A, context: C) => R | Promise<R>} work
 * @returns {(args: A, context: C) => Promise<R>}
 */
function inTurn(work) {
  return (args, context) => {
    const done = last.then(() => (throwIfCancelled(context.signal), work(args, context))).catch(asMemory);
    last = done.catch(() => {});
    return done;
  };
}

/**
 * @param {import('../image/read/decode.js').Pixels} pixels
 * @param {(buffer: Transferable) => void} transfer
 */
async function bitmapOf({ data, width, height }, transfer) {
  const bitmap = await createImageBitmap(new ImageData(data, width, height));
  transfer(bitmap);
  return bitmap;
}

/**
 * @param {ReturnType<EditSession['picture']>} picture
 * @param {(buffer: Transferable) => void} transfer
 */
const sent = async ({ pixels, ...where }, transfer) => ({ ...where, bitmap: await bitmapOf(pixels, transfer) });

/** @type {import('../shared/channel.js').Handlers<EditCalls & Pick<PixelCalls, 'inspect' | 'load'>>} */
const handlers = {
  ...pixelCalls,

  open: inTurn(async (document) => {
    session = await EditSession.open(document);
    warmUpEdge((run) => setTimeout(() => { last = last.then(run).catch(() => {}); }, REST_MS));
    return session.facts;
  }),

  picture: inTurn(({ box, level, look }, { transfer }) => sent(opened().picture(box, level, look), transfer)),

  paint: inTurn(async ({ level, look, visible, ...paint }, { transfer }) => {
    const told = opened().paint(paint);
    const box = told.changed && intersection(told.changed, visible);
    return { ...told, picture: box && (await sent(opened().picture(box, level, look), transfer)) };
  }),

  giveUp: inTurn(() => opened().giveUp()),
  apply: inTurn(({ edit }) => opened().apply(edit)),
  undo: inTurn(() => opened().undo()),
  redo: inTurn(() => opened().redo()),
  edits: inTurn(() => ({ edits: opened().edits })),
  pieces: inTurn(() => opened().pieces()),

  ground: inTurn(async ({ longest }, { transfer }) => {
    const pixels = await opened().ground(longest);
    return pixels && { bitmap: await bitmapOf(pixels, transfer) };
  }),
};

serve(globalThis, handlers);
