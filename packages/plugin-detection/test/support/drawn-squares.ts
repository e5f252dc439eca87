import { join } from 'node:path'
import sharp from 'sharp'
import type { AnnotatedData, AnnotatedExample } from '#internal/data/annotated-data.js'

export const squareLabels = ['red', 'blue']
const colours = ['#e01010', '#1010e0'] as const

/** A grey picture with one square, and another one in every second. */
async function drawSquares(folder: string, number: number): Promise<AnnotatedExample> {
  const [width, height] = [64 + ((number * 13) % 40), 48 + ((number * 7) % 50)]
  const places = number % 2 === 0 ? [0] : [0, 1]
  const boxes = places.map((place) => {
    const label = (number + place) % 2
    const side = 16 + ((number * 5) % 8)
    const box = { x: 2 + 30 * place + ((number * 3) % 8), y: 4 + ((number * 11) % 16), width: side, height: side }
    return { label, box, crowd: false, difficult: false, area: side * side, id: 10 * number + place }
  })
  const squares = boxes.map(({ label, box: { x: left, y: top, ...size } }) => ({
    input: { create: { ...size, channels: 3 as const, background: colours[label]! } },
    ...{ left, top },
  }))
  const file = join(folder, `${String(number).padStart(3, '0')}.jpg`)
  await sharp({ create: { width, height, channels: 3, background: { r: 120 + (number % 16), g: 128, b: 128 } } })
    .composite(squares)
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toFile(file)
  return { file, id: number + 1, size: { width, height }, boxes }
}

/** Pictures of squares: eight to learn from, two held out, three for validation. The first validation picture has two. */
export async function drawnSquares(folder: string): Promise<AnnotatedData> {
  const all = await Promise.all(Array.from({ length: 13 }, (_, number) => drawSquares(folder, number)))
  const splits = { validation: all.slice(1, 4), heldOut: all.slice(4, 6), train: [all[0]!, ...all.slice(6)], test: [] }
  const source = { format: 'coco', folder, takenFor: 'COCO: drawn', places: {}, warnings: [] } as const
  return { ...source, labels: squareLabels, labelIds: [1, 2], splits, skipped: [], skippedBoxes: [] }
}
