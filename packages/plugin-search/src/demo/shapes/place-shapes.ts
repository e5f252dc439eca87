import { type Random, uniform, uniformUpTo } from '@mnas/images/random'

/** What the pictures for a detector show. */
export const shapeLabels = ['circle', 'square', 'triangle', 'star', 'cross'] as const

type Point = readonly [x: number, y: number]

/** A shape in a picture; all numbers are shares of its side. */
export interface PlacedShape {
  /** Index of its label. */
  readonly label: number
  readonly points: readonly Point[]
  readonly box: readonly [x: number, y: number, width: number, height: number]
}

/** Sides of a shape, evenly in the logarithm; how much of both together two boxes may share; attempts to find a place. */
const [smallest, largest, mostOverlap, tries] = [0.12, 0.45, 0.2, 20]

/** Corners of each shape around its middle, within a circle of radius 1 (the cross: of 1.05). */
const corners: readonly (readonly Point[])[] = [
  ring(40, 0, () => 1),
  ring(4, Math.PI / 4, () => 1),
  ring(3, 0, () => 1),
  ring(10, 0, (at) => (at % 2 === 0 ? 1 : 0.42)),
  cross([0.3, 1, 0.3, 0.3, 1, 0.3, 1, -0.3, 0.3, -0.3, 0.3, -1, -0.3, -1, -0.3, -0.3, -1, -0.3, -1, 0.3, -0.3, 0.3, -0.3, 1]),
]

function ring(count: number, start: number, radius: (at: number) => number): readonly Point[] {
  return Array.from({ length: count }, (_, at) => {
    const angle = start + (2 * Math.PI * at) / count
    return [radius(at) * Math.cos(angle), radius(at) * Math.sin(angle)]
  })
}

function cross(numbers: readonly number[]): readonly Point[] {
  return Array.from({ length: numbers.length / 2 }, (_, at) => [numbers[2 * at]! / 1.05, numbers[2 * at + 1]! / 1.05])
}

/**
 * One to six shapes, rotated; they may touch and hardly cover each other. One that finds no place is left out. The law is that of
 * ../shared/prototypes/detection/shapes.py; the numbers are drawn by another generator.
 */
export function placeShapes(random: Random): readonly PlacedShape[] {
  const placed: PlacedShape[] = []
  for (let left = 1 + uniformUpTo(random, 5); left > 0; left--) {
    for (let attempt = 0; attempt < tries; attempt++) {
      const shape = placeShape(random)
      if (placed.some(({ box }) => overlapOf(box, shape.box) >= mostOverlap)) continue
      placed.push(shape)
      break
    }
  }
  return placed
}

function placeShape(random: Random): PlacedShape {
  const label = uniformUpTo(random, shapeLabels.length - 1)
  const half = Math.exp(uniform(random, Math.log(smallest), Math.log(largest))) / 2
  const [cx, cy] = [uniform(random, half, 1 - half), uniform(random, half, 1 - half)]
  const angle = uniform(random, 0, 2 * Math.PI)
  const [cos, sin] = [half * Math.cos(angle), half * Math.sin(angle)]
  const points = corners[label]!.map(([x, y]): Point => [cx + x * cos - y * sin, cy + x * sin + y * cos])
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const [x, y] = [Math.max(0, Math.min(...xs)), Math.max(0, Math.min(...ys))]
  return { label, points, box: [x, y, Math.min(1, Math.max(...xs)) - x, Math.min(1, Math.max(...ys)) - y] }
}

function overlapOf([ax, ay, aw, ah]: PlacedShape['box'], [bx, by, bw, bh]: PlacedShape['box']): number {
  const width = Math.max(0, Math.min(ax + aw, bx + bw) - Math.max(ax, bx))
  const height = Math.max(0, Math.min(ay + ah, by + bh) - Math.max(ay, by))
  return (width * height) / (aw * ah + bw * bh - width * height)
}
