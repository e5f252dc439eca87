/**
 * Pictures to try a detector on: circles, squares, triangles, stars and crosses on textured grounds, in COCO's format. One to six
 * a picture, their sides .12 to .45 of it (evenly in the logarithm), rotated; they may touch and hardly cover each other (overlap
 * under .2). The same as `mnas demo --detection` draws.
 *
 *   node bench/detection/shapes.mjs FOLDER [--train 400] [--val 100] [--size 160] [--seed 7]
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { placeShapes, shapeLabels, writeShapes as writeShapeSet } from '@mnas/plugin-search'

export { placeShapes, shapeLabels }

/** Writes FOLDER/train and FOLDER/val with their _annotations.coco.json. */
export const writeShapes = (folder, set = {}) => writeShapeSet(folder, { train: 400, val: 100, size: 160, seed: 7, ...set })

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const number = { type: 'string' }
  const { values, positionals } = parseArgs({
    options: { train: number, val: number, size: number, seed: number },
    allowPositionals: true,
  })
  if (positionals.length !== 1) throw new Error('Expected one folder to write to')
  await writeShapes(positionals[0], Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)])))
}
