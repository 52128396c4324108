/**
 * A prompt as the numbers that a text encoder was trained with: byte-pair encoding as CLIP does it, by Hugging Face's own library.
 *
 * @typedef {{ length: number, pad: number }} TokenRules how many ids there are, and which one fills them up
 */
import { Tokenizer } from '../../vendor/tokenizers/tokenizers.min.mjs';
import { MatteboxError } from '../../shared/errors.js';

const [START, END] = ['<|startoftext|>', '<|endoftext|>'];
/** What is one piece before pairs are merged: a shortened word's end, letters, one digit, or what is neither (OpenAI, CLIP's `simple_tokenizer.py`). */
const PIECES = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
/** No id stands for more letters, so that of a longer text the rest could not be among the ids. */
const LONGEST_TOKEN = 64;

/**
 * @param {Record<string, ArrayBuffer>} files by their names: "tokenizer.json", or "vocab.json" and "merges.txt" of a model like CLIP
 * @returns {Tokenizer}
 * @throws {MatteboxError} `model-interface` where they are no tokenizer
 */
export function openTokenizer(files) {
  try {
    const text = (/** @type {string} */ name) => new TextDecoder('utf-8', { fatal: true }).decode(files[name]);
    const described = files['tokenizer.json'] ? JSON.parse(text('tokenizer.json')) : clip(JSON.parse(text('vocab.json')), text('merges.txt'));
    return new Tokenizer(described, {});
  } catch (thrown) {
    throw MatteboxError.from(thrown, 'model-interface', { what: 'tokenizer' });
  }
}

/**
 * @param {Tokenizer} tokenizer
 * @param {string} prompt
 * @param {TokenRules} rules
 * @returns {{ ids: Int32Array, isCut: boolean }} `length` ids. Of a prompt that has more the first are taken and its end put last: `isCut`
 */
export function idsOf(tokenizer, prompt, { length, pad }) {
  const seen = prompt.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const { ids } = tokenizer.encode(seen.slice(0, length * LONGEST_TOKEN));
  const isCut = ids.length > length;
  const made = new Int32Array(length).fill(pad);
  made.set(isCut ? [...ids.slice(0, length - 1), ids[ids.length - 1]] : ids);
  return { ids: made, isCut };
}

/**
 * @param {Record<string, number>} vocab ids by token
 * @param {string} merges pairs, a line each, after a line that names the format
 * @returns {object} the same in the form of tokenizer.json
 */
function clip(vocab, merges) {
  const special = [START, END].map((content) => ({
    id: vocab[content], content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: content === START,
  }));
  return {
    version: '1.0',
    added_tokens: special,
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Replace', pattern: { Regex: String.raw`\s+` }, content: ' ' }, { type: 'Lowercase' }] },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: PIECES }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: { type: 'RobertaProcessing', cls: [START, vocab[START]], sep: [END, vocab[END]], trim_offsets: false, add_prefix_space: false },
    decoder: null,
    model: {
      type: 'BPE', dropout: null, unk_token: END, continuing_subword_prefix: '', end_of_word_suffix: '</w>', fuse_unk: false,
      vocab, merges: merges.split(/\r?\n/).slice(1).filter(Boolean),
    },
  };
}
