import { Keeping } from '../../client/page/keep/keeping.js';
import { MatteboxError } from '../../client/shared/errors.js';
import { standIn } from './stand-in.js';

export const job = (id, change = {}) => ({ id, kind: 'cutout', name: `${id}.png`, state: 'queued', progress: null, error: null, reduce: false, input: new Blob(['photo']), result: null, ...change });
export const result = (document = { id: 'd', file: new Blob(['photo']), matte: null }, preview = { key: 'a', image: new Blob(['preview']) }) => ({ document, preview, file: { key: 'a', blob: new Blob(['file']) }, original: null, notes: [], report: {} });

/** A store that notes what it is asked for, and a Keeping on it. */
export function bench(t, { kept = [], term = 'days', ground = null, fail = () => null } = {}) {
  standIn(t, { addEventListener() {} });
  t.mock.timers.enable({ apis: ['setInterval'] });
  const asked = [];
  let order = kept.length;
  const act = (name, ...what) => {
    asked.push([name, ...what]);
    const reason = fail(name, asked.length);
    return reason ? Promise.reject(new MatteboxError('storage-failed', { reason })) : Promise.resolve();
  };
  const store = {
    open: (ms) => act('open', ms).then(() => kept),
    newKey: () => ['desk', (order += 1)],
    put: (key, value, file) => act('put', key[1], value, file),
    remove: (key) => act('remove', key[1]),
    clear: () => act('clear'),
    ground,
    putGround: (row) => act('ground', row),
    touch: () => act('touch'),
  };
  const told = [];
  const keeping = new Keeping(store, term, (status) => told.push(status));
  const brought = [];
  const stood = [];
  const start = () => keeping.start((...one) => brought.push(one), (id) => id, (one) => stood.push([one, brought.length]));
  const names = () => asked.map(([name, what]) => `${name} ${what ?? ''}`.trim());
  return { keeping, start, asked, names, told, brought, stood };
}
