import './page/walls.js';
import * as api from './api.js';
import { App } from './page/app.js';
import { tryStorage } from './engine/environment.js';
import { pickLanguage, recallLanguage, speakIn } from './messages/languages.js';

// What cannot be had in another language is said in English.
const language = pickLanguage(new URLSearchParams(location.search).get('lang'), recallLanguage(), navigator.languages);
await Promise.all([tryStorage(), speakIn(language).catch(() => {})]);
void new App(api, location.search).start();
