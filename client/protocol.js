/**
 * The types that cross realms. No code lives here.
 *
 * Page and worker exchange `Request` and `Reply`, discriminated by `type` and matched by `id`; what may be called on
 * which worker, with what and for what, is in `DeliveryCalls` and `InferenceCalls`.
 *
 * @typedef {'auto' | 'webgpu' | 'wasm'} Backend
 * @typedef {'wasm' | 'jspi' | 'asyncify'} Build of the runtime; the last two are for WebGPU
 *
 * @typedef {object} Deliverable a file that the delivery worker fetches and checks
 * @property {string} name
 * @property {string} url relative to the site root
 * @property {number} bytes length of the file itself
 * @property {number} download bytes on the wire for this client
 * @property {string} sha256 of the whole file, hex
 * @property {string[]} segments SHA-256 of each segment, hex
 *
 * @typedef {object} ModelInput
 * @property {string} name
 * @property {[number, number, number, number]} shape N, C, H, W
 * @property {'NCHW'} layout
 * @property {'float32'} dtype
 * @property {'lanczos3'} resize
 * @property {number | 'max'} scale the divisor, or the image's own largest value
 * @property {[number, number, number]} mean per channel, after scaling
 * @property {[number, number, number]} std per channel
 *
 * @typedef {object} ModelOutput
 * @property {string} name
 * @property {[number, number, number, number]} shape
 * @property {'float32'} dtype
 * @property {'logits' | 'probability'} range
 * @property {'none' | 'minmax'} normalise
 *
 * @typedef {object} Canary
 * @property {'blocks-v1'} recipe
 * @property {number} seed
 * @property {number} grid samples per side
 * @property {number[]} samples expected matte, row-major, 0..1
 * @property {{ mean: number, max: number }} tolerance on the absolute difference
 *
 * @typedef {object} Requirements
 * @property {number} memory_mib free memory that one run needs at its peak
 * @property {{ features: string[], limits: Record<string, number> }} [webgpu] what to ask of an adapter beyond the defaults
 *
 * @typedef {object} ModelPart a graph that a model runs, what it takes and what it gives
 * @property {string} model id of the model that is this graph alone
 * @property {'detail' | 'presence'} role what its matte tells: outlines, or what is part of the subject at all
 * @property {(Deliverable & { role: string })[]} files
 * @property {Record<string, number>} dimensions values for the graph's symbolic dimensions, by their names; none for a fixed graph
 * @property {ModelInput} input
 * @property {ModelOutput} output
 * @property {Canary} canary
 *
 * @typedef {{ rule: 'presence', threshold: number }} Fusion of two mattes in 0..1, a detail and a presence: where they differ by
 *   more than `threshold`, the larger of the detail and the mean of both; elsewhere the detail
 *
 * @typedef {object} Model
 * @property {string} id
 * @property {string} title
 * @property {string} summary
 * @property {'instant' | 'fast' | 'best'} tier
 * @property {string} licence SPDX
 * @property {number} bytes sum over the files
 * @property {(Deliverable & { role: string })[]} files those of all parts, each once
 * @property {ModelPart[]} parts in the order they run, the detail first
 * @property {Fusion | null} fusion null for a model of one part
 * @property {('webgpu' | 'wasm')[]} backends that run every part
 * @property {Requirements} requirements of the whole
 * @property {number} gflop floating-point operations of one run of all parts, in thousand millions
 *
 * @typedef {object} RuntimeBuild
 * @property {string} glue URL of the ES module that starts the binary, relative to the site root
 * @property {Deliverable} binary
 *
 * @typedef {object} Catalog
 * @property {string} version
 * @property {string} tree
 * @property {'br' | 'gzip' | 'identity'} encoding
 * @property {number} segment_bytes
 * @property {string} default
 * @property {{ version: string, builds: Record<Build, RuntimeBuild> }} runtime
 * @property {{ png: Deliverable } & Record<CodecName, Deliverable>} codecs
 * @property {Model[]} models
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
 * @typedef {object} Inspection of a file, before it is decoded
 * @property {string} type by its signature
 * @property {boolean} isDrawing vector graphics, which only the page can turn into pixels
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
 * @typedef {object} Report
 * @property {{ id: string, sha256: string }} model
 * @property {Backend} requested
 * @property {'webgpu' | 'wasm' | null} backend which one really ran
 * @property {string} reason why that one
 * @property {Attempt[]} attempts
 * @property {{ asked: number, got: number }} threads
 * @property {boolean} isolated
 * @property {boolean} secure
 * @property {{ expected: number, received: number, stored: number }} bytes of files: to fetch, fetched, read from the store
 * @property {{ version: string, build: Build, simd: true } | null} runtime every build needs SIMD
 * @property {Adapter | null} adapter that was found, with the limits that matter here
 * @property {Verdict | null} verdict on it for this model
 * @property {{ heap: number | null, device: number | null }} memory `heap` of WebAssembly in bytes, which never shrinks; `device` in GB as the browser tells
 * @property {StorageTrouble | null} storage why something is kept in memory only
 * @property {{ width: number, height: number } | null} size of the photo in pixels
 * @property {{ width: number, height: number } | null} result size of the finished file in pixels, which a crop makes another
 * @property {Applied} applied
 * @property {Timings} ms
 *
 * @typedef {'judge' | 'download' | 'create' | 'canary' | 'decode' | 'pre' | 'run' | 'post' | 'compose' | 'encode' | 'total'} Stage `post` makes
 *   the full-size matte, `compose` the foreground and what it stands on
 * @typedef {Record<Stage, number>} Timings
 *
 * @typedef {{ type: 'call', id: number, kind: string, args: unknown } | { type: 'abort', id: number }
 *   | { type: 'hold', lock: string }} Request `hold` asks the worker to hold a lock for as long as it lives
 * @typedef {{ type: 'progress', id: number, event: unknown } | { type: 'result', id: number, value: unknown }
 *   | { type: 'error', id: number, error: import('./errors.js').WireError } | { type: 'holding', lock: string }} Reply
 *
 * @typedef {object} Supply a checked file on its way to the inference worker
 * @property {Deliverable} file
 * @property {ArrayBuffer | null} buffer the bytes, or null when they are to be read from the store
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
 *   bytes over the network, repeated ones too; `buffer` is null when the file is in the store
 *
 * @typedef {object} DeliveryCalls
 * @property {{ args: { site: string }, result: Catalog, progress: never }} catalog
 * @property {{ args: { files: Deliverable[], segmentBytes: number }, result: { whole: boolean, have: number }[], progress: never }} held
 * @property {{ args: { site: string, file: Deliverable, segmentBytes: number, keep: boolean },
 *   result: Obtained, progress: { loaded: number } }} obtain `keep`: use the store
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
 *
 * @typedef {object} InferenceCalls
 * @property {{ args: { known: { key: string, gpu: Findings['gpu'], cpu: Findings['cpu'] } | null }, result: Findings, progress: never }} judge
 *   the device's GPU; `known` are the speeds measured on an earlier occasion
 * @property {{ args: { site: string, backend: 'webgpu' | 'wasm', build: Build, threads: number, glue: string, runtime: Supply, png: Supply,
 *     model: Model, files: Supply[] },
 *   result: { threads: number, heap: number | null, ms: { create: number, canary: number, first: number, run: number } },
 *   progress: { stage: 'starting' | 'creating' | 'canary' } }} prepare `files` are the model's, in the catalog's order.
 *   `first` and `run` are the first and the latest run of all its parts in ms, `heap` is in bytes.
 * @property {{ args: { blob: Blob, reduce: boolean }, result: Inspection, progress: never }} inspect a photo, before it is decoded
 * @property {{ args: { codec: CodecName | 'png', supply: Supply }, result: void, progress: never }} load a codec, once
 * @property {{ args: { source: Blob | ImageBitmap, output: OutputOptions, reduce: boolean },
 *   result: Finished & { matte: Blob, heap: number | null, ms: Pick<Timings, PhotoStage> },
 *   progress: { stage: 'decoding' | 'running' | 'encoding' } }} cutout
 * @property {{ args: { source: Blob | ImageBitmap, matte: Blob, output: OutputOptions }, result: Finished, progress: never }} finish
 *   a photo whose matte is known; needs no model
 */
export {};
