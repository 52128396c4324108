/**
 * What goes on beside the photos: looking at the server and the shell, warming up, what the installed app is handed, and the walls. Loaded
 * once the page can be used.
 */
import { withWords } from '../messages/index.js';
import { DiagnosticsLink } from '../ui/diagnostics-link.js';
import { armDisclosure } from '../ui/disclosure.js';
import { part } from '../ui/dom.js';
import { LanguageChoice } from '../ui/language-choice.js';
import { openShortcut, takeFragment } from '../ui/shortcuts.js';
import { Server } from './effects/server.js';
import { WarmUp } from './effects/warm-up.js';
import { Lazy, loadSpared } from './lazy.js';
import { placed } from './state.js';
import { Surroundings } from './surroundings.js';

export class Background {
  warmUp;
  diagnostics;
  #engine;
  #store;
  #screen;
  #server;
  #surroundings;
  #inbox;
  #isHanded;

  /**
   * @param {typeof import('../api.js')} engine
   * @param {import('./store.js').Store} store
   * @param {import('../jobs/jobs.js').Jobs<any>} jobs
   * @param {{ announcer: import('../ui/announcer.js').Announcer, footer: import('../ui/footer.js').Footer, notices: import('../ui/notices.js').Notices }} screen
   * @param {object} hooks
   * @param {(files: File[]) => void} hooks.onFiles photos that were shared or opened with the app
   * @param {() => void} hooks.onNotLoaded a part of the page could not be loaded
   * @param {(model: string) => void} hooks.onOther the person would rather use this one, which is here
   * @param {(report: import('../shared/protocol.js').Report) => void} hooks.onReady the model is up before the first photo
   */
  constructor(engine, store, jobs, screen, { onFiles, onOther, onReady, onNotLoaded }) {
    this.#engine = engine;
    this.#store = store;
    this.#screen = screen;
    this.#server = new Server(engine, store);
    this.#surroundings = new Surroundings(screen, onOther);
    const fragment = takeFragment();
    this.#inbox = Lazy.spared(() => withWords(import('./inbox.js')).then(({ Inbox, troubleWords }) => new Inbox({
      onPhotos: onFiles,
      onTrouble: (trouble) => screen.notices.show('inbox', 'warning', troubleWords(trouble)),
      onShortcut: openShortcut,
    })), (inbox) => void inbox.start(fragment));
    // Only what is installed is handed something, and has a service worker.
    this.#isHanded = fragment !== '' || Boolean(navigator.serviceWorker?.controller);
    this.warmUp = new WarmUp(engine, store, jobs, onReady);
    // What a run would be done with now.
    const options = () => ({ ...placed(store.state), model: store.state.model || store.state.address.model });
    this.diagnostics = new DiagnosticsLink(({ DiagnosticsPanel }) => new DiagnosticsPanel(engine, { options, onMeasured: () => store.dispatch({ type: 'measured' }) }), onNotLoaded);
  }

  start() {
    armDisclosure();
    new LanguageChoice();
    this.#store.connect([
      (...change) => this.#server.follow(...change),
      (...change) => this.warmUp.follow(...change),
      (_, state) => this.#surroundings.show(state),
    ]);
    this.#server.start();
    this.warmUp.start();
    if (this.#isHanded) this.#inbox.use(() => {});
    addEventListener('hashchange', () => {
      const fragment = takeFragment();
      if (fragment) this.#inbox.use((inbox) => inbox.follow(fragment));
    });
    this.#tryWalls();
  }

  /** Without what shows them, the page claims no more than what its own code does. */
  #tryWalls() {
    const walls = () => this.#engine.environment().walls;
    const watch = Lazy.spared(() => withWords(import('./wall-watch.js')).then(({ WallWatch }) => new WallWatch(this.#screen)), (it) => it.show(walls()));
    const isMissing = () => Object.values(walls()).some((wall) => wall === 'missing' || wall === 'replaced');
    this.#engine.tryWalls(() => { if (watch.loaded || isMissing()) watch.use((it) => it.show(walls())); }).catch(() => {});
    // Somebody looks what was found.
    const claim = part(document, 'promise', HTMLDetailsElement);
    claim.addEventListener('toggle', loadSpared);
    if (claim.open) loadSpared();
  }
}
