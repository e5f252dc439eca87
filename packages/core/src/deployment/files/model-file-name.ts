import type { Precision } from '../../contracts/index.js'

/** What stands behind the size: nothing for the usual precision. */
const suffixes: { readonly [K in Precision]: string } = {
  float32: '',
  float16: '-f16',
  weights: '-w8',
  dynamic: '-dynamic',
  int8: '-int8',
}

/** `photos-224px.tflite`, `photos-224px-int8.tflite`: the files of one model stand side by side, each precision under a name of its own. */
export function modelFileName(file: {
  readonly name: string
  /** Side of the input in pixels. */
  readonly inputSize: number
  readonly precision: Precision
  readonly format: string
}): string {
  return `${file.name}-${file.inputSize}px${suffixes[file.precision]}.${file.format}`
}
