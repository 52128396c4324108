export * from "./{{ base }}api.js";
