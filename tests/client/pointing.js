/**
 * A made-up task, as the next ones will be: one part looks at a picture once, the other answers for any points in it. Its file is this
 * one, and its row is in tasks.test.js.
 */
import { assertCanary } from '../../client/runtime/canary.js';
import { fromHalves, toHalves } from '../../client/runtime/float16.js';
import { Parts } from '../../client/tasks/parts.js';

/** Nothing is brought up before it is needed: one part at a time is enough. */
export async function load({ parts }, host) {
  return new Pointing(new Parts(parts, host));
}

class Pointing {
  #parts;
  #looking;
  #picking;

  constructor(parts) {
    this.#parts = parts;
    [this.#looking, this.#picking] = ['looking', 'picking'].map((role) => parts.all.find((part) => part.role === role));
  }

  check() {
    const recipes = {
      grey: (part) => this.#look(part, tensor('float32', [1, 3, 6, 6], new Float32Array(108).fill(part.canary.seed / 100))),
      even: (part) => this.#pick(part, tensor('float16', [1, 2, 6, 6], toHalves(new Float32Array(72).fill(part.canary.seed / 100))), [[1, 2, 1]]),
    };
    return this.#parts.check(async (part) => {
      const { features, mask, ms } = await recipes[part.canary.recipe](part);
      assertCanary(mask ?? fromHalves(features.data), part);
      return ms;
    });
  }

  /** `points`: row, column, and 1 for the subject or -1 for what is around it. */
  async run({ picture, points }, progress = () => {}) {
    progress({ done: 0, of: 2 });
    const { features } = await this.#look(this.#looking, picture);
    progress({ done: 1, of: 2 });
    const { mask, count } = await this.#pick(this.#picking, features, points);
    return { mask, count };
  }

  dispose() {
    return this.#parts.dispose();
  }

  async #look(part, picture) {
    const { outputs: { features }, ms } = await this.#parts.run(part, { picture });
    return { features, ms };
  }

  async #pick(part, features, list) {
    const points = tensor('int64', [list.length, 2], BigInt64Array.from(list.flatMap(([y, x]) => [BigInt(y), BigInt(x)])));
    const labels = tensor('int32', [list.length], Int32Array.from(list, ([, , label]) => label));
    const { outputs: { mask, count }, ms } = await this.#parts.run(part, { features, points, labels });
    return { mask: mask.data, count: Number(count.data[0]), ms };
  }
}

const tensor = (type, dims, data) => ({ type, dims, data });
