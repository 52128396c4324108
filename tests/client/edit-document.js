import { EditSession } from '../../client/document/derive/edit-session.js';
import { random } from './numbers.js';
import { standIn } from './stand-in.js';

export const [WIDTH, HEIGHT] = [200, 140];
export const SIZE = { width: WIDTH, height: HEIGHT };
export const WHOLE = { x: 0, y: 0, ...SIZE };
const away = (x, y, u, v) => Math.hypot(x - u, y - v);

/** A reddish disc on a green ground, mixed at its soft edge, and a blue one beside it. */
export function photoOf(isOpaque) {
  const next = random(5);
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const a = alphaAt(x, y);
    const noise = next() * 24;
    data.set([30 + 190 * a + noise, 150 - 90 * a + noise, x / 2 + noise, isOpaque ? 255 : Math.min(255, 60 + x + y)], i * 4);
  }
  return data;
}

export function alphaAt(x, y) {
  const [large, small] = [(40 - away(x, y, 87, 67)) / 9, (8 - away(x, y, 167, 40)) / 2];
  return Math.min(1, Math.max(0, large, small));
}

/** What a model makes of it, with a haze that nobody sees. */
export function matteOf() {
  const [columns, rows] = [100, 70];
  const values = Uint16Array.from({ length: columns * rows }, (_, i) => Math.round(65535 * Math.max(0.008, alphaAt((i % columns) * 2 + 0.5, Math.floor(i / columns) * 2 + 0.5))));
  return { values, columns, rows };
}

/** As the page hands over what only it can draw. */
export function sourceOf(t, isOpaque = true) {
  const data = photoOf(isOpaque);
  // What has pixels of its own is another picture.
  let drawn = data;
  const context = { drawImage: (image) => { drawn = image.data?.slice() ?? data; }, getImageData: () => ({ data: drawn }) };
  standIn(t, { navigator: {}, OffscreenCanvas: class { getContext = () => context; } });
  return { width: WIDTH, height: HEIGHT, close() {} };
}

export const opened = (t, { isOpaque = true, edits = [], output = {} } = {}) => EditSession.open({ source: sourceOf(t, isOpaque), matte: matteOf(), size: SIZE, edits, output });

const stroke = (brush, points, { size = 20, hardness = 0.6 } = {}) => ({ kind: 'stroke', brush, size, hardness, points: Float32Array.from(points) });
export const ERASE = stroke('erase', [60, 40, 1, 93, 73, 0.7, 100, 27, 1]);
export const RESTORE = stroke('restore', [147, 100, 1, 187, 127, 0.5], { size: 34, hardness: 0.2 });
/** The small disc, and around it, at a tenth of the photo's pixels. */
const region = (mode) => ({ kind: 'region', mode, seen: { x: 110, y: 0, width: 90, height: 90 }, matte: { values: Uint16Array.from({ length: 81 }, (_, i) => (away(i % 9, Math.floor(i / 9), 5.2, 3.5) < 2 ? 60_000 : 2000)), columns: 9, rows: 9 } });
export const EDITS = [
  ERASE,
  RESTORE,
  { kind: 'part', at: { x: 167, y: 40 }, isKept: false },
  region('add'),
  { kind: 'adjust', feather: 4, shift: 1.5 },
  stroke('erase', [0, 0, 1, 199, 139, 1], { hardness: 0 }),
  region('only'),
  { kind: 'reset' },
  stroke('restore', [14, 20, 1]),
  { kind: 'adjust', feather: 0, shift: -3 },
  stroke('erase', [87, 67, 1], { size: 14, hardness: 1 }),
  region('remove'),
  { kind: 'specks', smaller: 700 },
  { kind: 'adjust', feather: 0, shift: 0 },
];

export const pictured = (session, box = WHOLE, level = 0, look = 'cutout') => session.picture(box, level, look).pixels;

/** What is seen of straight alpha: colours times alpha. */
export function shown({ data }) {
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = i % 4 === 3 ? data[i] : (data[i] * data[i | 3]) / 255;
  return out;
}

/** The largest difference, outside of a box where one is given. */
export function farthest(one, other, box = null) {
  let most = 0;
  for (let i = 0; i < one.length; i++) {
    const [x, y] = [(i >> 2) % WIDTH, Math.floor((i >> 2) / WIDTH)];
    const isInside = box && x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
    if (!isInside) most = Math.max(most, Math.abs(one[i] - other[i]));
  }
  return most;
}

/** A stroke as a hand draws it: in bits. */
function draw(session, { points, ...brush }, next) {
  let told = null;
  for (let from = 0; from < points.length;) {
    const to = Math.min(points.length, from + 3 * Math.ceil(next() * 2));
    told = session.paint({ ...brush, points: points.slice(from, to), isLast: to === points.length });
    from = to;
  }
  return told;
}

export const apply = (session, edit, next) => (edit.kind === 'stroke' ? draw(session, edit, next) : session.apply(edit));
