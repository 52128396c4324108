/**
 * What alpha each place has by its own colour: the share of the foreground in the mixture of two colours that occur around it.
 *
 * After Gastal and Oliveira ("Shared Sampling for Real-Time Alpha Matting", Eurographics 2010): each place looks along a few rays for the
 * first place that is certainly foreground and the first that is certainly background, takes the pair that explains its colour best,
 * and then tries those of its neighbours, whose rays went elsewhere.
 *
 * @typedef {object} Samples of each place looked for, in their order
 * @property {Float32Array} alpha 0..1
 * @property {Float32Array} trust 0..1: how well the pair explains the colour, and how much its two colours differ; 0 where there was none
 */

/** What a place is for those who look around: looked for, certain, or none of it. */
export const OPEN = 0;
export const FRONT = 1;
export const BACK = 2;
export const UNSURE = 3;

/** Rays of each place. */
const RAYS = 4;
/** Neighbours of 3 x 3 look in other directions: between two rays there are nine. */
const TURNS = 9;
/** Places along a ray. */
const REACH = 200;
/** Side of the square of neighbours is twice that and one. */
const SHARED = 1;
/** What counts as one when pairs are compared: a colour (0..1) that much beside the mixture ... */
const OFF = 0.02;
/** ... or this part of both ways, each against the shortest that there is. */
const NEARNESS = 0.25;
/** Standard deviation of a colour from its mixture, for the trust in it. */
const DEVIATION = 0.015;
/** Squared distance of two colours from which on they are told apart as well as any. */
const DISTINCT = 0.05;

/**
 * @param {Float32Array[]} planes red, green, blue, 0..1
 * @param {number} width
 * @param {Uint8Array} kinds of each place; those of the outermost two rows and columns are never looked at
 * @param {Int32Array} open the places looked for, in order
 * @returns {Samples}
 */
export function sampleColours(planes, width, kinds, open) {
  const pairs = new Pairs(planes, width, open.length);
  const rays = raysOf();
  const [toFront, toBack] = [FRONT, BACK].map((kind) => distancesTo(kinds, kind, width));
  for (let k = 0; k < open.length; k++) pairs.choose(k, open[k], rays, toFront, toBack);
  pairs.share(open, kinds.length);
  return pairs.samples(open);
}

/** @returns {{ x: Float32Array, y: Float32Array }} directions, `RAYS` of each turn */
function raysOf() {
  const angles = Array.from({ length: RAYS * TURNS }, (_, i) => ((i % RAYS) + Math.floor(i / RAYS) / TURNS) * ((2 * Math.PI) / RAYS));
  return { x: Float32Array.from(angles, Math.cos), y: Float32Array.from(angles, Math.sin) };
}

/**
 * @param {Uint8Array} kinds
 * @param {number} kind
 * @param {number} width
 * @returns {Uint8Array} how many places it is to the nearest of that kind, where a step aslant is one as well; 255 for that and more
 */
export function distancesTo(kinds, kind, width) {
  const out = kinds.map((one) => (one === kind ? 0 : 255));
  const last = kinds.length - width - 1;
  for (let i = width + 1; i <= last; i++) if (out[i]) out[i] = Math.min(out[i], 1 + Math.min(out[i - 1], out[i - width - 1], out[i - width], out[i - width + 1]));
  for (let i = last; i > width; i--) if (out[i]) out[i] = Math.min(out[i], 1 + Math.min(out[i + 1], out[i + width + 1], out[i + width], out[i + width - 1]));
  return out;
}

/** The best pair of each place so far. */
class Pairs {
  /** @type {Float32Array} */
  #red;
  /** @type {Float32Array} */
  #green;
  /** @type {Float32Array} */
  #blue;
  /** @type {number} */
  #width;
  #front;
  #back;
  #cost;
  /** How far the nearest of each kind is. */
  #near;
  #fronts = new Int32Array(RAYS);
  #backs = new Int32Array(RAYS);

