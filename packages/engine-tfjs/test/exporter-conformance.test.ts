import { fileFormatConformance } from '@mnas/core/testing'
import { tfjsExporter } from '@mnas/engine-tfjs'
import { describe, it } from 'vitest'
import { converterRuntime } from './support/converter-runtime.js'

/** Every op and whole networks, loaded by TensorFlow's own @tensorflow/tfjs-converter, against the reference interpreter. */
describe('the tfjs exporter', () => {
  for (const { name, run } of fileFormatConformance(tfjsExporter, converterRuntime, { tolerance: 1e-5 })) it(name, run)
})
