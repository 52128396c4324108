import { DocumentUpdates } from '../../client/jobs/document-updates.js';
import { settle } from './worker-pair.js';

/** `look/file`: two wishes may look the same and be different files. */
const wish = (key) => ({ output: {}, previewKey: key.split('/')[0], fileKey: key });
export const MIB = 2 ** 20;
/** All photos may share one: it matters only that another one comes. */
const DOCUMENT = {};
export const fileOf = (key, bytes = 10) => ({ key, blob: { size: bytes } });
/** A photo as it was cut out: shown as `key` says, and without a file unless one is named. */
export const photo = (id, key, { state = 'done', file = null } = {}) => ({ id, state, input: new Blob(), reduce: false, result: state === 'done' ? { document: DOCUMENT, preview: { key: wish(key).previewKey }, file: file && fileOf(file) } : null });

/** Updates whose work ends when the test says so, and all that they tell. */
export function bench(t, { urgency = () => 1, bytes = 10, isBusy = () => false } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const said = [];
  const open = [];
  const pending = new Set();
  let common = 'a';
  /** Photos' own wishes, by id. */
  const own = {};
  const wantedOf = (id) => (own[id] ?? common) && wish(own[id] ?? common);
  const updates = new DocumentUpdates(wantedOf, {
    make: (kind, { id, result }, wanted, { signal }) => new Promise((resolve, reject) => {
      const made = kind === 'preview' ? { ...result, preview: { key: wanted.previewKey } } : { ...result, file: fileOf(wanted.fileKey, bytes) };
      open.push({ what: `${kind} ${id} ${wanted.fileKey}`, signal, end: () => resolve(made), fail: (error) => reject(error) });
    }),
    urgency,
    isBusy,
    onPending: (id, isPending) => (isPending ? pending.add(id) : pending.delete(id)),
    onStart: () => {},
    onDone: (id, { preview, file }) => said.push(`${id} is ${preview.key} ${file?.key ?? '-'}`),
    onFail: (id, { code }) => said.push(`fail ${id} ${code}`),
    onStop: (id) => said.push(`stop ${id}`),
    onCount: (left) => said.push(`left ${left}`),
    onRest: (done) => said.push(`rest ${done}`),
  }, 100);
  const wanted = (key) => {
    common = key;
    updates.want();
  };
  const want = async (key) => {
    wanted(key);
    t.mock.timers.tick(100);
    await settle();
  };
  const end = async () => {
    open.at(-1).end();
    await settle();
  };
  const begun = () => open.map(({ what }) => what);
  return { updates, wanted, own, want, end, said, open, pending, begun };
}
