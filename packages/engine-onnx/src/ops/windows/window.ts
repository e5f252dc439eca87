import type { Window } from '@mnas/core/contracts'
import type { Window2d } from '../../onnx/emitter.js'

/** A Graph's window in ONNX's words: [top, bottom, left, right] becomes [top, left, bottom, right]. */
export function windowOf({ kernel, strides, padding: [top, bottom, left, right] }: Window): Window2d {
  return { kernel, strides, pads: [top, left, bottom, right] }
}
