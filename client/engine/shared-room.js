/** The room of memory that all models of this page share: what cuts out, selects, and makes pictures from words. */
import { engine } from './calls.js';
import { Room } from './room.js';

export const room = new Room();
room.join(engine.own.router);
