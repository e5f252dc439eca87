/** What others make of the same weights: each in a Python process of its own. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** The official converter, from the layers replayed in TensorFlow. @returns paths by kind */
export function officialFiles({ python, folder, layers, draw, place }) {
  const kinds = ['float32', 'float16', 'dynamic', 'int8']
  const out = Object.fromEntries(kinds.map((kind) => [kind, place(`official-${kind}`)]))
  const job = { ...writeNetwork(folder, layers), ...writeImages(folder, draw), out }
  execFileSync(python, [here('official.py'), JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'pipe'] })
  return Object.fromEntries(kinds.map((kind) => [`official ${kind}`, out[kind]]))
}

/** Google's quantizer, from our float32 file. */
export function quantizerFiles({ python, folder, float32, draw, place }) {
  const kinds = ['weights', 'dynamic', 'int8']
  const out = Object.fromEntries(kinds.map((kind) => [kind, place(`quantizer-${kind}`)]))
  const job = { source: float32.path, ...writeImages(folder, draw), out }
  execFileSync(python, [here('quantizer.py'), JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'pipe'] })
  return Object.fromEntries(kinds.map((kind) => [`quantizer ${kind}`, out[kind]]))
}

/** Calibration images, one behind the other. */
function writeImages(folder, { examples }) {
  const images = join(folder, 'calibration.f32')
  writeFileSync(images, Buffer.concat(examples.map(({ inputs }) => bytes(inputs.image.data))))
  return { images, shape: [examples.length, ...examples[0].inputs.image.shape.slice(1)] }
}

/** Layers as JSON, and their parameters behind each other in one file of float32. */
function writeNetwork(folder, { layers, outputs }) {
  let position = 0
  const parts = []
  const place = (data) => {
    const from = position
    position += data.length
    parts.push(bytes(Float32Array.from(data)))
    return { from, length: data.length }
  }
  const described = layers.map(({ id, node, inputs, parameters, activation }) => ({
    ...{ id, op: node.op, attributes: node.attributes, shape: node.shape, inputs, activation },
    parameters: Object.fromEntries(Object.entries(parameters).map(([role, data]) => [role, place(data)])),
  }))
  const weights = join(folder, 'network.f32')
  writeFileSync(weights, Buffer.concat(parts))
  const network = join(folder, 'network.json')
  writeFileSync(network, JSON.stringify({ layers: described, outputs }))
  return { network, weights }
}

const bytes = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)
