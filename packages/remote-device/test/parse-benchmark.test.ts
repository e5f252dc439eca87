import { parseBenchmark, parseDelegates, parseProfile } from '@mnas/remote-device'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ignoresGuard } from '#internal/benchmark-model/parse-delegates.js'
import { timingArguments } from '#internal/benchmark-model/tool-arguments.js'
import { mutate, mutation } from './support/mutation.js'
import {
  classicNew,
  classicOld,
  classicSingle,
  classicSlow,
  compiledModel,
  compiledModelBlock,
  delegates,
  profile,
} from './support/transcripts.js'

describe('what benchmark_model says', () => {
  it('is read to the digit: TensorFlow Lite, new builds', () => {
    expect(parseBenchmark(classicNew, 50)).toEqual({
      dialect: 'classic',
      delegates: [],
      timing: {
        count: 152,
        medianMs: 6.596,
        meanMs: 6.61041,
        minMs: 6.339,
        maxMs: 7.065,
        stdMs: 0.128,
        initMs: 125.891,
        firstMs: 41.811,
        peakBytes: Math.round(42.1 * 2 ** 20),
      },
    })
  })

  it('old builds give no median', () => {
    expect(parseBenchmark(classicOld, 50)?.timing).toEqual({
      count: 50,
      medianMs: null,
      meanMs: 41.9623,
      minMs: 41.6,
      maxMs: 43.327,
      stdMs: 0.301,
      initMs: 5.41,
      firstMs: 46.39,
    })
  })

  it('exponents, and single runs', () => {
    expect(parseBenchmark(classicSlow, 3)?.timing).toMatchObject({
      count: 3,
      medianMs: 1234.567,
      meanMs: 1234.57,
      firstMs: 1300.125,
    })
    expect(parseBenchmark(classicSingle, 1)?.timing).toEqual({
      ...{ count: 1, medianMs: 8.112, meanMs: 8.112, minMs: 8.112, maxMs: 8.112, stdMs: 0 },
      ...{ initMs: 1.5, firstMs: 9.21 },
    })
  })

  it('LiteRT: the lines of statistics where they are, else the block', () => {
    const times = { initMs: 45.32, firstMs: 41.81 }
    expect(parseBenchmark(compiledModel, 50)).toMatchObject({
      dialect: 'compiled-model',
      timing: { count: 152, medianMs: 6.596, meanMs: 6.61041, ...times },
    })
    expect(parseBenchmark(compiledModelBlock, 50)).toEqual({
      dialect: 'compiled-model',
      delegates: [],
      timing: { count: 50, medianMs: null, meanMs: 6.61, minMs: 6.34, maxMs: 7.07, stdMs: 0.13, ...times },
    })
  })

  it.each([
    ['nothing', ''],
    ['the warm-up alone', classicNew.split('\n').slice(0, 7).join('\n')],
    ['no last line', classicNew.split('\n').slice(0, 9).join('\n')],
    ['a mean that the last line contradicts', classicNew.replace('Inference (avg): 6610.41', 'Inference (avg): 7610.41')],
    ['a median below the minimum', classicNew.replace('median=6596', 'median=659')],
    ['decimal commas', classicNew.replaceAll('.', ',')],
    ['thousands apart', classicNew.replaceAll(/(\d)(\d{3})\b/g, '$1.$2')],
    ['a line twice', classicNew.replace(/(INFO: count=152.*\n)/, '$1$1')],
    ['a warning within a line', classicNew.replace('curr=6530', 'curr=WARNING: throttled\n6530')],
    ['a block without its end', compiledModel.slice(0, compiledModel.indexOf('Inference (std)'))],
    ['fewer runs than were asked for', classicNew.replace('count=152', 'count=49')],
  ])('%s is no timing', (_, output) => {
    expect(parseBenchmark(output, 50)).toBeNull()
  })

  it('says how much a delegate took', () => {
    expect(parseDelegates(delegates.whole)).toEqual([{ name: 'GPU', extent: 'whole' }])
    expect(parseDelegates(delegates.partial)).toEqual([{ name: 'GPU', extent: 'partial' }])
    expect(parseDelegates(delegates.refused)).toEqual([{ name: 'XNNPACK', extent: 'none' }])
    expect(parseDelegates(delegates.missing)).toEqual([{ name: 'GPU', extent: 'none' }])
    expect(parseBenchmark(`${delegates.whole}\n${classicNew}`, 50)?.delegates).toEqual([{ name: 'GPU', extent: 'whole' }])
    expect(parseDelegates(classicNew)).toEqual([])
    expect(parseDelegates(delegates.nnapi)).toEqual([{ name: 'NNAPI', extent: 'partial' }])
    expect(parseDelegates(delegates.ignored)).toEqual([{ name: 'NPU', extent: 'none' }])
    expect([ignoresGuard(delegates.ignored), ignoresGuard(classicNew)]).toEqual([true, false])
  })

  it('is told to take all of the model or none, and no CPU by another name', () => {
    const run = { graph: 'm', threads: 1, runs: 1, maxSeconds: 1 } as const
    const nnapi = timingArguments({ ...run, dialect: 'classic', unit: 'nnapi' })
    const guarded = ['--use_nnapi=true', '--use_xnnpack=false', '--disable_nnapi_cpu=true', '--require_full_delegation=true']
    expect(nnapi).toEqual(expect.arrayContaining(guarded))
    const npu = timingArguments({ ...run, dialect: 'compiled-model', unit: 'npu' })
    expect(npu).toEqual(expect.arrayContaining(['--use_npu=true', '--use_cpu=false', '--require_full_delegation=true']))
  })

  it('its profile is a row for each operator, or for what a delegate runs at once', () => {
    expect(parseProfile(profile, 'gpu')).toEqual([
      { nodes: ['stem/relu'], op: 'CONV_2D', latencyMs: 1.2, calls: 1, unit: 'cpu' },
      { nodes: ['block1/dw', 'block1/relu'], op: 'DEPTHWISE_CONV_2D', latencyMs: 0.75, calls: 1, unit: 'cpu' },
      { nodes: ['probabilities'], op: 'TfLiteGpuDelegateV2', latencyMs: 1.05, calls: 2, unit: 'gpu' },
    ])
    expect(parseProfile(classicNew, 'cpu')).toEqual([])
  })
})

