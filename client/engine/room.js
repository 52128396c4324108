/**
 * Models that are up on this page, each in a worker of its own, within the budget of memory that a worker has for its sessions: where
 * another is about to be brought up, the least recently used goes first, and none while it runs. Pure.
 *
 * @typedef {object} Tenant
 * @property {{ model: { bytes: number } } | null} session what is up
 * @property {number} usedAt Infinity while it works
 * @property {() => void} end
 * @property {((bytes: number) => void) | null} makeRoom to be called before a model of so many bytes is brought up
 */
import { sessionBudget } from '../runtime/session-pool.js';

export class Room {
  #budget;
  /** @type {Tenant[]} */
  #tenants = [];

  /** @param {number} [budget] bytes */
  constructor(budget = sessionBudget({ memory: /** @type {{ deviceMemory?: number }} */ (navigator).deviceMemory, isGpu: false })) {
    this.#budget = budget;
  }

  /** @param {Tenant} tenant that shares it from now on */
  join(tenant) {
    this.#tenants.push(tenant);
    tenant.makeRoom = (bytes) => this.#make(tenant, bytes);
  }

  /** @param {Tenant} tenant @param {number} bytes */
  #make(tenant, bytes) {
    const others = this.#tenants.filter((other) => other !== tenant).toSorted((a, b) => a.usedAt - b.usedAt);
    let held = others.reduce((sum, { session }) => sum + (session?.model.bytes ?? 0), bytes);
    for (const other of others) {
      if (held <= this.#budget || other.usedAt === Infinity) return;
      held -= other.session?.model.bytes ?? 0;
      other.end();
    }
  }
}
