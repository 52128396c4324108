/**
 * What /catalog.json says of models and all else that is downloaded. Types only.
 *
 * @typedef {import('./protocol.js').Build} Build
 * @typedef {import('./protocol.js').CodecName} CodecName
 *
 * @typedef {object} Deliverable a file that the delivery worker fetches and checks
 * @property {string} name
 * @property {string} url relative to the site root
 * @property {number} bytes length of the file itself
 * @property {number} download bytes on the wire for this client
 * @property {string} sha256 of the whole file, hex
 * @property {string[]} segments SHA-256 of each segment, hex
 *
 * @typedef {'float32' | 'float16' | 'int32' | 'int64'} DType of a tensor's elements
 *
 * @typedef {object} TensorSpec what a graph takes or gives, as it says itself
 * @property {string} name
 * @property {DType} dtype
 * @property {(number | string)[]} shape a dimension that each run decides is its name
 *
 * @typedef {TensorSpec & PictureRules} ModelInput a picture, for matting
 * @typedef {object} PictureRules how pixels become the tensor
 * @property {[number, number, number, number]} shape N, C, H, W
 * @property {'NCHW'} layout
 * @property {'float32'} dtype
 * @property {'lanczos3'} resize
 * @property {number | 'max'} scale the divisor, or the image's own largest value
 * @property {[number, number, number]} mean per channel, after scaling
 * @property {[number, number, number]} std per channel
 *
 * @typedef {TensorSpec & MatteRules} ModelOutput a matte
 * @typedef {object} MatteRules how the tensor becomes a matte
 * @property {[number, number, number, number]} shape
 * @property {'float32'} dtype
 * @property {'logits' | 'probability'} range
 * @property {'none' | 'minmax'} normalise
 *
 * @typedef {object} Canary
 * @property {'blocks-v1'} recipe how its input is made; the task knows it
 * @property {number} seed
 * @property {number} grid samples per side
 * @property {number[]} samples what the graph is to make of it, row-major; of a matte 0..1
 * @property {{ mean: number, max: number }} tolerance on the absolute difference
 *
 * @typedef {object} Requirements
 * @property {number} memory_mib free memory that one run needs at its peak
 * @property {{ features: string[], limits: Record<string, number> }} [webgpu] what to ask of an adapter beyond the defaults
 *
 * @typedef {object} ModelPart a graph that a model runs, what it takes and what it gives
 * @property {string} model id of the model that is this graph alone
 * @property {string} [title] of that model, where it draws mattes
 * @property {string} role what the task uses it for
 * @property {(Deliverable & { role: string })[]} files
 * @property {Record<string, number>} dimensions values for the graph's symbolic dimensions, by their names; none for a fixed graph
 * @property {TensorSpec[]} inputs all of them, in the graph's order
 * @property {TensorSpec[]} outputs
 * @property {{ recipe: string, seed: number, tolerance: Canary['tolerance'] }} canary
 *
 * @typedef {ModelPart & { role: MatteRole, inputs: [ModelInput], outputs: [ModelOutput], canary: Canary }} MattingPart
 * @typedef {'detail' | 'presence'} MatteRole what a matte tells: outlines, or what is part of the subject at all
 *
 * @typedef {{ rule: 'presence', threshold: number }} Fusion of two mattes in 0..1, a detail and a presence: where they differ by
 *   more than `threshold`, the larger of the detail and the mean of both; elsewhere the detail
 *
 * @typedef {'matting' | 'segment' | 'generate'} TaskName a row of tasks/index.js each
 *
 * @typedef {TensorSpec & { use: string, picture?: Picture }} UsedTensor `use`: what the task takes it for
 * @typedef {object} Picture how pixels become the tensor: (value / scale - mean) / std, per channel
 * @property {'NCHW' | 'HWC'} layout
 * @property {number} scale
 * @property {[number, number, number]} mean
 * @property {[number, number, number]} std
 *
 * @typedef {object} PipelineCanary
 * @property {string} recipe how its inputs are made; the task knows it
 * @property {number} seed
 * @property {Record<string, number[]>} samples of each output, scattered over it (tasks/samples.js)
 * @property {{ mean: number, max: number }} tolerance on the absolute difference, as a part of the output's largest sample
 *
 * @typedef {Omit<ModelPart, 'inputs' | 'outputs' | 'canary'> & { inputs: UsedTensor[], outputs: UsedTensor[], canary: PipelineCanary, requirements: Requirements,
 *   heap_mib: number | null, gflop: number }} PipelinePart what it requires, and its work, are of this part alone; `heap_mib`: where processors compute it, null where nobody has counted
 *
 * @typedef {object} Pipeline a model of several graphs that does something else than matting, and is offered for that alone
 * @property {string} id
 * @property {string} title
 * @property {string} summary
 * @property {'instant' | 'fast' | 'best'} tier
 * @property {string} task a `TaskName`, or one that only a later version of this page knows
 * @property {string} licence SPDX
 * @property {number} bytes sum over the files
 * @property {(Deliverable & { role: string })[]} files those of all parts, and others that the task reads; a graph has its part's role
 * @property {PipelinePart[]} parts in the order they run
 * @property {Record<string, unknown>} rules what the task wants to know besides
 * @property {('webgpu' | 'wasm')[]} backends that run every part
 * @property {Requirements} requirements of the whole
 * @property {number} gflop of one run of each part
 *
 * @typedef {object} Model
 * @property {string} id
 * @property {string} title
 * @property {string} summary
 * @property {'instant' | 'fast' | 'best'} tier
 * @property {TaskName} task what it does
 * @property {string} licence SPDX
 * @property {number} bytes sum over the files
 * @property {(Deliverable & { role: string })[]} files those of all parts, each once
 * @property {MattingPart[]} parts in the order they run, the detail first
 * @property {Fusion | null} fusion null for a model of one part
 * @property {('webgpu' | 'wasm')[]} backends that run every part
 * @property {Requirements} requirements of the whole
 * @property {number} gflop floating-point operations of one run of all parts, in thousand millions
 * @property {number} gflop_int8 what of them is of parts whose costliest convolutions are computed in 8-bit whole numbers
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
 * @property {string | null} [recommended]  The id of the model that serves most people best; null where it is not installed.
 * @property {{ version: string, builds: Record<Build, RuntimeBuild> }} runtime
 * @property {Record<CodecName, Deliverable>} codecs
 * @property {Model[]} models that draw mattes
 * @property {Pipeline[]} pipelines
 */
export {};
