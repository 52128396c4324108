/** Every sentence of the page in one list, to be read from beginning to end: `make messages`, or `make messages LANGUAGE=de`. */
import { PARTS } from '../../client/messages/en.js';
import { partsOf } from '../../client/messages/languages.js';

const [tag = 'en'] = process.argv.slice(2);
for (const part of Object.keys(PARTS)) {
  const words = await partsOf(tag)(part);
  process.stdout.write(`\n# ${part}\n\n`);
  for (const [key, message] of Object.entries(words)) {
    const forms = typeof message === 'string' ? message : Object.values(message).join(' | ');
    process.stdout.write(`${forms}\n    ${key}\n`);
  }
}
