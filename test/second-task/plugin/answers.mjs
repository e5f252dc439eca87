// @ts-check
import { levelOf } from './metrics.mjs'

/** @typedef {import('@mnas/core/contracts').JsonObject} JsonObject */

/**
 * The mean colour, and where in the photo the brightest cell lies, in its pixels.
 * @param {import('@mnas/core/contracts').Tensors} outputs @param {import('@mnas/core/contracts').OutputContext} about
 * @returns {JsonObject}
 */
export function describeOutput(outputs, { frame }) {
  const [colour, colours] = [outputs['colour'], outputs['colours']]
  if (!colour || !colours) throw new Error('colours needs the outputs "colour" and "colours"')
  const [, rows = 1, columns = 1] = colours.shape
  const brightness = Array.from({ length: rows * columns }, (_, cell) =>
    [0, 1, 2].reduce((sum, channel) => sum + (colours.data[3 * cell + channel] ?? 0), 0),
  )
  const cell = brightness.indexOf(Math.max(...brightness))
  // Inputs are square; a photo's long side fills them, so the side is known from the frame.
  const side = Math.round(Math.max(frame.photo.width * frame.scale[0], frame.photo.height * frame.scale[1]))
  const [x, y] = [(((cell % columns) + 0.5) * side) / columns, ((Math.floor(cell / columns) + 0.5) * side) / rows]
  return {
    colour: [...colour.data].map((value) => Math.round(levelOf(value))),
    brightest: [(x - frame.offset[0]) / frame.scale[0], (y - frame.offset[1]) / frame.scale[1]],
    photo: [frame.photo.width, frame.photo.height],
  }
}

/** @param {JsonObject} output */
export const formatOutput = ({ colour }) => `rgb(${/** @type {number[]} */ (colour).join(', ')})`

/** @param {string} _file @param {JsonObject} output @returns {Promise<import('@mnas/core/contracts').Picture>} */
export async function draw(_file, output) {
  const [width, height] = /** @type {number[]} */ (output['photo'])
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}" fill="${formatOutput(output)}"/></svg>`
  return { type: 'svg', bytes: new TextEncoder().encode(svg) }
}
