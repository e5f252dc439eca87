import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Fit, PostProcessing } from '@mnas/core/contracts'
import { writeModelFile } from '@mnas/core/deployment'
import { exportRequest, randomTensors } from '@mnas/core/testing'
import { tfjsExporter } from '@mnas/engine-tfjs'
import { frameOf, placingOf } from '@mnas/images/fitting'
import { describe, expect, it } from 'vitest'
import { deployedSuppression, deploymentSchema } from '#internal/deployment/deployment-options.js'
import { postProcessing } from '#internal/deployment/post-processing.js'
import { detect } from '#internal/detections/detect.js'
import { inPhoto } from '#internal/detections/photo-detections.js'
import type { RawDetections } from '#internal/detections/suppression.js'
import { execute, loadModel } from '../../../engine-tfjs/test/support/converter-runtime.js'
import { temporaryFolder } from '../../../images/test/support/pictures.js'
import { goldenCases, rawOf, suppressionOf } from '../support/golden-postprocess.js'
import { smallDetector } from '../support/small-detector.js'

const { graph, weights, labels, size, anchors, classes } = smallDetector
const photo = { width: 300, height: 200 }
const square = { width: size, height: size }

interface Found {
  readonly label: string
  readonly score: number
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}
type Program = (
  outputs: { readonly boxes: Float32Array; readonly scores: Float32Array },
  photo?: typeof square,
) => readonly Found[]

/** The folder that an app would be given, and its program as the app would load it. */
async function written(behind: PostProcessing, fit: Fit = { kind: 'stretch' }, named: readonly string[] | null = labels) {
  const request = exportRequest({ graph, weights, path: join(await temporaryFolder(), 'model'), labels: named })
  const preprocessing = { ...request.preprocessing, fit }
  const file = await writeModelFile(tfjsExporter, { ...request, options: {}, preprocessing, postProcessing: behind })
  const program: { readonly detect: Program } = await import(pathToFileURL(join(file.path, 'postprocess.js')).href)
  return { file, program: program.detect }
}

/** The same by our own rules. */
function expected(raw: RawDetections, suppression: Parameters<typeof detect>[1], of: typeof square, fit: Fit): readonly Found[] {
  return inPhoto(detect(raw, suppression), frameOf(of, placingOf(of, size, fit)), size).map(
    ({ label, score, box: [x, y, width, height] }) => ({
      label: String(label),
      score,
      box: {
        x: expect.closeTo(x, 6),
        y: expect.closeTo(y, 6),
        width: expect.closeTo(width, 6),
        height: expect.closeTo(height, 6),
      },
    }),
  )
}

describe.skipIf(goldenCases === null)('postprocess.js beside a model for browsers', () => {
  it.each(goldenCases ?? [])('finds what the operator finds: $name', async (golden) => {
    const [raw, suppression] = [rawOf(golden), suppressionOf(golden)]
    const { program } = await written(postProcessing(raw, suppression), { kind: 'stretch' }, null)
    const found = program({ boxes: raw.codes, scores: raw.scores })
    expect(found).toEqual(expected(raw, suppression, square, { kind: 'stretch' }))
  })
})

describe('a detector for browsers', () => {
  it.each<Fit>([{ kind: 'stretch' }, { kind: 'letterbox', fill: [0, 0, 0] }])(
    'finds the same in pixels of the photo, under $kind',
    async (fit) => {
      const suppression = deployedSuppression(deploymentSchema.parse({ threshold: 0.2, maxDetections: 20 }))
      const { file, program } = await written(postProcessing({ anchors, classes }, suppression), fit)
      expect(file.outputs.map(({ name }) => name)).toEqual(['boxes', 'scores'])
      const outputs = await execute(await loadModel(file.path), randomTensors(graph.inputs, { batch: 1, seed: 3 }))
      const floats = (name: string) => Float32Array.from(outputs[name]!.data)
      const raw = { codes: floats('boxes'), scores: floats('scores'), anchors, classes }
      const found = program({ boxes: raw.codes, scores: raw.scores }, photo)
      expect(found.length).toBeGreaterThan(2)
      const own = expected(raw, suppression, photo, fit)
      expect(found).toEqual(own.map((one) => ({ ...one, label: labels[Number(one.label)]! })))
    },
  )

  it('brings a program that needs nothing, and only where it is asked for', async () => {
    const { file } = await written(postProcessing({ anchors, classes }, deployedSuppression(deploymentSchema.parse({}))))
    const text = await readFile(join(file.path, 'postprocess.js'), 'utf8')
    expect(text).not.toMatch(/\bimport\b|\brequire\b|sourceMappingURL/)
    expect(text.match(/^export /gm)).toHaveLength(1)
    const request = exportRequest({ graph, weights, path: file.path, labels })
    await writeModelFile(tfjsExporter, { ...request, options: {} })
    await expect(readFile(join(file.path, 'postprocess.js'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
