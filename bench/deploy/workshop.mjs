/** What bench/deploy does with one model: write its files, compare them with the engine, time them. */
import { setMaxListeners } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { defaultCacheFolder } from '@mnas/core/config'
import { loadModel, writeModelFile } from '@mnas/core/deployment'
import { createReporter } from '@mnas/core/events'
import engine from '@mnas/engine-onnx'
import classification from '@mnas/plugin-classification'
import detection from '@mnas/plugin-detection'
import { liteRt, liteRtJs, tfliteExporter } from '@mnas/tflite'
import { calibrationOf } from '../../packages/core/dist/deployment/calibration/calibration-of.js'
import { drawImages } from '../../packages/core/dist/deployment/calibration/draw-images.js'
import { forInputsOf } from '../../packages/core/dist/deployment/verification/find-inference.js'
import { withRealValues } from '../../packages/core/dist/deployment/verification/real-values.js'
import { verifyModel } from '../../packages/core/dist/deployment/verification/verify-model.js'
import { Table } from '../../packages/tflite/dist/flatbuffer/read-table.js'
import { slots } from '../../packages/tflite/dist/flatbuffer/schema.js'
import { fileLayers } from '../../packages/tflite/dist/lowering/lower-layers.js'

const known = { task: { classification, detection }, engine: { onnx: engine } }
const registry = { get: async (kind, name) => known[kind][name] }

export async function openWorkshop({ bundle, data, cacheFolder }) {
  const { signal } = new AbortController()
  // Each file that is compared runs in a process of its own, and listens.
  setMaxListeners(0, signal)
  const around = { cacheFolder, signal, warn: console.warn }
  const model = await loadModel(registry, { argument: bundle, randomWeights: false })
  const { preprocessing, task } = model
  const dataset = await task.open({ folder: data, cacheFolder, cacheLimitBytes: 2 ** 32, preprocessing, signal })
  const running = (runtime) => (file, inputs) => runtime.run(file, inputs, around)
  const inferring = (run) => forInputsOf(preprocessing, withRealValues(run))
  const infer = inferring(running(liteRt))
  const inputSize = model.architecture.input.size
  const whileWorking = (work) => work()
  return {
    model,
    dataset,
    /** @returns calibration images, and who they are */
    async draw({ images, seed }) {
      const drawn = await drawImages({ dataset, split: 'train', inputSize, targets: model.targets, images, seed, signal })
      const source = { model, engine, threads: 0, examples: drawn.examples, synthetic: false, infer, whileWorking }
      return { ...drawn, calibration: calibrationOf(source) }
    },
    /** @param postProcessing behind the graph; none: its outputs are the file's */
    write(precision, path, { calibration }, postProcessing) {
      const { name, graph, weights, labels } = model
      const request = { name, graph, weights, labels, preprocessing, path, precision, calibration }
      return writeModelFile(tfliteExporter, { ...request, ...(postProcessing && { postProcessing }) })
    },
    /** Files of others, as the runtime reads them. @param paths by kind */
    async foreign(paths) {
      const described = {}
      for (const [kind, path] of Object.entries(paths)) {
        const file = { format: 'tflite', path }
        described[kind] = { ...file, sizeBytes: statSync(path).size, preprocessing, ...(await liteRt.describe(file, around)) }
      }
      return described
    },
    /**
     * By kind what the files say of a split, without these pictures.
     * @param run of a runtime: a file and its inputs → the outputs of each, as the file stores them
     */
    async compare(files, split, except, { run = running(liteRt), postProcessing } = {}) {
      const on = { dataset, split, images: dataset.size(split), except, sameLabels: true }
      const request = { model, files: Object.values(files), engine, threads: 0, workers: 2, cacheFolder, on, signal }
      const infer = inferring(run)
      const { images, verdicts } = await verifyModel({ ...request, infer, postProcessing, reporter: createReporter('silent') })
      const told = ({ comparison: { distance, sameAnswers, quality }, metrics }) => {
        return { distance, sameAnswers, quality: quality.file, metrics }
      }
      return {
        images,
        quality: verdicts[0].comparison.quality.engine,
        files: Object.fromEntries(Object.keys(files).map((kind, index) => [kind, told(verdicts[index])])),
      }
    },
    /** A runtime as `compare` takes it, by name. */
    running: Object.fromEntries([liteRt, liteRtJs].map((runtime) => [runtime.name, running(runtime)])),
    operatorsOf(path) {
      const [subgraph] = Table.root(readFileSync(path)).tables(slots.model.subgraphs)
      return subgraph.tables(slots.subgraph.operators).length
    },
    /** Runtimes of ours by name: a file on examples → its probabilities. */
    runtimes: Object.fromEntries(
      [liteRt, liteRtJs].map((runtime) => [
        runtime.name,
        async (file, examples) => {
          const answers = []
          const given = (async function* () {
            for (const image of examples) yield { image }
          })()
          for await (const { probabilities } of runtime.run(file, given, around))
            answers.push(Float32Array.from(probabilities.data))
          return answers
        },
      ]),
    ),
    /** What the engine computes before the softmax, of each calibration image. */
    async logitsOf({ calibration }) {
      const { id } = model.graph.nodes.find(({ op }) => op === 'softmax')
      const [source] = model.graph.nodes.find((node) => node.id === id).inputs
      const logits = []
      for await (const {
        [source]: { shape, data },
      } of calibration.observe([source])) {
        const classes = shape.at(-1)
        for (let from = 0; from < data.length; from += classes) logits.push(data.slice(from, from + classes))
      }
      return logits
    },
    layers: () => fileLayers(model.graph, model.weights),
    close: () => dataset.close(),
  }
}

/** The first file is what the others are compared with. */
export async function timeInTurn(files, pairs) {
  const around = { cacheFolder: defaultCacheFolder(), signal: new AbortController().signal, warn: console.warn }
  const times = Object.fromEntries(Object.keys(files).map((kind) => [kind, []]))
  for (let pair = 0; pair < pairs; pair++)
    for (const [kind, file] of Object.entries(files))
      times[kind].push(median(await liteRt.timeMs(file, { threads: 1, runs: 50, flags: {} }, around)))
  const [base] = Object.values(times)
  return Object.fromEntries(
    Object.entries(times).map(([kind, own]) => [
      kind,
      { latencyMs: median(own), ratio: median(own.map((ms, pair) => ms / base[pair])) },
    ]),
  )
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2
}
