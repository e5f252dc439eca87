import type { FileTensor } from '@mnas/core/contracts'
import { bytesOf, elementsOf, type TensorBytes } from './tensor-bytes.js'

/**
 * Inputs to time a model with, the same each time. Pixels and features get values all over their range, so that no shortcut for zeros or
 * denormals is measured. Whole numbers that stand for nothing else may be positions in a table: 0 is the one that every table has.
 *
 *   float32, float64  [−1, 1)            int8, uint8, bool  all values
 *   float16           ±[.5, 1)           int16              all values where it is quantised, else 0
 *                                        int32, int64       0
 */
export function drawnInputs(inputs: readonly FileTensor[]): TensorBytes {
  return Object.fromEntries(inputs.map((input) => [input.name, draw(input)]))
}

/** Low-discrepancy: multiples of the golden ratio, modulo 1. */
const fraction = (position: number) => (position * 0.618033988749895) % 1
const byte = (position: number) => Math.floor(256 * fraction(position))

function draw(input: FileTensor): Uint8Array {
  const bytes = new Uint8Array(bytesOf(input))
  const view = new DataView(bytes.buffer)
  const fill = (size: number, write: (at: number, position: number) => void) => {
    for (let position = 0; position < elementsOf(input); position++) write(size * position, position)
  }
  switch (input.dtype) {
    case 'float32':
      fill(4, (at, position) => view.setFloat32(at, 2 * fraction(position) - 1, true))
      break
    case 'float64':
      fill(8, (at, position) => view.setFloat64(at, 2 * fraction(position) - 1, true))
      break
    case 'float16':
      // Sign, the exponent of [.5, 1), ten bits of mantissa.
      fill(2, (at, position) => view.setUint16(at, ((position & 1) << 15) | 0x3800 | (byte(position) << 2), true))
      break
    case 'int8':
    case 'uint8':
      fill(1, (at, position) => view.setUint8(at, byte(position)))
      break
    case 'bool':
      fill(1, (at, position) => view.setUint8(at, byte(position) & 1))
      break
    case 'int16':
      if (input.affine) fill(2, (at, position) => view.setUint16(at, (byte(position) << 8) | byte(position + 1), true))
      break
    case 'int32':
    case 'int64':
      break
    default:
      input.dtype satisfies never
  }
  return bytes
}
