/**
 * The worker that finishes photos whose matte is known. It holds no model, and works beside the one that cuts out; it is of the same
 * realm, the inference realm: it sees pixels and may open no connection.
 */
import { serve } from '../shared/channel.js';
import { decodeBackdrop, finishAgain } from '../tasks/finish.js';
import { asMemory, pixelCalls } from './pixel-calls.js';

/** @type {import('../shared/channel.js').Handlers<import('../shared/protocol.js').PixelCalls>} */
const handlers = {
  ...pixelCalls,

  finish: ({ source, matte, output, reduce }) => finishAgain(source, matte, { ...output, reduce }).catch(asMemory),

  async check({ source }) {
    const { width, height } = await decodeBackdrop(source).catch(asMemory);
    return { width, height };
  },
};

serve(globalThis, handlers);
