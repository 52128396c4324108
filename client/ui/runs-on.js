import { formatList, sentences } from '../messages/format.js';
import { t } from '../messages/index.js';
import { part, setText, stamp } from './dom.js';
import { adapterName, placeName, threadsNote } from './routing-words.js';

/** @typedef {import('../shared/protocol.js').Backend} Backend */
/** @typedef {import('./routing-words.js').Why} Why */
/**
 * @typedef {object} State
 * @property {Backend} asked what holds now
 * @property {Backend} backend that is marked as chosen: while a question is open, what it is about
 * @property {number | null} threads that are asked for, null for as many as there are
 * @property {{ secure: boolean, sharedMemory: boolean, cores: number, threads: number }} environment
 * @property {{ backend?: Backend, threads?: number }} address what it asks for cannot be chosen here
 * @property {{ backend: string, threads: number } | null} place what would run now, null while that is not known
 * @property {string} line the same in a sentence, with the reason
 * @property {{ isOffered: boolean, verdict: import('./routing-words.js').Verdict | null, why: Why } | null} gpu null while nobody has looked
 * @property {{ title: string, why: string } | null} question before a GPU that is slower
 */
/**
 * @typedef {object} Actions
 * @property {() => void} onOpen
 * @property {(backend: Backend) => void} onBackend
 * @property {(threads: number | undefined) => void} onThreads
 * @property {(isYes: boolean) => void} onAnswer
 */

/** "Runs on": one line while closed. What stands below it is made when it is first needed. */
export class RunsOn {
  #root = part(document, 'runs', HTMLDetailsElement);
  #chosen = part(document, 'runs-chosen', HTMLElement);
  #state = part(document, 'runs-state', HTMLElement);
  /** @type {Body | null} */
  #body = null;
  /** @type {State | null} */
  #shown = null;
  #actions;

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    // Before it opens, so that it opens at its full height.
    part(this.#root, 'runs-chosen', HTMLElement).closest('summary')?.addEventListener('click', () => this.#fill());
    this.#root.addEventListener('toggle', () => {
      this.#fill();
      if (this.#root.open) actions.onOpen();
    });
  }

  /** @returns {boolean} */
  get isOpen() {
    return this.#root.open;
  }

  /** @param {State} state */
  show(state) {
    this.#shown = state;
    this.#root.hidden = false;
    const isInstead = state.asked === 'webgpu' && state.place?.backend === 'wasm';
    const by = state.address.backend ? 'address' : state.asked === 'auto' ? 'auto' : 'choice';
    setText(this.#chosen, placeName(state.place));
    if (!state.place) setText(this.#state, t('runs.looking'));
    else if (state.question && state.asked === 'webgpu') setText(this.#state, t('runs.waiting'));
    else setText(this.#state, t(isInstead ? 'runs.instead' : `runs.by.${by}`));
    if (state.question && !this.#root.open) this.#unfold();
    if (state.question) this.#fill();
    this.#body?.show(state);
  }

  /** @param {string} words what came of a choice */
  say(words) {
    this.#body?.say(words);
  }

  focusQuestion() {
    this.#unfold();
    this.#body?.focusQuestion();
  }

  /** What asks something is seen, wherever it stands. */
  #unfold() {
    this.#root.open = true;
    const around = this.#root.parentElement?.closest('details');
    if (around) around.open = true;
  }

  #fill() {
    if (this.#body || !this.#shown) return;
    this.#body = new Body(this.#root, this.#actions);
    this.#body.show(this.#shown);
  }
}

class Body {
  #element = stamp('runs-template');
  #radios = [...this.#element.querySelectorAll('input')];
  #threads = part(this.#element, 'threads', HTMLSelectElement);
  #note = part(this.#element, 'threads-note', HTMLElement);
  #lane = part(this.#element, 'line', HTMLElement);
  #answer = part(this.#element, 'answer', HTMLElement);
  #question = part(this.#element, 'question', HTMLElement);
  #title = part(this.#element, 'title', HTMLElement);
  #why = part(this.#element, 'why', HTMLElement);

  /**
   * @param {HTMLElement} root
   * @param {Actions} actions
   */
  constructor(root, { onBackend, onThreads, onAnswer }) {
    for (const radio of this.#radios) radio.addEventListener('change', () => onBackend(/** @type {Backend} */ (radio.value)));
    this.#threads.addEventListener('change', () => onThreads(Number(this.#threads.value) || undefined));
    for (const [name, isYes] of /** @type {[string, boolean][]} */ ([['keep', false], ['force', true]])) {
      part(this.#element, name, HTMLElement).addEventListener('click', () => {
        onAnswer(isYes);
        // The button is gone; the keyboard goes on from what is chosen now.
        this.#radios.find(({ checked }) => checked)?.focus();
      });
    }
    root.append(this.#element);
  }

  /** @param {State} state */
  show(state) {
    const { environment, address, gpu, question } = state;
    setText(this.#answer, '');
    for (const radio of this.#radios) {
      radio.checked = radio.value === state.backend;
      // One that is chosen stays so: it may be of use to another model.
      const isImpossible = radio.value === 'webgpu' && gpu !== null && !gpu.isOffered && !radio.checked;
      radio.disabled = address.backend !== undefined || isImpossible;
    }
    this.#describe('webgpu', gpuWords(gpu));
    this.#describe('wasm', t('runs.threads', { count: state.threads === null ? environment.threads : Math.min(state.threads, environment.threads) }));
    this.#showThreads(state);
    const asked = [address.backend && `backend=${address.backend}`, address.threads && `threads=${address.threads}`].flatMap((one) => one || []);
    const override = asked.length > 0 && t('runs.overridden', { asked: formatList(asked) });
    // The question says why, too.
    setText(this.#lane, sentences(question ? '' : state.line, override));
    this.#question.hidden = question === null;
    setText(this.#title, question?.title ?? '');
    setText(this.#why, question?.why ?? '');
  }

  /** @param {string} words */
  say(words) {
    setText(this.#answer, words);
  }

  focusQuestion() {
    if (!this.#question.hidden) this.#title.focus();
  }

  /** @param {State} state */
  #showThreads({ environment, threads, address }) {
    const select = this.#threads;
    const most = environment.threads;
    if (select.options.length !== most + 1) {
      select.replaceChildren(new Option(t('runs.threads.auto', { threads: most }), ''), ...Array.from({ length: most }, (_, i) => new Option(String(i + 1), String(i + 1))));
    }
    select.value = threads === null ? '' : String(Math.min(threads, most));
    select.disabled = most === 1 || address.threads !== undefined;
    setText(this.#note, threadsNote(environment));
  }

  /** @param {Backend} backend @param {string} words */
  #describe(backend, words) {
    const facts = this.#element.querySelector(`#runs-${backend}`);
    if (facts) setText(facts, words);
  }
}

/** @param {State['gpu']} gpu @returns {string} a few words */
function gpuWords(gpu) {
  if (!gpu) return t('runs.gpu.unknown');
  if (!gpu.isOffered) return t(gpu.verdict?.verdict === 'unfit' ? 'runs.gpu.unfit' : 'runs.gpu.not-offered');
  return gpu.verdict?.verdict === 'degraded' ? t('runs.gpu.degraded') : adapterName(gpu.why.adapter) || t('runs.gpu.fit');
}
