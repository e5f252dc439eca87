import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** Pictures of two colours each, 40 px wide and of any height: flat folder, `picture-00.png` on. */
export async function colouredPictures(folder: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const [height, split] = [24 + ((index * 7) % 33), 4 + ((index * 13) % 30)]
    const colour = (turn: number) => ({ r: (index * 53 + turn) % 256, g: (index * 91 + 2 * turn) % 256, b: (index * 29) % 256 })
    const left = { create: { width: split, height, channels: 3 as const, background: colour(90) } }
    const bytes = await sharp({ create: { width: 40, height, channels: 3, background: colour(0) } })
      .composite([{ input: left, left: 0, top: 0 }])
      .png()
      .toBuffer()
    await writeFile(join(folder, `picture-${String(index).padStart(2, '0')}.png`), bytes)
  }
}

/** The first example of the validation split, by the plug-in's own rule. */
export function firstValidation(names: readonly string[]): string {
  const place = (name: string) => createHash('sha256').update(name).digest('hex')
  const apart = Math.max(2, Math.floor(names.length / 6))
  return [...names]
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
    .slice(0, apart)
    .sort()[0]!
}
