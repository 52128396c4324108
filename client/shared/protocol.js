/**
 * The types that cross realms. No code lives here.
 *
 * Page and worker exchange `Request` and `Reply`, discriminated by `type` and matched by `id`; what may be called on
 * which worker, with what and for what, is in `DeliveryCalls`, `ModelCalls`, `PixelCalls` and `ProbeCalls`.
 *
 * @typedef {'auto' | 'webgpu' | 'wasm'} Backend
 * @typedef {'wasm' | 'jspi' | 'asyncify'} Build of the runtime; the last two are for WebGPU
 * @typedef {import('./catalog-entry.js').Deliverable} Deliverable
 * @typedef {import('./catalog-entry.js').ModelInput} ModelInput
 * @typedef {import('./catalog-entry.js').ModelOutput} ModelOutput
 * @typedef {import('./catalog-entry.js').Requirements} Requirements
 * @typedef {import('./catalog-entry.js').ModelPart} ModelPart
 * @typedef {import('./catalog-entry.js').Fusion} Fusion
 * @typedef {import('./catalog-entry.js').Model} Model
 * @typedef {import('./catalog-entry.js').Pipeline} Pipeline
 * @typedef {import('./catalog-entry.js').Catalog} Catalog
 *
 * @typedef {{ stage: 'judging' } | { stage: 'downloading', loaded: number, total: number } | { stage: 'preparing' }
 *   | { stage: 'falling-back', from: 'webgpu' | 'wasm', code: string } | { stage: 'decoding' }
 *   | { stage: 'running', expectedMs?: number } | { stage: 'encoding' }} Progress
 *
 * @typedef {import('./protocol-output.js').FileType} FileType
 * @typedef {import('./protocol-output.js').CodecName} CodecName
 * @typedef {import('./protocol-output.js').Background} Background
 * @typedef {import('./protocol-output.js').Crop} Crop
 * @typedef {import('./protocol-output.js').Shadow} Shadow
 * @typedef {import('./protocol-output.js').OutputOptions} OutputOptions
 *
 * @typedef {'incomplete' | 'first-of-many' | 'camera-preview' | 'tone-mapped' | 'colours-unconverted' | 'already-cut-out' | 'nothing-found'
 *   | 'prints-coarsely' | 'photo-ends' | 'prompt-cut'} NoteCode
 * @typedef {{ code: NoteCode, detail: { count?: number, missing?: number, kind?: string } }} Note on a photo or on what was done with it: no failure, and
 *   something its owner would want to know. `missing` is a part of the whole, 0..1; `kind` a code. Its sentence is in ui/note-words.js
 *
 * @typedef {{ code: 'nothing' | 'apart' | 'soft' | 'several' | 'cut', value: number }} Doubt a reason to look at a cutout once more, and the number behind it
 *   (document/derive/doubt.js)
 *
 * @typedef {object} Inspection of a file, before it is decoded
 * @property {string} type by its signature
 * @property {string | null} drawing vector graphics, as XML that begins with its root: only the page can turn it into pixels
 * @property {number | null} width upright, in pixels; null when only decoding tells
 * @property {number | null} height
 * @property {CodecName[]} codecs that decoding needs
 *
 * @typedef {object} Adapter what a WebGPU adapter says of itself
 * @property {string} vendor
 * @property {string} architecture
 * @property {string} device
 * @property {string} description
 * @property {boolean | null} fallback whether either of the two flags says so; null when the browser has neither
 * @property {string[]} features
 * @property {Record<string, number>} limits
 *
 * @typedef {{ gflops: number, ms: number }} Speed of a small matrix product
 *
 * @typedef {object} Findings what a look at this device's GPU found
 * @property {null | 'no-webgpu' | 'no-adapter' | 'adapter-failed' | 'adapter-timeout'} trouble
 * @property {Adapter | null} adapter
 * @property {string} key of this browser's version and this adapter: what was measured holds while it is the same
 * @property {boolean} jspi whether WebAssembly can be suspended here
 * @property {Speed | { trouble: 'probe-failed' | 'probe-timeout' | 'probe-wrong', cause?: string } | null} gpu null when it was not measured
 * @property {Speed | null} cpu one thread of WebAssembly, the same work
 * @property {boolean} remembered whether the speeds were measured on an earlier occasion
 * @property {number} ms this took
 *
 * @typedef {'hardware-adapter' | 'fallback-adapter' | 'software-adapter' | 'slow-adapter' | 'no-webgpu' | 'no-adapter' | 'adapter-failed'
 *   | 'adapter-timeout' | 'missing-feature' | 'limit-too-low' | 'nonsense-limits' | 'probe-failed' | 'probe-timeout' | 'probe-wrong'} VerdictReason
 * @typedef {object} Verdict on an adapter for one model: a degraded one works and is slower than the CPU, an unfit one does not work
 * @property {'fit' | 'degraded' | 'unfit'} verdict
 * @property {VerdictReason} reason
 * @property {Record<string, unknown>} detail the numbers behind it
 *
 * @typedef {object} Attempt
 * @property {'webgpu' | 'wasm'} backend
 * @property {Build | null} build of the runtime, null when it never came to one
 * @property {number} threads 0 when it never came to any
 * @property {'ran' | 'failed' | 'refused'} outcome
 * @property {string | null} code reason or error code, null when it ran
 * @property {number} ms from its start to this outcome
 *
 * @typedef {{ refined: boolean, decontaminated: boolean, profile: boolean, copyright: boolean }} Applied what was done of what was asked
 *   for; `profile`, `copyright`: whether the file carries the photo's
 *
 * @typedef {'enforced' | 'missing' | 'replaced' | 'unknown'} Wall what the browser refuses a realm: all it should, nothing, something else, or
 *   not known (yet)
 * @typedef {{ page: Wall, inference: Wall, delivery: Wall }} Walls
 *
 * @typedef {object} Report
 * @property {{ id: string, sha256: string }} model
 * @property {Backend} requested
 * @property {'webgpu' | 'wasm' | null} backend which one really ran; null also for a picture that was cut out already, on which none did
 * @property {string} reason why that one
 * @property {Attempt[]} attempts
 * @property {{ asked: number, got: number }} threads
 * @property {boolean} isolated
 * @property {boolean} secure
 * @property {Walls} walls as they were found when the run was over
 * @property {{ expected: number, received: number, stored: number }} bytes of files: to fetch, fetched, read from the store
 * @property {{ version: string, build: Build, simd: true } | null} runtime every build needs SIMD
 * @property {Adapter | null} adapter that was found, with the limits that matter here
 * @property {Verdict | null} verdict on it for this model
 * @property {{ heap: number | null, device: number | null }} memory `heap` of WebAssembly in bytes, which never shrinks; `device` in GB as the browser tells
 * @property {'passed' | 'remembered' | 'later' | null} canary whether the model's test image was run in this session, or held to be passed because
 *   it was, by the same files in the same browser; `later`: the photo went first, and what it came to is taken back if the test fails; null when it
 *   never came to any
 * @property {StorageTrouble | null} storage why something is kept in memory only
 * @property {{ width: number, height: number } | null} size of the photo in pixels
 * @property {{ width: number, height: number } | null} result size of the finished file in pixels, which a crop makes another
 * @property {Applied} applied
 * @property {Note[]} notes on the photo
 * @property {Doubt[]} doubts about the matte, the gravest first
 * @property {Timings} ms
 *
 * @typedef {'judge' | 'download' | 'create' | 'canary' | 'decode' | 'pre' | 'run' | 'post' | 'compose' | 'encode' | 'total'} Stage `post` makes
 *   the full-size matte, `compose` the foreground and what it stands on
 * @typedef {Record<Stage, number>} Timings
 *
 * @typedef {{ type: 'call', id: number, kind: string, args: unknown } | { type: 'abort', id: number }
 *   | { type: 'hold', lock: string } | { type: 'try-wall', realm: keyof Walls }} Request `hold` asks the worker to hold a lock for as
 *   long as it lives, `try-wall` to try to get out
 * @typedef {{ type: 'progress', id: number, event: unknown } | { type: 'result', id: number, value: unknown }
 *   | { type: 'error', id: number, error: import('./errors.js').WireError } | { type: 'holding', lock: string }
 *   | { type: 'wall', finding: import('./policy.js').Finding }} Reply
 *
 * @typedef {{ file: Deliverable, buffer: ArrayBuffer | null, isStored: boolean }} Supply a checked file on its way to the inference worker: its bytes, or null when they
 *   are to be read from the store; whether the store has them, be they here as well or not
 *
 * @typedef {object} StoredFile
 * @property {string} sha256
 * @property {string} name empty when nothing tells
 * @property {number} bytes of the whole file, 0 when nothing tells
 * @property {number} have bytes that are here
 * @property {string} site root of the site that stored it
 * @property {boolean} whole
 * @property {number} storedAt ms since the epoch
 * @property {number | null} usedAt ms since the epoch
 *
 * @typedef {object} StorageTrouble why a file is in memory only
 * @property {'storage-full' | 'storage-failed' | 'no-cache-storage'} code
 * @property {number} [needed] bytes
 * @property {number | null} [available] bytes, null when the browser does not tell
 *
 * @typedef {{ buffer: ArrayBuffer | null, received: number, storage: StorageTrouble | null }} Obtained `received` counts
 *   bytes over the network, repeated ones too; without a `buffer` the file is in the store
 *
 * @typedef {'here' | 'away' | 'signed-out'} Reach whether the server answers; `signed-out`: something in front of it wants to be signed in to
 *
 * @typedef {object} DeliveryCalls
 * @property {{ args: { site: string }, result: Catalog, progress: never }} catalog
 * @property {{ args: { site: string }, result: Reach, progress: never }} reach
 * @property {{ args: { files: Deliverable[], segmentBytes: number }, result: { whole: boolean, have: number }[], progress: never }} held
 * @property {{ args: { site: string, file: Deliverable, segmentBytes: number, keep: boolean, isUsedAtOnce: boolean },
 *   result: Obtained, progress: { loaded: number } }} obtain `keep`: use the store; `isUsedAtOnce`: and hand over what had to be fetched
 * @property {{ args: { file: Deliverable }, result: void, progress: never }} distrust
 * @property {{ args: {}, result: { files: StoredFile[], usage: number | null, quota: number | null }, progress: never }} list
 * @property {{ args: { sha256?: string }, result: void, progress: never }} forget one file, or all
 * @property {{ args: { keep: string[] }, result: void, progress: never }} prune what this site stored and no longer uses
 *
 * @typedef {'decode' | 'pre' | 'run' | 'post' | 'compose' | 'encode'} PhotoStage
 *
 * @typedef {object} Finished
 * @property {Blob} cutout
 * @property {{ width: number, height: number }} size of the photo as it was worked on
 * @property {{ width: number, height: number }} result size of the cutout
 * @property {Applied} applied
 * @property {Note[]} notes on what was done
 *
 * @typedef {import('../document/document.js').SmallMatte} SmallMatte
 * @typedef {import('../document/edits.js').Box} Box
 * @typedef {import('../document/edits.js').Edit} Edit
 *
 * @typedef {object} Base a photo at the size of a screen, of which previews are made
 * @property {{ data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number }} pixels RGBA, straight alpha, sRGB
 * @property {{ width: number, height: number }} size of the photo as it is worked on
 * @property {{ clear: number, most: number } | null} own transparency that the file has, as image/matte/transparency.js tells it
 * @property {number} longest pixels of its longer side, at most
 * @property {{ isRefined: boolean, matte: Uint16Array<ArrayBuffer> } | null} edited the matte at this size where a person edited it, which is done at
 *   the photo's own; null where it can be made of the model's
 *
 * @typedef {Pick<Base, 'pixels' | 'own'> & { notes: Note[], original: Blob | null }} Opened a photo decoded, at its size, and what a draft needs to know of it; `original` as of `draft`
 *
 * @typedef {import('../document/derive/preview.js').Layered} Layered
 *
 * @typedef {object} Preview
 * @property {Blob} image to be shown
 * @property {{ width: number, height: number }} frame its size in pixels
 * @property {{ width: number, height: number } | null} result size of the file in pixels; null where only making it tells
 * @property {Applied} applied
 * @property {Note[]} notes on what was done
 * @property {import('./head-frame.js').Placing | null} placing where the frame lies; null where there is none around a head
 *
 * @typedef {object} ProbeCalls
 * @property {{ args: { known: { key: string, gpu: Findings['gpu'], cpu: Findings['cpu'] } | null }, result: Findings, progress: never }} judge
 *   the device's GPU; `known` are the speeds measured on an earlier occasion
 *
 * @typedef {object} PixelCalls
 * @property {{ args: { blob: Blob, reduce: boolean }, result: Inspection, progress: never }} inspect a photo, before it is decoded
 * @property {{ args: { codec: CodecName, supply: Supply }, result: void, progress: never }} load a codec, once
 * @property {{ args: { source: Blob | ImageBitmap, reduce: boolean }, result: Opened, progress: never }} open a photo for the worker that cuts out
 * @property {{ args: {}, result: void, progress: never }} ahead load all modules that a photo or a setting may need
 * @property {{ args: { source: Blob | ImageBitmap, matte: Blob, output: OutputOptions, reduce: boolean }, result: Finished, progress: never }} finish
 *   a photo whose matte is known; needs no model
 * @property {{ args: { photo: Blob, width: number }, result: ImageBitmap, progress: never }} thumbnail of a photo as the browser shows it
 * @property {{ args: { handle: string, layered: Layered }, result: void, progress: never }} hold what previews of a document are made of
 * @property {{ args: { handle: string, source: Blob | ImageBitmap | null, matte: SmallMatte | null, output: OutputOptions, picture: number | null,
 *   longest: number, size: { width: number, height: number }, edits: readonly Edit[] }, result: Preview | null, progress: never }} preview of a document; `picture` names the one that is to be its
 *   background. Null where it is not held (any more), or its picture is not, and there is no `source` to make it from
 * @property {{ args: { source: Blob | ImageBitmap, matte: SmallMatte | null, size: { width: number, height: number }, edits: readonly Edit[],
 *   output: OutputOptions, reduce: boolean }, result: Finished, progress: never }} file of a document, whose photo is worked on at that `size`
 * @property {{ args: { photos: (Blob | ImageBitmap)[], sheet: import('./protocol-output.js').SheetPlan }, result: Blob, progress: never }} sheet of finished photos, as JPEG
 * @property {{ args: { handle: string }, result: { bytes: number }, progress: never }} drop what is held of a document; `bytes` are still held of others
 * @property {{ args: { source: Blob | ImageBitmap }, result: { width: number, height: number }, progress: never }} check a picture for a background, by decoding it
 *
 * @typedef {import('./protocol-generate.js').Making} Making
 *
 * @typedef {Pick<PixelCalls, 'inspect' | 'load'> & CutoutCalls & import('./protocol-segment.js').SegmentCalls} ModelCalls
 *
 * @typedef {object} CutoutCalls
 * @property {{ args: { backend: 'webgpu' | 'wasm', build: Build, glue: string, model: Model, isLazy: boolean }, result: void, progress: never }} loadScripts that starting and preparing need, and a photo without a preview, while files are on their way
 * @property {{ args: { backend: 'webgpu' | 'wasm', build: Build, threads: number, glue: string, runtime: Supply, model: Model },
 *   result: void, progress: never }} start the runtime, once, while the model is on its way
 * @property {{ args: { backend: 'webgpu' | 'wasm', build: Build, threads: number, model: Model, files: Supply[], canary: 'run' | 'later' | 'remembered', isLazy: boolean },
 *   result: { threads: number, heap: number | null, canary: 'passed' | 'later' | 'remembered',
 *     ms: { create: number, canary: number, first: number | null, run: number | null } },
 *   progress: { stage: 'canary' } }} prepare `files` are the model's, all of them or those that what is brought up now needs. `create` is what starting the runtime took, too.
 *   `first` and `run` are the first and the latest run of all its parts in ms, `heap` is in bytes. Where the canary
 *   is not to be run, nothing is known of times. `isLazy`: a photo waits whose first preview is shown at once
 * @property {{ args: { files: Supply[] }, result: void, progress: never }} supply the model's files that are still missing
 * @property {{ args: {}, result: void, progress: never }} expect a photo some time, and have what is not up yet read from the store until then
 * @property {{ args: {}, result: { create: number }, progress: never }} complete bring up what was left of the model; `create` ms
 * @property {{ args: {}, result: { ms: { canary: number, first: number, run: number } }, progress: never }} prove run the canary that was left for later
 * @property {{ args: { source: Blob | ImageBitmap, output: OutputOptions, reduce: boolean },
 *   result: Finished & { matte: Blob, original: Blob | null, isKept: boolean, doubts: Doubt[], heap: number | null, ms: Pick<Timings, PhotoStage> },
 *   progress: { stage: 'decoding' | 'running' | 'encoding' } }} cutout `notes` are on the photo too; `original` shows the photo as it
 *   was read, where a browser might show the file otherwise, or not at all; `isKept`: it was cut out already, so
 *   that the model did not run
 * @property {{ args: { source: Blob | ImageBitmap, output: OutputOptions, reduce: boolean, longest: number, isEarly: boolean, opened: Opened | null },
 *   result: { matte: SmallMatte | null, original: Blob | null, layered: Layered, preview: Preview, size: { width: number, height: number }, notes: Note[], doubts: Doubt[],
 *     heap: number | null, create: number, ms: Pick<Timings, PhotoStage> },
 *   progress: { stage: 'decoding' | 'running' | 'encoding' } | { stage: 'preview', preview: Preview } }} draft what a document is made of, and its first preview; `notes` are on the photo,
 *   `original` is there for a large photo too, at the size of the preview; `matte` is null where it was cut out already, so that the model did not run.
 *   `opened`: the photo where it is decoded already. `isEarly`: a preview of a coarser matte is wanted where the model has one sooner; `create` ms in which more of the model was brought up
 * @property {{ args: { source: Blob | ImageBitmap, size: { width: number, height: number }, box: Box },
 *   result: { seen: Box, matte: SmallMatte, notes: Note[], heap: number | null, ms: Pick<Timings, 'decode' | 'pre' | 'run'> },
 *   progress: { stage: 'decoding' | 'running' } }} look at a part of a photo that is worked on at that `size`; `matte` is of what was `seen`: the box,
 *   and what is around it
 * @property {{ args: { making: Making }, result: { made: Making, heap: number | null, ms: Pick<Timings, 'run' | 'encode'> },
 *   progress: Extract<import('./protocol-generate.js').MakingProgress, { stage: 'running' }> }} make a picture from words, as far as the parts that are up here bring it
 */
export {};
