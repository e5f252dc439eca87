import { rowOf } from '@mnas/core/algebra'
import type { Calibration, Tensors, Window } from '@mnas/core/contracts'
import { isLayerOf, type Layer } from '@mnas/core/graph'
import type { KernelInputs } from '../quantization/compensated-rounding.js'
import { atWork } from './at-work.js'
import { Covariance } from './covariance.js'
import { placesOf, readWindow } from './windows.js'

/** With more inputs an output's weights are left alone: their covariance takes memory by the square, its factor time by the cube. */
const mostInputs = 2048
/** Places that are looked at, for each input of an output: as many again and again would say the same. */
const placesPerInput = 6
const leastPlacesOfAnImage = 8

/**
 * What the weights of each layer are multiplied by on the images of a calibration, by the layer's id. Of a layer whose inputs are more than the windows
 * that were seen nothing is said: in most directions such few say nothing of other images.
 */
export async function kernelInputs(
  calibration: Calibration,
  layers: readonly Layer[],
): Promise<ReadonlyMap<string, KernelInputs>> {
  const watched = layers.flatMap((layer) => watch(layer, calibration.images) ?? [])
  const inputs = [...new Set(watched.map(({ input }) => input))]
  const add = (values: Tensors) => {
    for (const one of watched) one.add(values)
  }
  for await (const values of calibration.observe(inputs)) await atWork(calibration, () => add(values))
  return new Map(watched.flatMap((one) => (one.isKnown ? [[one.id, one.result()] as const] : [])))
}

/** The covariance as it is where channels of the input were divided by scales. A depthwise channel's is another by one factor, which says nothing. */
export function scaledInputs({ inputs, covariances }: KernelInputs, scales: Float64Array | undefined): KernelInputs {
  const [first, ...others] = covariances
  if (!scales || !first || others.length > 0) return { inputs, covariances }
  const scaled = new Float64Array(first.length)
  const scaleOf = (input: number) => scales[input % scales.length]!
  for (let i = 0; i < inputs; i++)
    for (let j = 0; j <= i; j++) scaled[rowOf(i) + j] = first[rowOf(i) + j]! / (scaleOf(i) * scaleOf(j))
  return { inputs, covariances: [scaled] }
}

function watch(layer: Layer, images: number): WatchedLayer | null {
  if (!isLayerOf(layer, 'conv2d', 'depthwiseConv2d', 'dense')) return null
  const outputs = layer.node.shape.at(-1)!
  const inputs = layer.parameters['kernel']!.length / outputs
  if (inputs > mostInputs) return null
  const window = isLayerOf(layer, 'dense') ? everyPlace : layer.node.attributes
  const groups = isLayerOf(layer, 'depthwiseConv2d') ? outputs : 1
  return new WatchedLayer(layer, { window, groups, inputs, images })
}

const everyPlace: Window = { kernel: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0] }

interface Watched {
  readonly window: Window
  /** Outputs that have inputs of their own; 1: all have the same. */
  readonly groups: number
  /** Of one output. */
  readonly inputs: number
  readonly images: number
}

/** The windows of one layer, over the images. */
class WatchedLayer {
  readonly id: string
  readonly input: string
  readonly #watched: Watched
  readonly #outputs: readonly [height: number, width: number]
  readonly #places: number
  readonly #covariances: readonly Covariance[]
  #images = 0

  constructor({ id, inputs: [input], node }: Layer, watched: Watched) {
    const { groups, inputs, images } = watched
    this.id = id
    this.input = input!
    this.#watched = watched
    this.#outputs = mapSize(node.shape)
    this.#places = Math.max(leastPlacesOfAnImage, Math.ceil((placesPerInput * inputs) / images))
    this.#covariances = Array.from({ length: groups }, () => new Covariance(inputs))
  }

  /** Whether as many windows were seen as there are inputs. */
  get isKnown(): boolean {
    return this.#covariances[0]!.rows >= this.#watched.inputs
  }

  /** Of some images. */
  add(values: Tensors): void {
    const value = values[this.input]
    if (!value) return
    const [images, ...shape] = value.shape as readonly [number, ...number[]]
    const perImage = value.data.length / images
    for (let from = 0; from < value.data.length; from += perImage)
      this.#addImage(value.data.subarray(from, from + perImage), shape)
  }

  result(): KernelInputs {
    return { inputs: this.#watched.inputs, covariances: this.#covariances.map((one) => one.result()) }
  }

  #addImage(data: ArrayLike<number>, shape: readonly number[]): void {
    const { window } = this.#watched
    const [height, width] = mapSize(shape)
    const map = { data, height, width, channels: shape.at(-1)! }
    const [rows, columns] = this.#outputs
    const seen = new Float64Array(window.kernel[0] * window.kernel[1] * map.channels)
    for (const place of placesOf(rows * columns, this.#places, this.#images)) {
      readWindow(map, window, [Math.floor(place / columns), place % columns], seen)
      this.#addWindow(seen)
    }
    this.#images++
  }

  #addWindow(seen: Float64Array): void {
    const { groups, inputs } = this.#watched
    if (groups === 1) {
      this.#covariances[0]!.add(seen)
      return
    }
    const own = new Float64Array(inputs)
    for (const [group, covariance] of this.#covariances.entries()) {
      for (let i = 0; i < inputs; i++) own[i] = seen[i * groups + group]!
      covariance.add(own)
    }
  }
}

/** Height and width of a value; what is no map counts as rows, one below the other. @param shape of one image, the channel last */
function mapSize(shape: readonly number[]): readonly [height: number, width: number] {
  if (shape.length === 3) return [shape[0]!, shape[1]!]
  return [shape.slice(0, -1).reduce((product, length) => product * length, 1), 1]
}