  /**
   * @param {Float32Array[]} planes
   * @param {number} width
   * @param {number} count
   */
  constructor([red, green, blue], width, count) {
    [this.#red, this.#green, this.#blue, this.#width] = [red, green, blue, width];
    this.#front = new Int32Array(count).fill(-1);
    this.#back = new Int32Array(count).fill(-1);
    this.#cost = new Float32Array(count).fill(Infinity);
    this.#near = new Float32Array(count * 2);
  }

  /**
   * Among what the rays of a place meet.
   * @param {number} k
   * @param {number} at the place
   * @param {ReturnType<typeof raysOf>} rays
   * @param {Uint8Array} toFront distance of each place from the nearest front
   * @param {Uint8Array} toBack
   */
  choose(k, at, rays, toFront, toBack) {
    const width = this.#width;
    this.#near[k * 2] = 1 / (toFront[at] + 1);
    this.#near[k * 2 + 1] = 1 / (toBack[at] + 1);
    const turn = (((at % width) % 3) + (Math.floor(at / width) % 3) * 3) * RAYS;
    for (let ray = 0; ray < RAYS; ray++) this.#follow(ray, at, rays.x[turn + ray], rays.y[turn + ray], toFront, toBack);
    for (const front of this.#fronts) {
      if (front < 0) continue;
      for (const back of this.#backs) if (back >= 0) this.#try(k, at, front, back);
    }
  }

  /**
   * @param {number} ray
   * @param {number} at
   * @param {number} dx
   * @param {number} dy
   * @param {Uint8Array} toFront
   * @param {Uint8Array} toBack
   */
  #follow(ray, at, dx, dy, toFront, toBack) {
    const width = this.#width;
    const x = at % width;
    const y = (at - x) / width;
    let front = -1;
    let back = -1;
    for (let s = 1; s < REACH && (front < 0 || back < 0);) {
      const px = (x + dx * s + 0.5) | 0;
      const py = (y + dy * s + 0.5) | 0;
      const place = py * width + px;
      if (px < 2 || py < 2 || px >= width - 2 || place >= toFront.length - 2 * width) break;
      if (front < 0 && toFront[place] === 0) front = place;
      if (back < 0 && toBack[place] === 0) back = place;
      // As far as there is nothing in any direction, there is nothing in this.
      s += Math.max(1, Math.min(front < 0 ? toFront[place] : 255, back < 0 ? toBack[place] : 255) - 1);
    }
    this.#fronts[ray] = front;
    this.#backs[ray] = back;
  }

  /**
   * Each place tries what its neighbours chose by themselves.
   * @param {Int32Array} open
   * @param {number} count of all places
   */
  share(open, count) {
    const width = this.#width;
    const front = this.#front.slice();
    const back = this.#back.slice();
    const numbers = new Int32Array(count).fill(-1);
    for (let k = 0; k < open.length; k++) if (front[k] >= 0) numbers[open[k]] = k;
    for (let k = 0; k < open.length; k++) {
      for (let dy = -SHARED; dy <= SHARED; dy++) {
        for (let other = open[k] + dy * width - SHARED, end = other + 2 * SHARED; other <= end; other++) {
          const from = numbers[other];
          if (from >= 0 && from !== k) this.#try(k, open[k], front[from], back[from]);
        }
      }
    }
  }

  /** @param {Int32Array} open @returns {Samples} */
  samples(open) {
    const alpha = new Float32Array(open.length);
    const trust = new Float32Array(open.length);
    for (let k = 0; k < open.length; k++) {
      if (this.#front[k] < 0) continue;
      const mixed = this.#mix(open[k], this.#front[k], this.#back[k]);
      alpha[k] = mixed;
      trust[k] = Math.exp(-this.#rest / (2 * DEVIATION * DEVIATION)) * Math.min(1, this.#apart / DISTINCT);
    }
    return { alpha, trust };
  }

  /**
   * @param {number} k
   * @param {number} at
   * @param {number} front
   * @param {number} back
   */
  #try(k, at, front, back) {
    this.#mix(at, front, back);
    const off = Math.sqrt(this.#rest) / OFF;
    if (off >= this.#cost[k]) return;
    const cost = off + NEARNESS * (this.#distance(at, front) * this.#near[k * 2] + this.#distance(at, back) * this.#near[k * 2 + 1]);
    if (cost >= this.#cost[k]) return;
    this.#cost[k] = cost;
    this.#front[k] = front;
    this.#back[k] = back;
  }

  /** Squared distance of the colour from the last mixture, and of the mixture's two colours. */
  #rest = 0;
  #apart = 0;

  /**
   * @param {number} at
   * @param {number} front
   * @param {number} back
   * @returns {number} the share of the foreground, 0..1
   */
  #mix(at, front, back) {
    const r = this.#red[back];
    const g = this.#green[back];
    const b = this.#blue[back];
    const ur = this.#red[front] - r;
    const ug = this.#green[front] - g;
    const ub = this.#blue[front] - b;
    const vr = this.#red[at] - r;
    const vg = this.#green[at] - g;
    const vb = this.#blue[at] - b;
    const apart = ur * ur + ug * ug + ub * ub;
    let share = (vr * ur + vg * ug + vb * ub) / (apart + 1e-6);
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    const er = vr - share * ur;
    const eg = vg - share * ug;
    const eb = vb - share * ub;
    this.#rest = er * er + eg * eg + eb * eb;
    this.#apart = apart;
    return share;
  }

  /** @param {number} from @param {number} to @returns {number} places */
  #distance(from, to) {
    const width = this.#width;
    const dx = (from % width) - (to % width);
    const dy = Math.floor(from / width) - Math.floor(to / width);
    return Math.sqrt(dx * dx + dy * dy);
  }
}