describe('a damaged transcript', () => {
  /** More of them: MNAS_TEST_TRANSCRIPTS=10000. */
  const numRuns = Number(process.env['MNAS_TEST_TRANSCRIPTS'] ?? 500)
  const whole = [classicNew, classicOld, classicSlow, classicSingle, compiledModel, compiledModelBlock]

  it('never gives a latency that is not in it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.array(mutation, { minLength: 1, maxLength: 6 }), (text, changes) => {
        const damaged = changes.reduce(mutate, text)
        const timing = parseBenchmark(damaged, 1)?.timing
        if (!timing) return true
        const numbers = [...damaged.matchAll(/(?<digits>\d+(?:\.\d+)?)(?:e\+(?<exponent>\d+))?/g)].map(({ groups }) => groups!)
        // Microseconds in the lines of statistics, milliseconds in LiteRT's block.
        const isThere = (ms: number) =>
          numbers.some(({ digits, exponent = 0 }) =>
            [0, -3].some((power) => Number(`${digits}e${Number(exponent) + power}`) === ms),
          )
        const { medianMs, meanMs, minMs, maxMs } = timing
        return (
          isThere(medianMs ?? meanMs) &&
          isThere(minMs) &&
          isThere(maxMs) &&
          minMs > 0 &&
          meanMs >= minMs * (1 - 1e-4) &&
          meanMs <= maxMs * (1 + 1e-4)
        )
      }),
      { numRuns },
    )
  })
})
