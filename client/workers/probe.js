/** The worker that looks at this device's GPU, once. It is of the inference realm: whatever is loaded here may open no connection. */
import { serve } from '../shared/channel.js';
import { lookAtGpu } from '../gpu/probe.js';

/** @type {import('../shared/channel.js').Handlers<import('../shared/protocol.js').ProbeCalls>} */
const handlers = {
  judge: ({ known }) => lookAtGpu({ known }),
};

serve(globalThis, handlers);
