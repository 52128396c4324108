import { facts } from '../messages/format.js';
import { t } from '../messages/later.js';
import { attemptWords, barWords, circumstances, stageTime, totalTime, whatRan, whenRan, whereRan, whyRan } from './diagnosis-words.js';
import { part, setText } from './dom.js';
import { drawing, element } from './element.js';
import { placed, sharesOf, STAGE_GROUPS, sumOf } from './stages.js';

/** @typedef {import('./diagnosis.js').Entry} Entry */

/** Enough to see a batch, few enough to see what stands below. */
const SHOWN = 8;

/** The runs, newest first: where, why, and how long each part took. */
export class RunTable {
  #root;
  #body;
  #more;
  #empty;
  #legend;
  #titleOf;
  #isWhole = false;
  /** @type {Entry[]} */
  #entries = [];
  /** Times of the runs whose details are open: a run that is added must not close them. @type {Set<number>} */
  #open = new Set();

  /**
   * @param {HTMLElement} root
   * @param {(id: string) => string} titleOf a model
   */
  constructor(root, titleOf) {
    this.#root = part(root, 'runs-table', HTMLElement);
    this.#body = part(root, 'rows', HTMLElement);
    this.#more = part(root, 'more', HTMLButtonElement);
    this.#empty = part(root, 'no-runs', HTMLElement);
    this.#legend = part(root, 'legend', HTMLElement);
    this.#titleOf = titleOf;
    const keys = STAGE_GROUPS.map((group) => element('span', { class: 'runs-key', 'data-group': group }, t(`stages.${group}`)));
    this.#legend.replaceChildren(...keys);
    this.#more.addEventListener('click', () => {
      this.#isWhole = true;
      this.#draw();
      this.#body.querySelectorAll('button')[SHOWN]?.focus();
    });
  }

  /** @param {Entry[]} entries newest first */
  show(entries) {
    this.#entries = entries;
    this.#root.hidden = entries.length === 0;
    this.#legend.hidden = entries.length === 0;
    this.#empty.hidden = entries.length > 0;
    setText(this.#empty, t('runs.none'));
    this.#draw();
  }

  #draw() {
    const shown = this.#isWhole ? this.#entries : this.#entries.slice(0, SHOWN);
    const shares = shown.map(({ error, report }) => (error ? [] : sharesOf(report.ms)));
    const longest = Math.max(0, ...shares.map(sumOf));
    const now = Date.now();
    this.#body.replaceChildren(...shown.flatMap((entry, i) => this.#rows(entry, shares[i], longest, now, i)));
    this.#more.hidden = shown.length === this.#entries.length;
    setText(this.#more, t('runs.more', { total: this.#entries.length }));
  }

  /**
   * @param {Entry} entry
   * @param {import('./stages.js').Share[]} shares
   * @param {number} longest
   * @param {number} now ms since the epoch
   * @param {number} index
   */
  #rows(entry, shares, longest, now, index) {
    const { at, error, report } = entry;
    const when = whenRan(at, now);
    const id = `run-${index}`;
    const button = element('button', { class: 'button quiet icon-only', type: 'button', 'aria-label': t('run.details', { when }), 'aria-controls': id }, arrow());
    const time = error ? t('run.failed', { code: error.code }) : totalTime(report.ms.total, report.ms.download);
    const row = element('tr', { 'data-outcome': error ? 'failed' : 'done' },
      element('th', { scope: 'row' }, element('time', { datetime: new Date(at).toISOString() }, when), small(whatRan(this.#titleOf(report.model.id), entry))),
      element('td', {}, whereRan(report), small(whyRan(report.reason))),
      element('td', { class: 'runs-time' }, bar(shares, longest), element('span', {}, time)),
      element('td', { class: 'runs-open' }, button));
    const details = element('tr', { id, class: 'runs-details' }, element('td', { colspan: 4 }, ...detailsOf(entry)));
    const open = (/** @type {boolean} */ isOpen) => {
      details.hidden = !isOpen;
      button.setAttribute('aria-expanded', String(isOpen));
      if (isOpen) this.#open.add(at);
      else this.#open.delete(at);
    };
    open(this.#open.has(at));
    button.addEventListener('click', () => open(Boolean(details.hidden)));
    return [row, details];
  }
}

/** @param {import('./stages.js').Share[]} shares @param {number} longest ms */
function bar(shares, longest) {
  const label = barWords(shares);
  if (!label) return null;
  const parts = placed(shares, longest).map(({ group, x, width }) => drawing('rect', { class: 'runs-share', 'data-group': group, x: x.toFixed(3), y: 0, width: width.toFixed(3), height: 10 }));
  return drawing('svg', { class: 'runs-bar', viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': label }, ...parts);
}

/** @param {Entry} entry */
function detailsOf({ error, report }) {
  const stages = Object.entries(report.ms).filter(([stage, ms]) => stage !== 'total' && ms > 0).map(([stage, ms]) => stageTime(stage, ms));
  return [
    stages.length > 0 ? element('p', {}, facts(...stages)) : null,
    report.attempts.length > 0 ? element('ol', {}, ...report.attempts.map((attempt) => element('li', {}, attemptWords(attempt)))) : null,
    element('p', {}, circumstances(report)),
    error ? element('pre', {}, JSON.stringify(error, null, 2)) : null,
  ];
}

/** @param {string} words */
const small = (words) => element('span', { class: 'runs-small' }, words);

const arrow = () => drawing('svg', { class: 'icon', 'aria-hidden': 'true' }, drawing('use', { href: '#icon-more' }));
