import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import globals from 'globals';

/**
 * The walls of docs/architecture.md: what each folder of client/ may import besides itself. A folder that is not listed may
 * import nothing, and nobody else may import it.
 */
const WALLS = {
  shared: [],
  messages: ['shared'],
  jobs: ['shared'],
  finish: ['shared'],
  storage: ['shared'],
  delivery: ['shared', 'storage'],
  'image/scale': ['shared'],
  'image/read': ['shared', 'image/write/embed-jpeg.js', 'image/write/write-exif.js'],
  'image/matte': ['shared', 'image/scale'],
  'image/compose': ['shared', 'image/scale', 'image/matte'],
  'image/write': ['shared', 'image/scale/kernels.js', 'image/read/exif.js', 'image/read/density.js'],
  gpu: ['shared'],
  runtime: ['shared'],
  tasks: ['shared', 'image', 'runtime'],
  document: ['shared', 'image'],
  workers: ['shared', 'storage', 'delivery', 'image', 'gpu', 'runtime', 'tasks', 'document'],
  engine: ['shared', 'jobs', 'finish', 'document/document.js', 'document/edits.js', 'document/check-edits.js', 'gpu/adapter.js', 'runtime/session-pool.js'],
  ui: ['shared', 'messages', 'finish/file-names.js'],
  page: ['shared', 'messages', 'jobs', 'finish', 'document/document.js', 'image/read/kind.js', 'ui', 'editor', 'review'],
  review: ['shared', 'messages', 'ui', 'editor/viewport.js'],
  editor: ['shared', 'messages', 'document/document.js', 'document/edits.js', 'ui'],
};
/** What every folder of image/ may use. */
const IMAGE_PRIMITIVES = ['image/join.js', 'image/png-chunks.js', 'image/emscripten.js', 'image/longest.js'];

const wall = (folder, allowed) => ({
  target: `./client/${folder}`,
  from: './client',
  except: [folder, 'vendor', ...allowed, ...(folder.startsWith('image/') ? IMAGE_PRIMITIVES : [])],
  message: `client/${folder} may import ${allowed.join(', ') || 'nothing'} (WALLS in eslint.config.js).`,
});

const ZONES = [
  ...Object.entries(WALLS).map(([folder, allowed]) => wall(folder, allowed)),
  { target: ['./client/main.js', './client/api.js'], from: './client', except: ['api.js', 'document/document.js', 'engine', 'finish', 'messages', 'page', 'shared'], message: 'The entries join engine and page.' },
];
const WORKER_FOLDERS = ['storage', 'delivery', 'document/derive', 'image', 'gpu', 'runtime', 'tasks', 'workers'];

const BARE = {
  regex: String.raw`^(?!\.\.?/)`,
  message: 'The browser gets files as they are: import by a relative URL with its extension.',
};
const RUNTIME = { regex: 'onnxruntime', message: 'Only client/runtime/ort.js knows ONNX Runtime.' };

const CONNECTIONS = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'WebTransport', 'RTCPeerConnection'].map((name) => ({
  name,
  message: 'Only client/delivery may open a connection.',
}));
const CONFUSED = ['event', 'name', 'status', 'length', 'parent', 'top', 'find', 'close', 'open', 'print', 'stop'].map((name) => ({
  name,
  message: 'This is a property of the window: a variable of your own is missing.',
}));
const inGlobals = (names) => ['error', { globals: names, checkGlobalObject: true, globalObjects: ['self', 'window'] }];

const MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'parseHTMLUnsafe', 'srcdoc', 'createContextualFragment'];
const PROPERTIES = [
  ...MARKUP.map((property) => ({ property, message: 'Use textContent and <template>.' })),
  { object: 'document', property: 'write', message: 'Use textContent and <template>.' },
  { object: 'document', property: 'writeln', message: 'Use textContent and <template>.' },
  { property: 'sendBeacon', message: 'Only client/delivery may open a connection.' },
  { property: 'userAgent', message: 'Ask for the ability, not for the name of the browser.' },
];
const SYNTAX = [
  { selector: 'ImportExpression[source.value=/onnxruntime/]', message: RUNTIME.message },
  { selector: 'Literal[value=/^https?:(?!..www.w3.org)/]', message: 'The page knows no address but its own, and that only relative.' },
];
/** WebKit gives away too soon, or never, a module that waits at its top, where two that are being loaded share it (withWords in client/messages/index.js). */
const AWAITING = {
  selector: ['ExpressionStatement > ', 'IfStatement > ExpressionStatement > ', 'IfStatement > BlockStatement > ExpressionStatement > ', 'VariableDeclaration > VariableDeclarator > ', 'ExportNamedDeclaration > VariableDeclaration > VariableDeclarator > '].map((way) => `Program > ${way}AwaitExpression`).join(', '),
  message: 'A module that others import does not wait at its top.',
};
/** What an Error says is for those who read code. */
const SENTENCES = [
  { selector: ':not(NewExpression[callee.name=/Error$/]) > Literal[value=/^[A-Z][a-z]+ [a-z]/]', message: 'What a person reads is a message (client/messages/).' },
  { selector: ':not(NewExpression[callee.name=/Error$/]) > TemplateLiteral > TemplateElement[value.raw=/(^| )[A-Za-z]+ [a-z]+ [a-z]+/]', message: 'What a person reads is a message (client/messages/).' },
];
const POSTING = {
  property: 'postMessage',
  message: 'Messages are posted by client/shared/channel.js, client/page/offline.js and the workers only.',
};
const POSTING_BARE = { name: 'postMessage', message: POSTING.message };

