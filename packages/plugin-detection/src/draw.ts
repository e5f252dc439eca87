import { readFile } from 'node:fs/promises'
import type { JsonObject, Picture } from '@mnas/core/contracts'
import { drawOnPicture } from '@mnas/images/decoding'
import type { DetectionOutput } from './answers/output.js'

/** Of the lines, by label; told apart on any ground by a dark edge below them. */
const colours = ['#ffb000', '#4cc9f0', '#80ed99', '#ff6f91', '#c77dff', '#f4f1de'] as const
/** Of letters, as a share of the photo's longer side. */
const letterShare = 0.028
/** In pixels: smaller letters are not read. */
const leastLetter = 11

/** The photo as it is shown with its detections: boxes, labels and scores, in its pixels. @throws Error with the decoder's reason */
export async function draw(file: string, output: JsonObject): Promise<Picture> {
  const { detections } = output as DetectionOutput
  const bytes = await drawOnPicture(await readFile(file), ({ width, height }) => {
    const letter = Math.max(leastLetter, Math.max(width, height) * letterShare)
    return drawBoxes(detections, letter).join('\n')
  })
  return { type: 'png', bytes }
}

/** As elements of SVG, the best on top. @param letter size of the letters in pixels */
export function drawBoxes(detections: DetectionOutput['detections'], letter: number): readonly string[] {
  const labels = [...new Set(detections.map(({ label }) => label))].sort()
  return [...detections].reverse().map((detection) => {
    return drawBox(detection, colours[labels.indexOf(detection.label) % colours.length]!, letter)
  })
}

function drawBox({ label, score, box }: DetectionOutput['detections'][number], colour: string, letter: number): string {
  const place = (value: number) => value.toFixed(1)
  const rectangle = (stroke: string, share: number) =>
    `<rect x="${place(box.x)}" y="${place(box.y)}" width="${place(box.width)}" height="${place(box.height)}" fill="none" ` +
    `stroke="${stroke}" stroke-width="${(letter * share).toFixed(2)}"/>`
  const baseline = box.y > 1.2 * letter ? box.y - 0.25 * letter : box.y + letter
  const text =
    `<text x="${place(box.x)}" y="${place(baseline)}" font-family="sans-serif" font-size="${letter.toFixed(1)}" fill="${colour}" ` +
    `stroke="#000000" stroke-width="${(letter * 0.16).toFixed(2)}" paint-order="stroke">${escaped(label)} ${Math.round(100 * score)} %</text>`
  return `<g>${rectangle('#000000', 0.2)}${rectangle(colour, 0.1)}${text}</g>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => entities[sign]!)
