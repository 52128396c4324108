import { ofCatalog } from '../messages/index.js';
import { t } from '../messages/later.js';
import { armConfirm } from './confirm.js';
import { exportName, factsOf, learnedOf, limitsOf } from './diagnosis.js';
import { part, setText, stamp } from './dom.js';
import { element } from './element.js';
import { failure } from './failure.js';
import { RunTable } from './run-table.js';
import { keptWords } from './diagnosis-words.js';
import { refusalsOf, refusalWords } from './refused-models.js';
import { because, runsOn, whyOf } from './routing-words.js';
import { ownWords } from './branding.js';

/** @typedef {import('./diagnosis.js').Diagnosis} Diagnosis */
/** @typedef {import('./diagnosis.js').Fact} Fact */
/** @typedef {import('../engine/environment.js').Loss} Loss */
/** @typedef {import('./routing-words.js').Verdict} Verdict */
/**
 * @typedef {object} Route
 * @property {{ backend: string, threads: number }[]} attempts
 * @property {string} reason
 * @property {Verdict | null} verdict
 * @property {{ adapter: import('./diagnosis.js').Adapter | null } | null} findings
 *
 * @typedef {object} Examiner
 * @property {() => Promise<object>} diagnostics gives a `Diagnosis`
 * @property {() => Promise<unknown>} clearDiagnostics false when what is stored could not be reached
 * @property {() => Promise<unknown>} measure
 * @property {(options: { model?: string, backend?: 'auto' | 'webgpu' | 'wasm', threads?: number }) => Promise<Route>} route
 * @property {() => Promise<{ models: ExaminedModel[], pipelines: { id: string, title: string, task: string }[] }>} catalog
 * @property {import('./refused-models.js').Asked['segmenter']} segmenter
 * @property {import('./refused-models.js').Asked['offeredGenerator']} offeredGenerator
 * @property {() => { losses: Loss[] }} environment
 *
 * @typedef {{ id: string, title: string, requirements: { webgpu?: { limits: Record<string, number> } } }} ExaminedModel
 * @typedef {{ options: () => { model?: string, backend?: 'auto' | 'webgpu' | 'wasm', threads?: number }, onMeasured: () => void }} Hooks
 */

/** What runs where, why, and how long it took; to be looked at, exported and cleared by the person whose device it is. */
export class DiagnosticsPanel {
  #dialog = stamp('diagnostics-template');
  #heading = this.#part('heading');
  #said = this.#part('said');
  #json = this.#part('json');
  #raw = part(this.#dialog, 'raw', HTMLDetailsElement);
  #measure = part(this.#dialog, 'measure', HTMLButtonElement);
  #clear = this.#part('clear');
  #confirm;
  #table;
  #engine;
  #hooks;
  /** @type {ExaminedModel[]} */
  #models = [];
  /** @type {import('./refused-models.js').Refusal[]} */
  #refusals = [];
  /** Of models of every task, by id. @type {Map<string, string>} */
  #titles = new Map();
  /** @type {Diagnosis | null} */
  #diagnosis = null;

