import type { Calibration, Precision } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import type { LayerGraph } from '@mnas/core/graph'
import type { TfliteModel } from '../flatbuffer/model.js'
import { withDynamicRange } from '../quantization/dynamic-range.js'
import { type FileIo, integerModel } from '../quantization/integer-model.js'
import type { Means } from '../quantization/means.js'
import { withFloat16Weights, withIntegerWeights } from '../quantization/stored-weights.js'
import type { Ranges } from '../quantization/value-levels.js'
import { type ChannelScales, channelScales, equalized } from './equalize.js'
import { type Histograms, valueHistograms } from './histogram.js'
import { type RangeRule, rangeRules, ruleNames } from './range-rules.js'
import { type Statistics, valueStatistics } from './value-statistics.js'

/** One way to bring a network to a precision, as a file's facts tell it. */
export interface Recipe {
  /** Absent where values stay in float32. */
  readonly ranges?: RangeRule
  /** How far channels were evened out: 0 not at all, 1 wholly. */
  readonly equalized?: number
  readonly biasCorrected?: boolean
}

export interface Candidate {
  readonly recipe: Recipe
  model(): TfliteModel
  /** Others like it, worth a try where it is the nearest. */
  readonly variants?: readonly Candidate[]
  /** int8: with one value in integers and everything else in float32. */
  readonly alone?: (value: string) => TfliteModel
}

export interface RecipeRequest {
  readonly precision: Precision
  readonly io: FileIo
  /** Of the outputs: of float where an operator reads them that takes nothing else. */
  readonly outputs: FileIo
  readonly densePerChannel: boolean
  /** Names of the graph's inputs. */
  readonly inputs: readonly string[]
  /** Of the inputs that hold pixels: what these can be, which a file that takes integers has to agree on with whoever feeds it. */
  readonly pixels: Ranges
  readonly layers: LayerGraph
  /** Writes layers as a float32 model. */
  readonly lower: (layers: LayerGraph) => TfliteModel
  readonly calibration: Calibration | undefined
}

/**
 * The ways to write a precision that are worth a try, the one that does best on most networks first. No single remedy wins on all: which does
 * depends on whether weights or values make most of the error.
 * @throws MNAS_EXPORT_CALIBRATION
 */
export async function candidatesFor(request: RecipeRequest): Promise<readonly [Candidate, ...Candidate[]]> {
  const { precision, calibration, layers, lower } = request
  switch (precision) {
    case 'float32':
      return [{ recipe: {}, model: () => lower(layers) }]
    case 'float16':
      return [{ recipe: {}, model: () => withFloat16Weights(lower(layers)) }]
    case 'weights':
      return weightCandidates(request, withIntegerWeights)
    case 'dynamic':
      return weightCandidates(request, withDynamicRange)
    case 'int8':
      if (!calibration) throw contractErrors.MNAS_EXPORT_CALIBRATION({ format: 'tflite', precision })
      return integerCandidates(request, calibration)
    default:
      return precision satisfies never
  }
}

/** Rounded weights need no images; with them, biases take off what the rounding adds on the mean. */
async function weightCandidates(
  { calibration, layers, lower, inputs }: RecipeRequest,
  write: (model: TfliteModel, means: Means | null) => TfliteModel,
): Promise<readonly [Candidate, ...Candidate[]]> {
  const plain: Candidate = { recipe: { biasCorrected: false }, model: () => write(lower(layers), null) }
  if (!calibration || calibration.synthetic) return [plain]
  const means = meansOf(await valueStatistics(calibration.observe(valueIds(layers, inputs))), new Map())
  return [{ recipe: { biasCorrected: true }, model: () => write(lower(layers), means) }, plain]
}

/** Exponents of the scales that even channels out; a half does best on most networks. */
const exponents = [0.5, 1, 0] as const

/** In two passes over the images: what values there are, then how often each, as they are and equalised. */
async function integerCandidates(
  { layers, inputs, pixels, lower, io, outputs, densePerChannel }: RecipeRequest,
  calibration: Calibration,
): Promise<readonly [Candidate, ...Candidate[]]> {
  const ids = valueIds(layers, inputs)
  const statistics = await valueStatistics(calibration.observe(ids))
  const scalings = exponents.map((exponent): ChannelScales => {
    return exponent === 0 ? new Map() : channelScales(layers, inputs, statistics, exponent)
  })
  const histograms = await valueHistograms(calibration.observe(ids), statistics, scalings)
  const candidates = scalings.flatMap((scales, index) => {
    const equalizedBy = scales.size > 0 ? exponents[index]! : 0
    const model = once(() => lower(scales.size > 0 ? equalized(layers, scales) : layers))
    const means = meansOf(statistics, scales)
    return ruleNames.map((rule): Candidate => {
      const ranges = new Map([...rangesBy(rule, histograms[index]!), ...(io === 'float' ? [] : pixels)])
      const corrected = (correction: Means | null): Candidate => {
        const parts = { ranges, means: correction, io, outputs, densePerChannel }
        return {
          recipe: { ranges: rule, equalized: equalizedBy, biasCorrected: correction !== null },
          model: () => integerModel(model(), parts),
          alone: (value) => integerModel(model(), { ...parts, only: value }),
        }
      }
      return { ...corrected(means), variants: [corrected(null)] }
    })
  })
  return candidates as readonly Candidate[] as [Candidate, ...Candidate[]]
}

/** What can be observed: every value that a layer computes with channels, and the inputs. */
function valueIds({ layers }: LayerGraph, inputs: readonly string[]): readonly string[] {
  const values = layers.filter(({ node }) => node.batched && node.dtype === 'float32' && node.shape.length > 0)
  return [...inputs, ...values.map(({ id }) => id)]
}

function meansOf(statistics: Statistics, scales: ChannelScales): Means {
  return new Map(
    [...statistics].map(([id, { mean }]) => {
      const scale = scales.get(id)
      return [id, scale ? mean.map((value, channel) => value / scale[channel]!) : mean] as const
    }),
  )
}

const rangesBy = (rule: RangeRule, histograms: Histograms): Ranges =>
  new Map([...histograms].map(([id, histogram]) => [id, rangeRules[rule](histogram)] as const))

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
