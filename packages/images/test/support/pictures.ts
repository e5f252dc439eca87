import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { onTestFinished } from 'vitest'

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-images-'))
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

/** The code of the error that a promise ends with. */
export async function errorCode(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  throw new Error('nothing was thrown')
}
