import './walls.js';
import * as api from './api.js';
import { App } from './app.js';
import { tryStorage } from './environment.js';

await tryStorage();
void new App(api, location.search).start();
