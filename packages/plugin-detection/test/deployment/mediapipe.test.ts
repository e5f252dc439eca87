import { join } from 'node:path'
import type { Tensors } from '@mnas/core/contracts'
import { writeModelFile } from '@mnas/core/deployment'
import { exportRequest, interpret } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployedSuppression, deploymentSchema } from '#internal/deployment/deployment-options.js'
import { postProcessing } from '#internal/deployment/post-processing.js'
import { detect } from '#internal/detections/detect.js'
import { type DetectedThing, detectThings, mediapipePython } from '../../../../test/support/python/mediapipe.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { smallDetector } from '../support/small-detector.js'

const mediapipe = mediapipePython()
if (mediapipe === null) console.warn('Skipped: MediaPipe’s ObjectDetector. Set MNAS_MEDIAPIPE_PYTHON (.ci/mediapipe makes it)')

const { size, labels, classes, graph, weights, anchors } = smallDetector
/** Under it drawn weights find things. */
const threshold = 0.2
const suppression = deployedSuppression(deploymentSchema.parse({ threshold, maxDetections: 20 }))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const inFolder = (name: string) => join(folder.path, name)

/** Coloured waves of the input's size, each picture its own. */
async function drawPicture(seed: number): Promise<string> {
  const pixels = Uint8Array.from({ length: 3 * size * size }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % size, Math.floor(i / (3 * size)), i % 3]
    return 127.5 * (1 + Math.sin((x * (seed + 1)) / 11 + channel) * Math.cos((y * (channel + seed + 2)) / 13))
  })
  const path = inFolder(`${seed}.png`)
  await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toFile(path)
  return path
}

/** The client brings each number of a box into the picture by itself: one that begins outside is as large as before, and elsewhere. */
const inside = (share: number) => Math.min(size, Math.max(0, size * share))

/** What the definition of the ops and the rules of `detect` find in a picture, as the client would tell it. */
async function expectedThings(path: string): Promise<readonly DetectedThing[]> {
  const pixels = await sharp(path).removeAlpha().raw().toBuffer()
  const image = { dtype: 'float32', shape: [1, size, size, 3], data: Float32Array.from(pixels, (v) => (v - 127.5) / 127.5) }
  const { outputs } = interpret(graph, { inputs: { image } as Tensors, weights, mode: 'inference' })
  const floats = (name: string) => Float32Array.from(outputs[name]!.data)
  const found = detect({ codes: floats('boxes'), scores: floats('scores'), anchors, classes }, suppression)
  return [...found.classes].map((own, row) => {
    const [top, left, bottom, right] = [...found.boxes.subarray(4 * row, 4 * row + 4)] as [number, number, number, number]
    return [labels[own]!, found.scores[row]!, inside(left), inside(top), inside(right - left), inside(bottom - top)]
  })
}

async function writtenFile(name: string, named: readonly string[] | null): Promise<string> {
  const request = exportRequest({ graph, weights, path: inFolder(name), labels: named })
  const behind = postProcessing({ anchors, classes }, suppression)
  const { path } = await writeModelFile(tfliteExporter, { ...request, options: {}, postProcessing: behind })
  return path
}

describe.skipIf(mediapipe === null)('MediaPipe’s ObjectDetector', () => {
  beforeAll(async () => {
    folder = await temporaryFolder('object-detector')
  })
  afterAll(() => folder.remove())

  it('opens the file, names every class, and finds what the rules find, each box to a pixel', async () => {
    const images = await Promise.all([1, 2].map(drawPicture))
    const file = await writtenFile('detector.tflite', labels)
    const told = await detectThings(mediapipe!, { file, threshold: 0, images })
    const seen = new Set<string>()
    let whole = 0
    for (const [image, path] of images.entries()) {
      const expected = await expectedThings(path)
      expect(expected.length).toBeGreaterThan(2)
      expect(told[image]!.map(([name]) => name).sort()).toEqual(expected.map(([name]) => name).sort())
      for (const [name, score, ...box] of expected) {
        seen.add(name)
        const same = told[image]!.filter(([other, likely]) => other === name && Math.abs(likely - score) < 1e-3)
        const apart = same.map(([, , ...sides]) => Math.max(...sides.map((side, i) => Math.abs(side - box[i]!))))
        expect(Math.min(...apart), `${name}, ${score}, at ${box.join(', ')}`).toBeLessThanOrEqual(1)
        if (box.every((side) => side > 0 && side < size)) whole++
      }
    }
    expect([...seen].sort()).toEqual([...labels].sort())
    expect(whole, 'boxes that lie inside').toBeGreaterThan(10)
  })

  it('opens a file whose classes nobody has named', async () => {
    const file = await writtenFile('nameless.tflite', null)
    const [told] = await detectThings(mediapipe!, { file, threshold: 0, images: [await drawPicture(1)] })
    expect(told!.length).toBeGreaterThan(2)
  })
})
