import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Batch, BatchPlan, Dataset, OpenOptions } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import sharp from 'sharp'
import { onTestFinished } from 'vitest'
import type { ImageFolderDataset } from '../../dist/batches/image-folder-dataset.js'
import { openImageFolder } from '../../dist/open-image-folder.js'

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-classification-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files by relative path. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

export type Format = 'jpeg' | 'png' | 'webp'

/** A picture that no other number gives: noise over a colour, so that the bytes of two pictures differ everywhere. */
export async function picture(number: number, format: Format = 'jpeg', width = 48, height = 40): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3)
  for (let i = 0; i < pixels.length; i++) pixels[i] = (Math.imul(i + 1, 2654435761 + 2 * number) >>> 24) ^ (number * 37)
  const image = sharp(pixels, { raw: { width, height, channels: 3 } })
  return format === 'webp' ? image.webp({ lossless: true }).toBuffer() : image.toFormat(format, { quality: 95 }).toBuffer()
}

/** `count` pictures of varying size and format per class. */
export async function pictures(labels: readonly string[], count: number, prefix = ''): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {}
  for (const [index, label] of labels.entries()) {
    for (let number = 0; number < count; number++) {
      const format = (['jpeg', 'png', 'webp'] as const)[number % 3]!
      const name = `${prefix}${label}/${String(number).padStart(3, '0')}.${format}`
      files[name] = await picture(100 * index + number, format, 40 + ((number * 7) % 30), 36 + ((number * 11) % 40))
    }
  }
  return files
}

export async function open(folder: string, options: Partial<OpenOptions> = {}): Promise<ImageFolderDataset> {
  const cacheFolder = options.cacheFolder ?? (await temporaryFolder())
  const dataset = await openImageFolder({ cacheLimitBytes: 1e9, ...options, folder, cacheFolder })
  onTestFinished(() => dataset.close())
  return dataset
}

export const trainingPlan: BatchPlan = {
  split: 'train',
  batchSize: 4,
  inputSize: 24,
  seed: 7,
  augmentation: { crop: { area: [0.35, 1], aspect: [0.75, 1.33] }, flip: true },
  training: true,
  targets: {},
  decoding: 'fast',
}
export const evaluationPlan: BatchPlan = { ...trainingPlan, split: 'heldOut', augmentation: {}, training: false }

export const never = new AbortController().signal

/** The first `count` batches from a position on, or all of an evaluation. */
export async function take(
  dataset: Dataset,
  plan: BatchPlan,
  count = Number.POSITIVE_INFINITY,
  from = { epoch: 0, index: 0 },
  workers = 0,
): Promise<readonly Batch[]> {
  const taken: Batch[] = []
  for await (const batch of dataset.batches(plan, from, workers, never)) {
    taken.push(batch)
    if (taken.length === count) break
  }
  return taken
}

/** One line per batch that changes with any of its bits. */
export function digest({ position, examples, inputs }: Batch): string {
  const tensors = Object.entries(inputs).map(([name, { shape, data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return `${name}[${shape.join()}]:${hashBytes(bytes)}`
  })
  return JSON.stringify([position, examples, tensors])
}

/** The code of the error that a promise ends with. */
export async function errorCode(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  throw new Error('nothing was thrown')
}