  /**
   * @param {Examiner} engine
   * @param {Hooks} hooks
   */
  constructor(engine, hooks) {
    this.#engine = engine;
    this.#hooks = hooks;
    this.#table = new RunTable(this.#dialog, (id) => this.#titleOf(id));
    this.#confirm = armConfirm(this.#clear, () => t('diagnostics.clear', { count: this.#diagnosis?.entries.length ?? 0 }), () => void this.#forget());
    const { dialog } = this;
    this.#part('close').addEventListener('click', () => dialog.close());
    // A press on the dialog itself is one beside its content.
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) dialog.close();
    });
    this.#part('export').addEventListener('click', () => this.#save());
    this.#part('copy').addEventListener('click', () => void this.#copy());
    this.#measure.addEventListener('click', () => void this.#again());
    this.#raw.addEventListener('toggle', () => this.#showJson());
    setText(this.#part('support'), ownWords('meta[name="mattebox-support"]')?.getAttribute('content') ?? '');
    document.body.append(dialog);
  }

  /** @returns {HTMLDialogElement} */
  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.#dialog);
  }

  async open() {
    setText(this.#part('line'), t('diagnostics.checking'));
    setText(this.#said, '');
    this.dialog.showModal();
    this.#heading.focus();
    await this.refresh();
  }

  /** Something ran, or was measured. */
  async refresh() {
    if (!this.dialog.open) return;
    try {
      const { options } = this.#hooks;
      const [diagnosis, { models, pipelines }, route, judged] = await Promise.all([
        this.#engine.diagnostics(), this.#engine.catalog(), this.#engine.route(options()), this.#engine.route({ ...options(), backend: 'webgpu' }),
      ]);
      this.#models = models;
      this.#titles = new Map([...models, ...pipelines].map(({ id, title }) => [id, title]));
      this.#refusals = await refusalsOf(this.#engine, pipelines).catch(() => []);
      this.#diagnosis = /** @type {Diagnosis} */ (diagnosis);
      this.#part('failure').replaceChildren();
      this.#show(this.#diagnosis, route, judged);
    } catch (error) {
      setText(this.#part('line'), '');
      this.#part('failure').replaceChildren(failure(error));
    }
  }

  /** @param {Diagnosis} diagnosis @param {Route} route what would run now @param {Route} judged what the GPU would be */
  #show(diagnosis, route, judged) {
    const { environment, entries, findings } = diagnosis;
    const model = this.#models.find(({ id }) => id === this.#hooks.options().model) ?? this.#models[0];
    const { secure } = environment;
    const [place] = route.attempts;
    const { verdict } = judged;
    setText(this.#part('line'), place ? runsOn(place, whyOf({ ...route, findings }, secure)) : '');
    this.#part('losses').replaceChildren(...this.#engine.environment().losses.map(lossNote));
    setText(this.#part('kept'), keptWords(diagnosis.trouble ?? null));
    this.#table.show(entries);
    this.#confirm.reset();
    this.#clear.hidden = entries.length === 0;
    const sentence = verdict ? because({ secure, reason: verdict.reason, verdict }) : '';
    const facts = factsOf(diagnosis, verdict && model ? { title: ofCatalog(model.title), verdict: verdict.verdict, sentence } : null);
    if (this.#refusals.length > 0) facts.push({ title: t('device.others'), facts: this.#refusals.map((one) => [this.#titleOf(one.model), refusalWords(one, secure)]) });
    this.#part('facts').replaceChildren(...facts.map(({ title, facts: list }) => element('section', {}, element('h4', {}, title), factList(list))));
    const learned = learnedOf(diagnosis, (id) => this.#titleOf(id));
    this.#part('learned-part').hidden = learned.length === 0;
    this.#part('learned').replaceChildren(factList(learned));
    const limits = limitsOf(findings?.adapter?.limits ?? {}, model?.requirements.webgpu?.limits ?? {});
    this.#part('limits-part').hidden = limits.length === 0;
    this.#part('limits').replaceChildren(...limits.map(limitRow));
    this.#showJson();
  }

  #showJson() {
    // Two hundred runs are a long text, which nobody has asked for yet.
    setText(this.#json, this.#raw.open ? this.#text() : '');
  }

  #text() {
    return JSON.stringify(this.#diagnosis, null, 2);
  }

  #save() {
    if (!this.#diagnosis) return;
    const url = URL.createObjectURL(new Blob([this.#text()], { type: 'application/json' }));
    element('a', { href: url, download: exportName(Date.now()) }).click();
    // The browser has the file by then; without this it would be held as long as the page is open.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    setText(this.#said, t('diagnostics.exported'));
  }

  async #copy() {
    if (!this.#diagnosis) return;
    try {
      // Absent in insecure contexts, and refused where a policy says so.
      await navigator.clipboard.writeText(this.#text());
      setText(this.#said, t('diagnostics.copied'));
    } catch {
      this.#raw.open = true;
      this.#showJson();
      getSelection()?.selectAllChildren(this.#json);
      this.#json.focus();
      setText(this.#said, t('diagnostics.copy-by-hand'));
    }
  }

  async #forget() {
    const isCleared = await this.#engine.clearDiagnostics();
    await this.refresh();
    this.#heading.focus();
    setText(this.#said, t(isCleared === false ? 'diagnostics.not-cleared' : 'diagnostics.cleared'));
  }

  async #again() {
    this.#measure.disabled = true;
    setText(this.#said, t('diagnostics.measuring'));
    await this.#engine.measure().catch(() => {});
    await this.refresh();
    this.#measure.disabled = false;
    this.#measure.focus();
    setText(this.#said, t('diagnostics.measured'));
    this.#hooks.onMeasured();
  }

  /** @param {string} id */
  #titleOf(id) {
    return ofCatalog(this.#titles.get(id) ?? id);
  }

  /** @param {string} name */
  #part(name) {
    return part(this.#dialog, name, HTMLElement);
  }
}

/** @param {Fact[]} facts */
const factList = (facts) => element('dl', { class: 'facts' }, ...facts.map(([label, value]) => element('div', {}, element('dt', {}, label), element('dd', {}, value))));

/** @param {Loss} loss */
const lossNote = (loss) => element('li', {}, element('strong', {}, t(`loss.${loss}`)), ' ', t(`loss.${loss}.body`));

/** @param {{ name: string, have: number, need: number | null }} limit */
const limitRow = ({ name, have, need }) => element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, String(have)), element('td', {}, need === null ? '' : String(need)));
