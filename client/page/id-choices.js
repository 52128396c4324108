import { ID_FORMATS, PAPERS } from '../finish/id-formats.js';
import { ID_GROUNDS } from '../finish/presets.js';

/** What can be chosen of ID photos. @type {import('../ui/id-panel.js').IdChoices} */
export const ID_CHOICES = { formats: ID_FORMATS.map(({ id }) => id), papers: Object.keys(PAPERS), grounds: ID_GROUNDS };