/** Names that mean the same in a page and in a worker, for modules that run in both. */
const both = Object.fromEntries(Object.entries(globals.browser).filter(([name]) => name in globals.worker));

/** wall-check.js tries what must be refused: to see a wall is to run into it. */
const CONNECTED = ['client/delivery/**/*.js', 'client/workers/delivery.js', 'client/shared/wall-check.js'];
/** offline.js talks to the service worker, which is no worker of the page's and answers no channel: several pages share it. */
const POSTS = ['client/shared/channel.js', 'client/page/offline.js', 'client/workers/*.js'];
const IN_WORKER = WORKER_FOLDERS.map((folder) => `client/${folder}/**/*.js`);
const IN_BOTH = ['client/shared/**/*.js', 'client/document/*.js'];

export default [
  { ignores: ['.venv/', '.cache/', 'build/', '**/vendor/', 'server/templates/api.js'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    plugins: { 'import-x': importX },
    languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
    rules: {
      'array-callback-return': 'error',
      complexity: ['error', { max: 15, variant: 'modified' }],
      curly: ['error', 'multi-line'],
      'default-case-last': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', 250],
      'no-alert': 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'no-constructor-return': 'error',
      'no-else-return': 'error',
      'no-eval': 'error',
      'no-implicit-coercion': 'error',
      'no-implied-eval': 'error',
      'no-lonely-if': 'error',
      'no-new-func': 'error',
      'no-self-compare': 'error',
      'no-shadow': 'error',
      'no-template-curly-in-string': 'error',
      'no-throw-literal': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unneeded-ternary': 'error',
      'no-unreachable-loop': 'error',
      'no-unused-expressions': 'error',
      'no-unused-vars': ['error', { caughtErrors: 'all', argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      'no-useless-computed-key': 'error',
      'no-useless-rename': 'error',
      'no-useless-return': 'error',
      'no-var': 'error',
      'no-warning-comments': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-object-has-own': 'error',
      'prefer-promise-reject-errors': 'error',
      'prefer-template': 'error',
      radix: 'error',
      'import-x/first': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-mutable-exports': 'error',
      'import-x/no-self-import': 'error',
    },
  },
  {
    files: ['client/**/*.js'],
    languageOptions: { globals: globals.browser },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: ZONES, basePath: import.meta.dirname }],
      'no-restricted-globals': inGlobals([...CONNECTIONS, ...CONFUSED, POSTING_BARE]),
      'no-restricted-imports': ['error', { patterns: [BARE, RUNTIME] }],
      'no-restricted-properties': ['error', ...PROPERTIES, POSTING],
      'no-restricted-syntax': ['error', ...SYNTAX, AWAITING],
    },
  },
  { files: ['client/page/**/*.js', 'client/ui/**/*.js', 'client/editor/**/*.js', 'client/review/**/*.js'], rules: { 'no-restricted-syntax': ['error', ...SYNTAX, AWAITING, ...SENTENCES] } },
  { files: ['client/main.js'], rules: { 'no-restricted-syntax': ['error', ...SYNTAX] } },
  // Sentences, one in a line: as many as there are.
  { files: ['client/messages/*/*.js'], rules: { 'max-lines': 'off' } },
  { files: IN_WORKER, languageOptions: { globals: { ...off(globals.browser), ...globals.worker } } },
  { files: IN_BOTH, languageOptions: { globals: { ...off(globals.browser), ...both } } },
  {
    files: ['client/runtime/ort.js'],
    rules: { 'no-restricted-imports': ['error', { patterns: [BARE] }], 'no-restricted-syntax': 'off' },
  },
  { files: CONNECTED, rules: { 'no-restricted-globals': inGlobals([...CONFUSED, POSTING_BARE]) } },
  {
    files: POSTS,
    rules: {
      'no-restricted-properties': ['error', ...PROPERTIES],
      'no-restricted-globals': inGlobals([...CONNECTIONS, ...CONFUSED]),
    },
  },
  { files: ['client/workers/delivery.js'], rules: { 'no-restricted-globals': inGlobals(CONFUSED) } },
  {
    // JavaScript before and after the server has filled in what the strings hold.
    files: ['server/templates/*.js'],
    languageOptions: { sourceType: 'script', globals: globals.serviceworker },
  },
  { files: ['tests/client/**/*.js', 'tests/eval/**/*.js', '*.config.js'], languageOptions: { globals: globals.node } },
  {
    // Bodies of functions that WebDriver calls in the page: they have `arguments` and may `return`.
    files: ['tests/browser/**/*.js', 'tests/harness/**/*.js', 'tests/audit/*.js', 'bench/**/*.js'],
    languageOptions: { sourceType: 'commonjs', globals: { ...globals.browser, ...globals.worker } },
  },
];

/** The same names, switched off: a later entry of the list can only add to an earlier one's globals. */
function off(names) {
  return Object.fromEntries(Object.keys(names).map((name) => [name, 'off']));
}
