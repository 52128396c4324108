/**
 * What crosses realms when a picture is made from words. Types only.
 *
 * @typedef {{ timestep: number, sigma: number, divisor: number }} Scheduler of one step: the time that the U-Net is told, the noise's
 *   deviation at it, and the square root of 1 + sigma², by which latents are divided before the U-Net sees them
 *
 * @typedef {object} TokenizerRules
 * @property {number} length ids of a prompt
 * @property {number} pad the id that fills it up
 * @property {number} vocabulary how many ids there are
 * @property {{ text: string, ids: number[] }} proof a text, and the ids it comes to before it is filled up
 *
 * @typedef {object} GenerateRules
 * @property {TokenizerRules} tokenizer its files are those of the model whose role is "tokenizer": tokenizer.json, or vocab.json and merges.txt
 * @property {Scheduler} scheduler
 * @property {Scheduler & { strength: number }} [start] the step of a picture that begins with another one, where there is a VAE's encoder; `strength`: the part
 *   of the scheduler's steps that this other one is given noise for, 0..1: the more, the less of it stays
 * @property {number} scale latents are divided by it before the decoder sees them, and multiplied with it after the encoder
 * @property {{ title: string, isRestricted: boolean }} terms of the licence: its name for people, and whether it forbids some use
 *
 * @typedef {'text-encoder' | 'vae-encoder' | 'unet' | 'vae-decoder'} GenerateRole a VAE's encoder is there in some, and is needed to begin with a picture
 * @typedef {import('./catalog-entry.js').PipelinePart & { role: GenerateRole }} GeneratePart
 * @typedef {Omit<import('./catalog-entry.js').Pipeline, 'task' | 'parts' | 'rules'> & { task: 'generate', parts: GeneratePart[], rules: GenerateRules }} GenerateModel
 *
 * @typedef {import('../runtime/session.js').Tensor} Tensor
 * @typedef {object} Making a picture on its way, as far as it has come
 * @property {string} prompt
 * @property {number} seed a whole number, of which 32 bits count
 * @property {Tensor | null} words what the text encoder made of the prompt
 * @property {boolean} isCut whether the prompt had more ids than the model reads
 * @property {{ picture: Blob, latents: Float32Array | null } | null} start what it begins with besides noise, and what the VAE's encoder made of that
 * @property {Float32Array | null} latents what the U-Net made of noise and words, as the decoder wants them
 * @property {Blob | null} picture PNG
 *
 * @typedef {{ code: string, detail: Record<string, unknown> }} Obstacle why a generator cannot run here: a `VerdictReason`, "memory" with `need` and `have` in
 *   MiB, or "storage-full" with `needed` and `available` in bytes; `detail.part` names the part
 *
 * @typedef {object} GeneratorOffer
 * @property {string} id
 * @property {string} title
 * @property {{ spdx: string, title: string, isRestricted: boolean, url: string | null }} licence `url` of its text on this site, where it is there
 * @property {boolean} canStart whether it can begin with another picture
 * @property {number} bytes on the wire, that are still to come
 * @property {{ role: string, bytes: number, have: number, isStored: boolean }[]} parts all that it needs on this device, on the wire; what runs it ("runtime")
 *   and its tokenizer too
 * @property {Obstacle | null} why this device cannot run it
 *
 * @typedef {{ stage: 'downloading', part: string, loaded: number, total: number } | { stage: 'preparing', part: string }
 *   | { stage: 'running', part: string, step: number, of: number }} MakingProgress `loaded` of all that was still to come when it began; each part is fetched
 *   before it is needed
 */
export {};
