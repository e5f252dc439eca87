import type { Check } from '@mnas/core/contracts'
import { decodeFailure } from './decode-image.js'
import { sharpVersion, uprightPixels } from './sharp-decoder.js'

/** A PNG of 2 × 2 pixels, all of them 128, 64, 32. */
const brown = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQI12NocFAAIgYIBQAaDgOBV2dXXQAAAABJRU5ErkJggg==',
  'base64',
)

/** For `Task.check` of a task that reads images: loads the decoder and decodes one picture. */
export async function checkDecoders(): Promise<Check> {
  const name = 'image library'
  try {
    const { pixels } = await uprightPixels(brown)
    const [first] = pixels
    if (first !== 128) throw new Error(`a pixel came back as ${first}, expected 128`)
    return { name, status: 'ok', detail: await sharpVersion() }
  } catch (error) {
    return { name, status: 'failed', detail: decodeFailure(error), fix: 'reinstall with "npm ci" on this platform' }
  }
}
