/** How client code uses messages, read by ESLint's parser. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Linter } from 'eslint';

const CLIENT = new URL('../../client/', import.meta.url).pathname;
/** Functions that take a key. */
const SAYING = new Set(['t', 'lookUp', 'inEnglish']);

/** @returns {string[]} modules below client/, but for the tables themselves */
export function modules() {
  const all = readdirSync(CLIENT, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.js'));
  return all.map((entry) => relative(CLIENT, join(entry.parentPath, entry.name))).filter((path) => !path.startsWith('messages/en'));
}

const isSaying = (node) => node?.type === 'CallExpression' && node.callee.type === 'Identifier' && SAYING.has(node.callee.name);
/** What only chooses between values. */
const CHOOSES = new Set(['ConditionalExpression', 'LogicalExpression']);

/** @param {any} node @returns {any} what its value becomes a part of */
function use(node) {
  let [child, parent] = [node, node.parent];
  while (CHOOSES.has(parent.type) && child !== parent.test) [child, parent] = [parent, parent.parent];
  return parent;
}

/** @param {any} node a call that says something @returns {string | null} how it is glued to something else */
function glue(node) {
  const parent = use(node);
  if (parent.type === 'TemplateLiteral') return 'is put into a string';
  if (parent.type === 'BinaryExpression' && parent.operator === '+') return 'is added to a string';
  if (parent.type === 'ArrayExpression' && parent.parent.type === 'MemberExpression' && parent.parent.property.name === 'join') return 'is joined';
  if (parent.type === 'Property' && isSaying(parent.parent.parent)) return 'is a parameter of another message';
  return null;
}

/** @param {any} node @returns {boolean} it runs when the module is loaded, before anybody has chosen a language */
function isAtOnce(node) {
  for (let up = node.parent; up; up = up.parent) {
    if (/Function/u.test(up.type)) return false;
    if (up.type === 'PropertyDefinition' && !up.static) return false;
  }
  return true;
}

/** @param {any} node an argument @returns {boolean} it can be known which keys it may be */
function isKnown(node) {
  if (node.type === 'ConditionalExpression') return isKnown(node.consequent) && isKnown(node.alternate);
  return (node.type === 'Literal' && typeof node.value === 'string') || node.type === 'TemplateLiteral';
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');

/**
 * @param {string} code
 * @returns {{ strings: Set<string>, patterns: RegExp[], problems: string[] }} all that is a string, and what strings that are put together look like
 */
export function scan(code) {
  const [strings, patterns, problems] = [new Set(), [], []];
  const problem = (node, what) => problems.push(`line ${node.loc.start.line}: ${what}`);
  const rule = {
    create: () => ({
      Literal(node) { if (typeof node.value === 'string') strings.add(node.value); },
      TemplateLiteral(node) {
        const parts = node.quasis.map(({ value }) => value.cooked);
        if (/^[a-z-]+\.|\.[a-z-]+$/u.test(parts.join(''))) patterns.push(new RegExp(`^${parts.map(escaped).join('[\\w .-]+')}$`, 'u'));
      },
      CallExpression(node) {
        if (!isSaying(node)) return;
        const how = glue(node);
        if (how) problem(node, `a message ${how}`);
        if (isAtOnce(node)) problem(node, 'a message that is made before a language is chosen');
        if (node.callee.name === 't' && !isKnown(node.arguments[0])) problem(node, 'a key that nobody can look up');
      },
    }),
  };
  const linter = new Linter();
  const found = linter.verify(code, [{ plugins: { scan: { rules: { all: rule } } }, rules: { 'scan/all': 'error' }, linterOptions: { reportUnusedDisableDirectives: 'off' } }]);
  const fatal = found.find((message) => message.fatal);
  if (fatal) throw new Error(fatal.message);
  return { strings, patterns, problems };
}

/** @param {string} module @returns {ReturnType<typeof scan>} */
export const scanModule = (module) => scan(readFileSync(join(CLIENT, module), 'utf8'));
