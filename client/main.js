import './walls.js';
import * as api from './api.js';
import { App } from './app.js';

void new App(api, location.search).start();
