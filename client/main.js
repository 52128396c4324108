import './walls.js';
import * as api from './api.js';
import { App } from './app.js';
import { Offline } from './offline.js';

void new App(api, location.search).start();

const release = document.querySelector('meta[name="mattebox-release"]')?.getAttribute('content') ?? '';
const offline = new Offline({ release, onChange: () => {} });
// What the page itself needs comes first.
addEventListener('load', () => void offline.start());
