import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { sessionBudget, SessionPool } from '../../client/runtime/session-pool.js';

const MIB = 2 ** 20;

/** A pool, and what becomes of its sessions, in order. */
function poolOf(budget) {
  const done = [];
  const pool = new SessionPool(budget);
  const wanted = (key, bytes, create = async () => {}) => ({
    key,
    bytes,
    create: async () => {
      done.push(`make ${key}`);
      await create();
      return { key, release: async () => void done.push(`free ${key}`) };
    },
  });
  return { done, pool, wanted, use: (key, bytes, work = () => {}) => pool.use(wanted(key, bytes), work) };
}

/** All that was ready to happen has happened. */
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

test('a session is made once, and stays up', async () => {
  const { done, pool, use } = poolOf(100);
  assert.equal(await use('a', 60, ({ key }) => `${key} worked`), 'a worked');
  await use('a', 60);
  await use('b', 40);
  await use('a', 60);
  assert.deepEqual(done, ['make a', 'make b']);
  assert.deepEqual(pool.keys, ['b', 'a']);
});

describe('where there is no room', () => {
  test('the least recently used goes first, and no more than must', async () => {
    const { done, pool, use } = poolOf(100);
    for (const key of ['a', 'b', 'c', 'a']) await use(key, 30);
    await use('d', 30);
    assert.deepEqual(done.slice(3), ['free b', 'make d']);
    assert.deepEqual(pool.keys, ['c', 'a', 'd']);
  });
  test('as many go as must', async () => {
    const { done, use } = poolOf(100);
    for (const key of ['a', 'b', 'c']) await use(key, 30);
    await use('d', 70);
    assert.deepEqual(done.slice(3), ['free a', 'free b', 'make d']);
  });
  test('what goes is gone before another one is made', async () => {
    const { done, pool, use, wanted } = poolOf(100);
    let finish;
    const slow = { ...wanted('a', 60), create: async () => ({ release: () => new Promise((resolve) => { finish = resolve; }) }) };
    await pool.use(slow, () => {});
    const making = use('b', 60);
    await settled();
    assert.deepEqual(done, []);
    finish();
    await making;
    assert.deepEqual(done, ['make b']);
  });
  test('one that cannot be freed keeps nobody out', async () => {
    const { done, pool, use } = poolOf(100);
    await pool.use({ key: 'lost', bytes: 60, create: async () => ({ release: () => Promise.reject(new Error('device lost')) }) }, () => {});
    await use('b', 60);
    assert.deepEqual(done, ['make b']);
  });
});

describe('larger than all the room there is', () => {
  test('it is up alone', async () => {
    const { done, pool, use } = poolOf(100);
    await use('a', 10);
    await use('giant', 500);
    assert.deepEqual(done, ['make a', 'free a', 'make giant']);
    await use('a', 10);
    assert.deepEqual(done.slice(3), ['free giant', 'make a']);
    assert.deepEqual(pool.keys, ['a']);
  });
  test('it waits until nothing else runs', async () => {
    const { done, pool, use, wanted } = poolOf(100);
    const { release } = await pool.acquire(wanted('a', 10));
    const using = use('giant', 500);
    await settled();
    assert.deepEqual(done, ['make a']);
    release();
    await using;
    assert.deepEqual(done, ['make a', 'free a', 'make giant']);
  });
});

describe('what runs', () => {
  test('is not evicted: an idle one goes though it was used later, and who finds no room waits', async () => {
    const { done, pool, use, wanted } = poolOf(100);
    const { release } = await pool.acquire(wanted('a', 60));
    await use('b', 40);
    await use('c', 40);
    assert.deepEqual(done, ['make a', 'make b', 'free b', 'make c']);
    const using = use('d', 60);
    await settled();
    assert.deepEqual(pool.keys, ['a', 'c']);
    release();
    await using;
    assert.deepEqual(done.slice(4), ['free c', 'free a', 'make d']);
  });
  test('ends its use once, whatever it says', async () => {
    const { pool, wanted, use } = poolOf(100);
    const first = await pool.acquire(wanted('a', 60));
    await pool.acquire(wanted('a', 60));
    first.release();
    first.release();
    const using = use('b', 60);
    await settled();
    assert.deepEqual(pool.keys, ['a']);
    assert.equal(await Promise.race([using, settled().then(() => 'still waiting')]), 'still waiting');
  });
  test('may be used by several, and is made once', async () => {
    const { done, pool, wanted } = poolOf(100);
    const [one, other] = await Promise.all([pool.acquire(wanted('a', 60)), pool.acquire(wanted('a', 60))]);
    assert.equal(one.session, other.session);
    assert.deepEqual(done, ['make a']);
  });
  test('is let in in turn: much is not overtaken by little', async () => {
    const { done, pool, use, wanted } = poolOf(100);
    const { release } = await pool.acquire(wanted('a', 50));
    const large = use('large', 90);
    const little = use('little', 10);
    await settled();
    assert.deepEqual(done, ['make a']);
    release();
    await Promise.all([large, little]);
    assert.deepEqual(done, ['make a', 'free a', 'make large', 'make little']);
  });
  test('and fails leaves no trace: the next one is let in, and the session stays', async () => {
    const { done, pool, use } = poolOf(100);
    await assert.rejects(use('a', 60, () => Promise.reject(new Error('run'))), /run/);
    assert.deepEqual(pool.keys, ['a']);
    await use('b', 60);
    assert.deepEqual(done, ['make a', 'free a', 'make b']);
  });
});

test('one that cannot be made leaves its room to the next, and may be tried again', async () => {
  const { done, pool, use, wanted } = poolOf(100);
  const broken = wanted('a', 60, () => Promise.reject(new Error('no such graph')));
  const tries = await Promise.allSettled([pool.use(broken, () => {}), pool.use(broken, () => {}), use('b', 60)]);
  assert.deepEqual(tries.map(({ status }) => status), ['rejected', 'rejected', 'fulfilled']);
  assert.deepEqual(pool.keys, ['b']);
  await use('a', 40);
  assert.deepEqual(done, ['make a', 'make b', 'make a']);
});

describe('dropping', () => {
  test('frees all at once', async () => {
    const { done, pool, use } = poolOf(100);
    for (const key of ['a', 'b']) await use(key, 30);
    await pool.drop();
    assert.deepEqual([done.slice(2), pool.keys], [['free a', 'free b'], []]);
  });
  test('frees those that are named', async () => {
    const { done, pool, use } = poolOf(100);
    for (const key of ['a', 'b']) await use(key, 30);
    await pool.drop(['a', 'never heard of']);
    assert.deepEqual([done.slice(2), pool.keys], [['free a'], ['b']]);
  });
  test('lets a run end first', async () => {
    const { done, pool, wanted } = poolOf(100);
    const { release } = await pool.acquire(wanted('a', 60));
    await pool.drop();
    assert.deepEqual(done, ['make a']);
    release();
    await settled();
    assert.deepEqual([done, pool.keys], [['make a', 'free a'], []]);
  });
});

describe('the budget', () => {
  test('is a quarter of the device’s memory', () => {
    assert.equal(sessionBudget({ memory: 2, isGpu: false }), 512 * MIB);
    assert.equal(sessionBudget({ memory: 32, isGpu: true }), 8192 * MIB);
  });
  test('is half of WebAssembly’s heap at most', () => assert.equal(sessionBudget({ memory: 32, isGpu: false }), 2048 * MIB));
  test('is that of a usual device where the browser does not tell', () => assert.equal(sessionBudget({ isGpu: true }), 1024 * MIB));
});
