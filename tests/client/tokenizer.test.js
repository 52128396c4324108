import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import './vendor.js';
import { golden } from './golden.js';

const { idsOf, openTokenizer } = await import('../../client/tasks/generate/tokenizer.js');

const { vocab, merges, runs } = golden('clip');
const file = (text) => new TextEncoder().encode(text).buffer;
const pair = { 'vocab.json': file(JSON.stringify(vocab)), 'merges.txt': file(`#version: 0.2\n${merges.join('\n')}\n`) };
const tokenizer = openTokenizer(pair);
const [START, END] = [49406, 49407];
const RULES = { length: 77, pad: 0 };

describe('ids are those of CLIP', () => {
  for (const { text, ids } of runs) {
    test(JSON.stringify(text.slice(0, 40)), (t) => {
      const made = idsOf(tokenizer, text, RULES);
      t.diagnostic(`prompt of ${text.length} letters: ${ids.length} ids${made.isCut ? ', of which 76 and the end are read' : ''}`);
      assert.equal(made.ids.length, 77);
      assert.equal(made.isCut, ids.length > 77);
      const wanted = ids.length > 77 ? [...ids.slice(0, 76), END] : [...ids, ...Array(77 - ids.length).fill(0)];
      assert.deepEqual([...made.ids], wanted);
    });
  }
  test('the ones that are published', () => {
    const published = {
      '': [], 'a photo of a cat': [320, 1125, 539, 320, 2368], 'Paris with the river in the background': [3445, 593, 518, 2473, 530, 518, 5994],
      'Studio backdrop, soft light — 4K café!': [3155, 20802, 267, 3773, 1395, 2005, 275, 330, 15304, 256], "don't  stop 2024": [847, 713, 1691, 273, 271, 273, 275],
    };
    for (const [text, ids] of Object.entries(published)) {
      assert.deepEqual([...idsOf(tokenizer, text, RULES).ids].slice(0, ids.length + 2), [START, ...ids, END]);
    }
  });
});

test('what fills the rest is the model’s own', () => {
  assert.deepEqual([...idsOf(tokenizer, 'a cat', { length: 6, pad: END }).ids], [START, 320, 2368, END, END, END]);
});

test('a text of two million letters', () => {
  const { ids, isCut } = idsOf(tokenizer, 'a cat '.repeat(350_000), RULES);
  assert.deepEqual([...ids.slice(-3)], [2368, 320, END]);
  assert.ok(isCut);
});

test('half of a letter is none', () => {
  assert.equal(idsOf(tokenizer, 'a \ud83c', RULES).ids.length, 77);
});

test('tokenizer.json says the same', () => {
  const described = {
    version: '1.0', normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] }, decoder: null,
    added_tokens: [START, END].map((id, i) => ({ id, content: ['<|startoftext|>', '<|endoftext|>'][i], special: true, normalized: false, single_word: false, lstrip: false, rstrip: false })),
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+` }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: { type: 'RobertaProcessing', cls: ['<|startoftext|>', START], sep: ['<|endoftext|>', END], trim_offsets: false, add_prefix_space: false },
    model: { type: 'BPE', unk_token: '<|endoftext|>', continuing_subword_prefix: '', end_of_word_suffix: '</w>', fuse_unk: false, vocab, merges },
  };
  const other = openTokenizer({ 'tokenizer.json': file(JSON.stringify(described)) });
  for (const { text } of runs) assert.deepEqual(idsOf(other, text, RULES), idsOf(tokenizer, text, RULES));
});

for (const [what, files] of Object.entries({
  'a tokenizer that is cut off': { 'tokenizer.json': file('{"model":') },
  'merges without a vocabulary': { 'merges.txt': pair['merges.txt'] },
  'bytes that are no text': { 'tokenizer.json': new Uint8Array([0xff, 0xfe, 0x00]).buffer },
})) {
  test(what, () => assert.throws(() => openTokenizer(files), { code: 'model-interface' }));
}
