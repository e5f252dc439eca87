import type { Calibration, Precision } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import type { LayerGraph } from '@mnas/core/graph'
import type { TfliteModel } from '../flatbuffer/model.js'
import { compensatedRounding, type KernelInputs } from '../quantization/compensated-rounding.js'
import { withDynamicRange } from '../quantization/dynamic-range.js'
import { type FileIo, integerModel } from '../quantization/integer-model.js'
import type { Means, Remedies, Roundings } from '../quantization/remedies.js'
import { withFloat16Weights, withIntegerWeights } from '../quantization/stored-weights.js'
import type { Ranges } from '../quantization/value-levels.js'
import { atWork } from './at-work.js'
import { type ChannelScales, channelScales, equalized } from './equalize.js'
import { type Histograms, valueHistograms } from './histogram.js'
import { kernelInputs, scaledInputs } from './kernel-inputs.js'
import { type RangeRule, rangeRules, ruleNames } from './range-rules.js'
import { compensated, corrected, type Recipe, unmended } from './recipe.js'
import { type Statistics, valueStatistics } from './value-statistics.js'

export interface Candidate {
  readonly recipe: Recipe
  model(): Promise<TfliteModel>
  /** Others like it, worth a try where it is the nearest. */
  readonly variants?: readonly Candidate[]
  /** int8: with one value in integers and everything else in float32. */
  readonly alone?: (value: string) => Promise<TfliteModel>
}

export interface CandidateRequest {
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
export async function candidatesFor(request: CandidateRequest): Promise<readonly [Candidate, ...Candidate[]]> {
  const { precision, calibration, layers, lower } = request
  switch (precision) {
    case 'float32':
      return [{ recipe: {}, model: async () => lower(layers) }]
    case 'float16':
      return [{ recipe: {}, model: async () => withFloat16Weights(lower(layers)) }]
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

/** Rounded weights need no images; with them, what the rounding does is taken back as far as it can be. */
async function weightCandidates(
  { calibration, layers, lower, inputs }: CandidateRequest,
  write: (model: TfliteModel, remedies: Remedies) => TfliteModel,
): Promise<readonly [Candidate, ...Candidate[]]> {
  const written = (recipe: Recipe, remedies: () => Promise<Remedies>): Candidate => ({
    recipe,
    async model() {
      const known = await remedies()
      return atWork(calibration ?? {}, () => write(lower(layers), known))
    },
  })
  const plain = written(unmended, async () => noRemedies)
  if (!calibration || calibration.synthetic) return [plain]
  const means = meansOf(await valueStatistics(calibration.observe(valueIds(layers, inputs)), calibration), new Map())
  return [
    written(corrected, async () => ({ means, roundings: null })),
    written(compensated, async () => {
      const seen = await kernelInputs(calibration, layers.layers)
      return { means, roundings: await atWork(calibration, () => roundingsOf(seen)) }
    }),
    plain,
  ]
}

const noRemedies: Remedies = { means: null, roundings: null }

/** Exponents of the scales that even channels out; a half does best on most networks. */
const exponents = [0.5, 1, 0] as const

/** In two passes over the images: what values there are, then how often each, as they are and equalised. */
async function integerCandidates(
  { layers, inputs, pixels, lower, io, outputs, densePerChannel }: CandidateRequest,
  calibration: Calibration,
): Promise<readonly [Candidate, ...Candidate[]]> {
  const ids = valueIds(layers, inputs)
  const statistics = await valueStatistics(calibration.observe(ids), calibration)
  const scalings = exponents.map((exponent): ChannelScales => {
    return exponent === 0 ? new Map() : channelScales(layers, inputs, statistics, exponent)
  })
  const histograms = await valueHistograms(calibration.observe(ids), statistics, scalings, calibration)
  const seen = once(() => kernelInputs(calibration, layers.layers))
  const candidates = scalings.flatMap((scales, index) => {
    const equalizedBy = scales.size > 0 ? exponents[index]! : 0
    const model = once(() => lower(scales.size > 0 ? equalized(layers, scales) : layers))
    const means = meansOf(statistics, scales)
    const roundings = once(async () => {
      const known = await seen()
      return atWork(calibration, () => roundingsOf(scaledByLayer(known, layers, scales)))
    })
    return ruleNames.map((rule): Candidate => {
      const ranges = new Map([...rangesBy(rule, histograms[index]!), ...(io === 'float' ? [] : pixels)])
      const mended = (remedy: Recipe, remedies: () => Promise<Remedies>): Candidate => {
        const written = async (only?: string) => {
          const options = { ranges, io, outputs, densePerChannel, ...(await remedies()), ...(only && { only }) }
          return atWork(calibration, () => integerModel(model(), options))
        }
        return { recipe: { ranges: rule, equalized: equalizedBy, ...remedy }, model: () => written(), alone: written }
      }
      return {
        ...mended(corrected, async () => ({ means, roundings: null })),
        variants: [
          mended(compensated, async () => ({ means, roundings: await roundings() })),
          mended(unmended, async () => noRemedies),
        ],
      }
    })
  })
  return candidates as readonly Candidate[] as [Candidate, ...Candidate[]]
}

const roundingsOf = (seen: ReadonlyMap<string, KernelInputs>): Roundings =>
  new Map([...seen].map(([layer, inputs]) => [layer, compensatedRounding(inputs)] as const))

/** Of the same layers, where channels of their inputs were divided by scales. */
function scaledByLayer(
  seen: ReadonlyMap<string, KernelInputs>,
  { layers }: LayerGraph,
  scales: ChannelScales,
): ReadonlyMap<string, KernelInputs> {
  const inputOf = new Map(layers.map(({ id, inputs }) => [id, inputs[0]!] as const))
  return new Map([...seen].map(([layer, inputs]) => [layer, scaledInputs(inputs, scales.get(inputOf.get(layer)!))] as const))
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
