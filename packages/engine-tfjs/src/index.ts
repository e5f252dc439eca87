export { tfjsEngine, tfjsEngine as default } from './engine.js'
export { default as tfjsExporter } from './export/exporter.js'
export { tfjsNodeVariable } from './tensorflow/load-tensorflow.js'
export { type Accelerator, accelerators } from './tensorflow/tensorflow.js'
