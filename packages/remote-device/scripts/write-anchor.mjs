/**
 * Writes src/device/anchor-model.ts: `node packages/remote-device/scripts/write-anchor.mjs`, after a build. The anchor is the same for ever:
 * latencies are compared with its own, an hour and a year ago.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GraphBuilder } from '@mnas/core/graph'
import { exportRequest } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'

const [size, channels, layers] = [64, 16, 6]
const builder = new GraphBuilder()
let last = builder.input('image', { shape: [size, size, channels], dtype: 'float32', batched: true })
const weights = {}
for (let layer = 0; layer < layers; layer++) {
  const id = `conv${layer}`
  const attributes = { kernel: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0], filters: channels, bias: false }
  last = builder.add('conv2d', { id, inputs: [last], attributes, origin: { block: 'stem', layer, role: 'anchor' } })
  last = builder.add('relu', {
    id: `relu${layer}`,
    inputs: [last],
    attributes: {},
    origin: { block: 'stem', layer, role: 'anchor' },
  })
  // A rotation of the channels: values stay what they are, whatever the depth.
  const data = Float32Array.from({ length: channels * channels }, (_, at) =>
    Number(at % channels === (Math.floor(at / channels) + 1) % channels),
  )
  weights[`${id}.kernel`] = { dtype: 'float32', shape: [channels, channels, 1, 1], data }
}
builder.output('values', last)

const folder = mkdtempSync(join(tmpdir(), 'mnas-anchor-'))
const path = join(folder, 'anchor.tflite')
await tfliteExporter.write(exportRequest({ name: 'anchor', graph: builder.build(), weights, path }))
const lines = readFileSync(path)
  .toString('base64')
  .match(/.{1,120}/g)
rmSync(folder, { recursive: true })
const text = `/**
 * A .tflite file, base64: ${layers} pointwise convolutions with ReLU on ${size} × ${size} × ${channels} values. scripts/write-anchor.mjs wrote it.
 * It stays as it is: latencies are compared with its own.
 */
export const anchorModel = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('')
`
writeFileSync(new URL('../src/device/anchor-model.ts', import.meta.url), text)
