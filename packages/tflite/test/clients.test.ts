import type { ClientExample, DescribedFile, Preprocessing } from '@mnas/core/contracts'
import { tfliteExporter } from '@mnas/tflite'
import { describe, expect, it } from 'vitest'

const preprocessing: Preprocessing = {
  ...{ fit: { kind: 'crop', fraction: 0.875 }, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5], exif: 'applied' },
}
const image = { name: 'image', shape: [1, 96, 128, 3], dtype: 'float32', affine: null } as const
const output = { name: 'probabilities', shape: [1, 4], dtype: 'float32', affine: null } as const
const file: DescribedFile = {
  ...{ name: 'photos.tflite', format: 'tflite', precision: 'float32', labels: null, preprocessing },
  ...{ inputs: [image], outputs: [output], answers: null },
}
const clients = (changes: Partial<DescribedFile> = {}) => tfliteExporter.clients!({ ...file, ...changes })
const codeOf = (changes: Partial<DescribedFile> = {}) => clients(changes)[0]!.code

describe('the program that runs a file with LiteRT', () => {
  it('cuts, scales and normalises by itself', () => {
    const code = codeOf()
    expect(code).toContain('CompiledModel.create(context.assets, "photos.tflite", CompiledModel.Options(Accelerator.CPU))')
    expect(code).toContain('(minOf(photo.width, photo.height) * 0.875f).roundToInt()')
    expect(code).toContain('createScaledBitmap(square, 128, 96, true).getPixels(pixels, 0, 128, 0, 0, 128, 96)')
    expect(code).toContain('(level - 127.5f) / 127.5f')
    expect(code).toContain('inputs[0].writeFloat(values(photo))')
    expect(code).toContain('return outputs[0].readFloat()')
  })

  it('normalises by channel, and fits a photo in the other ways, where the file wants that', () => {
    const boxed: Preprocessing = { ...preprocessing, mean: [1, 2, 3], fit: { kind: 'letterbox', fill: [0, 8, 9] } }
    expect(codeOf({ preprocessing: boxed })).toContain('(level - floatArrayOf(1f, 2f, 3f)[i % 3]) / floatArrayOf(127.5f,')
    expect(codeOf({ preprocessing: boxed })).toContain('drawColor(Color.rgb(0, 8, 9))')
    expect(codeOf({ name: 'a"$b.tflite' })).toContain('create(context.assets, "a\\"\\$b.tflite",')
    expect(codeOf({ preprocessing: { ...preprocessing, fit: { kind: 'stretch' } } })).toContain('val square = photo')
  })

  it('hands over and reads whole numbers by their scales', () => {
    const affine = { scale: [0.0078125], zeroPoint: [-1], axis: null }
    const code = codeOf({ inputs: [{ ...image, dtype: 'int8', affine }], outputs: [{ ...output, dtype: 'uint8', affine }] })
    expect(code).toContain('((it / 0.0078125f).roundToInt() + -1).coerceIn(-128, 127).toByte()')
    expect(code).toContain('readInt8().map { ((it.toInt() and 0xFF) - -1) * 0.0078125f }')
  })

  it('reads all outputs of a file that has several', () => {
    const outputs = ['location', 'count'].map((name) => ({ ...output, name }))
    expect(codeOf({ outputs })).toContain('return listOf(outputs[0].readFloat(), outputs[1].readFloat())')
    expect(codeOf({ outputs })).toContain('/** `location`, `count` of a photo')
    expect(codeOf({ outputs })).toContain('fun run(photo: Bitmap): List<FloatArray> {')
    expect(codeOf()).toContain('fun run(photo: Bitmap): FloatArray {')
  })

  it('is not offered where it is not known what the file takes', () => {
    expect(clients({ preprocessing: null })).toEqual([])
    expect(clients({ inputs: [image, image] })).toEqual([])
    expect(clients({ inputs: [{ ...image, shape: [1, 4] }] })).toEqual([])
  })
})

describe('the programs that find things with MediaPipe', () => {
  const stretched: Preprocessing = { ...preprocessing, fit: { kind: 'stretch' } }
  const outputs = ['location', 'category', 'score', 'count'].map((name) => ({ ...output, name }))
  const detector: Partial<DescribedFile> = { answers: 'regions', outputs, preprocessing: stretched }
  const titles = (changes: Partial<DescribedFile> = {}) => clients({ ...detector, ...changes }).map(({ title }) => title)
  const all = ['MediaPipe, `ObjectDetector`, Android', 'MediaPipe, `ObjectDetector`, Python', 'LiteRT, `CompiledModel`']

  it('open the file by its name, and tell what is likely', () => {
    const [android, python] = clients({ ...detector, name: 'a"$b.tflite' }) as readonly [ClientExample, ClientExample]
    expect([android.language, python.language]).toEqual(['kotlin', 'python'])
    expect(android.code).toContain('setModelAssetPath("a\\"\\$b.tflite")')
    expect(android.code).toContain('.setScoreThreshold(0.3f).setMaxResults(20)')
    expect(python.code).toContain('model_asset_path="a\\"$b.tflite"), score_threshold=0.3, max_results=20')
  })

  it('are not offered for raw outputs, files that MediaPipe refuses, or photos that it cannot fit', () => {
    expect(titles()).toEqual(all)
    expect(titles({ outputs: outputs.slice(0, 2) })).toEqual(all.slice(2))
    expect(titles({ answers: null })).toEqual(all.slice(2))
    expect(titles({ inputs: [{ ...image, dtype: 'int8', affine: { scale: [1], zeroPoint: [0], axis: null } }] })).toEqual(
      all.slice(2),
    )
    expect(titles({ preprocessing: { ...stretched, fit: { kind: 'letterbox', fill: [0, 0, 0] } } })).toEqual(all.slice(2))
  })
})

describe('the program that classifies photos with MediaPipe', () => {
  const classifier = (changes: Partial<DescribedFile> = {}) => clients({ answers: 'classes', ...changes })
  const titles = (changes: Partial<DescribedFile>) => classifier(changes).map(({ title }) => title)
  const both = ['MediaPipe, `ImageClassifier`', 'LiteRT, `CompiledModel`']

  it('looks at the square that the model was judged by', () => {
    const [{ title, language, code }] = classifier() as readonly [ClientExample, ClientExample]
    expect([title, language]).toEqual(['MediaPipe, `ImageClassifier`', 'kotlin'])
    expect(code).toContain('setModelAssetPath("photos.tflite")')
    expect(code).toContain('val side = minOf(photo.width, photo.height) * 0.875f')
    expect(code).toContain('setRegionOfInterest(RectF(0.5f - x, 0.5f - y, 0.5f + x, 0.5f + y))')
  })

  it('looks at the whole photo where the model does', () => {
    const [{ code }] = classifier({ preprocessing: { ...preprocessing, fit: { kind: 'stretch' } } }) as readonly [ClientExample]
    expect(code).not.toContain('setRegionOfInterest')
  })

  it('is not offered for answers of another kind, files that MediaPipe refuses, or photos that it cannot fit', () => {
    const affine = { scale: [0.0078125], zeroPoint: [-1], axis: null }
    expect(titles({})).toEqual(both)
    expect(titles({ inputs: [{ ...image, dtype: 'uint8', affine }] })).toEqual(both)
    expect(titles({ inputs: [{ ...image, dtype: 'int8', affine }] })).toEqual(both.slice(1))
    expect(titles({ answers: null })).toEqual(both.slice(1))
    expect(titles({ preprocessing: { ...preprocessing, fit: { kind: 'letterbox', fill: [0, 0, 0] } } })).toEqual(both.slice(1))
  })
})
