import type { ClientExample, PhotoFile, Preprocessing } from '@mnas/core/contracts'
import { describe, expect, it } from 'vitest'
import classification from '#internal/index.js'

const preprocessing: Preprocessing = {
  ...{ fit: { kind: 'crop', fraction: 0.9 }, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5], exif: 'applied' },
}
const file: PhotoFile = { name: 'photos-96px.tflite', format: 'tflite', dtype: 'float32', preprocessing }
const clients = (changes: Partial<PhotoFile> = {}) => classification.clients!({ ...file, ...changes })

describe('the program that classifies photos with a file', () => {
  it('looks at the square that the model was judged by', () => {
    const [{ title, language, code }] = clients() as readonly [ClientExample]
    expect([title, language]).toEqual(['MediaPipe, `ImageClassifier`', 'kotlin'])
    expect(code).toContain('setModelAssetPath("photos-96px.tflite")')
    expect(code).toContain('val side = minOf(photo.width, photo.height) * 0.9f')
    expect(code).toContain('setRegionOfInterest(RectF(0.5f - x, 0.5f - y, 0.5f + x, 0.5f + y))')
  })

  it('looks at the whole photo where the model does', () => {
    const [{ code }] = clients({ preprocessing: { ...preprocessing, fit: { kind: 'stretch' } } }) as readonly [ClientExample]
    expect(code).not.toContain('setRegionOfInterest')
  })

  it('is not offered for files that MediaPipe refuses, or photos that it cannot fit', () => {
    expect(clients({ dtype: 'uint8' })).toHaveLength(1)
    expect(clients({ dtype: 'int8' })).toEqual([])
    expect(clients({ format: 'tfjs' })).toEqual([])
    expect(clients({ preprocessing: { ...preprocessing, fit: { kind: 'letterbox', fill: [0, 0, 0] } } })).toEqual([])
  })
})
