import './page/walls.js';
import * as api from './api.js';
import { App } from './page/app.js';
import { tryStorage } from './engine/environment.js';

await tryStorage();
void new App(api, location.search).start();
