import { ID_FORMATS } from '../finish/id-formats.js';
import { ID_GROUNDS } from '../finish/presets.js';
import { PAPERS } from '../finish/print-sheet.js';

/** What can be chosen of ID photos. @type {import('../ui/id-panel.js').IdChoices} */
export const ID_CHOICES = { formats: ID_FORMATS.map(({ id }) => id), papers: Object.keys(PAPERS), grounds: ID_GROUNDS };
