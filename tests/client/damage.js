import assert from 'node:assert/strict';
import fc from 'fast-check';

import { MatteboxError } from '../../client/shared/errors.js';

/**
 * Opens `files` with bytes changed in their first `within` and up to `cut` missing at their end: whatever becomes of it, what
 * is thrown is a typed error.
 * @param {{ bytes: Uint8Array }[]} files
 * @param {{ within: number, changes: number, cut: number, numRuns: number }} how
 * @param {(bytes: Uint8Array) => Promise<unknown>} open
 */
export async function assertTypedErrors(files, { within, changes, cut, numRuns }, open) {
  const change = fc.tuple(fc.nat(within), fc.nat(255));
  const damage = fc.record({ file: fc.constantFrom(...files), changed: fc.array(change, { minLength: 1, maxLength: changes }), lost: fc.nat(cut) });
  const damaged = async ({ file, changed, lost }) => {
    const bytes = file.bytes.slice(0, Math.max(40, file.bytes.length - lost));
    for (const [at, value] of changed) bytes[at % bytes.length] = value;
    try {
      await open(bytes);
    } catch (thrown) {
      assert.ok(thrown instanceof MatteboxError, String(thrown?.stack));
    }
  };
  await fc.assert(fc.asyncProperty(damage, damaged), { numRuns });
}
