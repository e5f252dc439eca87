import { readFile } from 'node:fs/promises'
import type { Size } from '@mnas/core/contracts'
import type { OverlayOptions } from 'sharp'
import { loadSharp } from '../decoding/sharp-decoder.js'
import { wholePicture } from '../decoding/whole-picture.js'
import { svgText } from './svg-text.js'

/** A box on a picture, in its pixels as it is shown, with a word at its corner. */
export interface Mark {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly text: string
  /** As CSS has it, `#ffb000`. */
  readonly colour: string
}

export interface Tile {
  /** Absolute path of a picture. */
  readonly file: string
  readonly caption: string
  readonly marks: readonly Mark[]
}

/** In pixels of the sheet: the side of the square that a picture is fitted into, the line below it, and what is between them. */
const [side, line, gap] = [320, 20, 8]
const columns = 4
const [letter, ground, ink] = [13, '#202124', '#e8eaed']

interface Drawn {
  readonly picture: OverlayOptions | null
  readonly svg: string
}

/**
 * Pictures side by side, upright, each with its marks: four in a row.
 * @returns PNG
 */
export async function contactSheet(tiles: readonly Tile[], signal: AbortSignal): Promise<Uint8Array> {
  const rows = Math.ceil(tiles.length / columns)
  const width = gap + Math.min(columns, Math.max(1, tiles.length)) * (side + gap)
  const height = gap + Math.max(1, rows) * (side + line + gap)
  const drawn: Drawn[] = []
  for (const [at, tile] of tiles.entries()) {
    signal.throwIfAborted()
    const [left, top] = [gap + (at % columns) * (side + gap), gap + Math.floor(at / columns) * (side + line + gap)]
    drawn.push(await drawTile(tile, left, top))
  }
  const overlay = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.map(({ svg }) => svg).join('')}</svg>`,
  )
  const sharp = await loadSharp()
  return sharp({ create: { width, height, channels: 3, background: ground } })
    .composite([...drawn.flatMap(({ picture }) => picture ?? []), { input: overlay, left: 0, top: 0 }])
    .png()
    .toBuffer()
}

/** A picture that cannot be read leaves its place empty, and its caption says why. */
async function drawTile({ file, caption, marks }: Tile, left: number, top: number): Promise<Drawn> {
  const place = (text: string) => textAt(left, top + side + line - 5, text, ink, side)
  try {
    const sharp = await loadSharp()
    const { width, height, pixels } = await wholePicture(await readFile(file))
    const scale = Math.min(side / width, side / height)
    const size = { width: atLeastOne(width * scale), height: atLeastOne(height * scale) }
    const input = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .resize({ ...size, fit: 'fill' })
      .png()
      .toBuffer()
    const at = { left: left + Math.floor((side - size.width) / 2), top: top + Math.floor((side - size.height) / 2) }
    const scales = { across: size.width / width, down: size.height / height }
    return {
      picture: { input, ...at },
      svg: marks.map((mark) => drawMark(mark, { ...at, ...scales, ...size })).join('') + place(caption),
    }
  } catch (error) {
    return { picture: null, svg: place(`${caption}: ${error instanceof Error ? error.message : String(error)}`) }
  }
}

interface Place extends Size {
  readonly left: number
  readonly top: number
  readonly across: number
  readonly down: number
}

function drawMark({ x, y, width, height, text, colour }: Mark, { left, top, across, down, ...size }: Place): string {
  const [from, to] = [left + x * across, top + y * down]
  const rectangle = (stroke: string, thickness: number) =>
    `<rect x="${from.toFixed(1)}" y="${to.toFixed(1)}" width="${(width * across).toFixed(1)}" height="${(height * down).toFixed(1)}" ` +
    `fill="none" stroke="${stroke}" stroke-width="${thickness}"/>`
  const baseline = to - top > letter + 2 ? to - 3 : to + letter
  const room = Math.max(4 * letter, left + size.width - from)
  return rectangle('#000000', 3.5) + rectangle(colour, 1.75) + textAt(from + 1, baseline, text, colour, room)
}

/** Cut where there is no more room: a letter is about .6 of its height wide. */
function textAt(x: number, y: number, text: string, colour: string, room: number): string {
  const most = Math.max(3, Math.floor(room / (0.6 * letter)))
  const letters = [...text]
  const shown = letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
  return (
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-family="sans-serif" font-size="${letter}" fill="${colour}" ` +
    `stroke="#000000" stroke-width="2.5" paint-order="stroke">${svgText(shown)}</text>`
  )
}

const atLeastOne = (value: number) => Math.max(1, Math.round(value))
