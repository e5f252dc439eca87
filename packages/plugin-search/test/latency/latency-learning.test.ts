import { architectureHash } from '@mnas/core/architecture'
import { lower } from '@mnas/core/graph'
import classification from '@mnas/plugin-classification'
import { searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import { genomeWork } from '#internal/facts/genome-work.js'
import { runEstimates } from '#internal/facts/run-estimates.js'
import { keyOf } from '#internal/genome-key.js'
import { fitLatency, type LatencySample, predictLatency } from '#internal/latency/fit-latency.js'
import { latencyAccuracy } from '#internal/latency/latency-accuracy.js'
import { featuresOf } from '#internal/latency/operator-latency-model.js'
import mnasnet from '#internal/space/mnasnet-space.js'
import { randomGenomes } from '#internal/space/random-genomes.js'
import { device, essence, goal, searchOf } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore, close } = temporaryRuns()

const space = mnasnet.create({
  width: 0.5,
  inputSize: 64,
  task: { name: 'classification', options: { classes: 4, dropout: 0.2 } },
})
const prices = [60e-9, 90e-9, 300e-9, 60e-9, 40e-9, 20e-9, 3e-3]
/** Of a made-up device whose times are no sum of what the model reads. */
const samplesOf = (count: number): readonly LatencySample[] =>
  randomGenomes(space, count, 4, 'learned').map((genome, index) => {
    const features = featuresOf(lower(space.decode(genome), classification))
    const latencyMs = features.reduce((sum, value, j) => sum + value * prices[j]!, 0) * (1 + 0.1 * Math.sin(7 * index))
    return { features, latencyMs }
  })

describe('leaving each network out', () => {
  it('says what a fit without it says', () => {
    const samples = samplesOf(14)
    const { leftOut } = fitLatency(samples)
    samples.forEach(({ features }, index) => {
      const others = samples.filter((_, other) => other !== index)
      // Columns are scaled by the mean of all, which moves the ridge a little.
      expect(leftOut[index]! / predictLatency(fitLatency(others), features)).toBeCloseTo(1, 1)
    })
  })

  it('makes the margin that nine of ten keep, and two percent', () => {
    const measuredMs = 1
    const comparisons = Array.from({ length: 19 }, (_, index) => ({ predictedMs: 1 / (1 - (index + 1) / 100), measuredMs }))
    const { networks, meanError, worstError, margin } = latencyAccuracy(comparisons)
    expect(networks).toBe(19)
    expect(margin).toBeCloseTo(0.18 + 0.02, 12)
    expect(worstError).toBeCloseTo(1 / 0.81 - 1, 12)
    expect(meanError).toBeLessThan(worstError)
    expect(latencyAccuracy(comparisons.slice(0, 3)).margin).toBe(0.6)
  })
})

describe('the latency model of a run', () => {
  it('learns from each full measurement, and the same in a run that was stopped', async () => {
    const narrow = { goal: { ...goal, width: 0.5, trials: 3 } }
    const straight = await openStore('straight')
    await searchLoop(searchOf(straight, narrow))
    const fits = straight.events().filter(({ kind }) => kind === 'latency-model')
    const fullOfTrials = straight
      .events()
      .filter((event) => event.kind === 'measured' && event.effort === 'full' && event.trial !== null)
    expect(fullOfTrials.length).toBeGreaterThan(0)
    expect(fits).toHaveLength(1 + fullOfTrials.length)
    expect(straight.latencyAccuracy()?.networks).toBe(9 + fullOfTrials.length)

    // Stopped in the middle of the second full measurement of a trial.
    let left = 9 + 1
    const { measure } = device()
    const stop = new AbortController()
    const stopping = async (...args: Parameters<typeof measure>) => {
      if (args[1] === 'full' && left-- === 0) stop.abort(new Error('stopped'))
      stop.signal.throwIfAborted()
      return measure(...args)
    }
    const halved = await openStore('halved')
    await expect(searchLoop(searchOf(halved, { ...narrow, measure: stopping, signal: stop.signal }))).rejects.toThrow('stopped')
    close(halved)
    const resumed = await openStore('halved')
    await searchLoop(searchOf(resumed, narrow))
    expect(essence(resumed)).toEqual(essence(straight))
    expect(resumed.latencyAccuracy()).toEqual(straight.latencyAccuracy())
  })

  it('counts a network of the calibration once, and never moves what was estimated at the start', async () => {
    const store = await openStore()
    const work = genomeWork(space, featuresOf, classification)
    const estimates = runEstimates(store, work, samplesOf(9), new Set([keyOf(space.smallest())]), null)
    const [genome, measured] = randomGenomes(space, 2, 1, 'estimated')
    const before = estimates.newest(genome!)
    expect(before).toEqual(estimates.atStart(genome!))
    const latency = { latencyMs: 3 * before.latency.latencyMs, source: 'measured', relativeError: 0 } as const
    const facts = { latency, costs: before.costs, sizeBytes: 1 }
    const trials = [space.smallest(), measured!].map((of) =>
      store.addTrial({ proposal: null, candidate: architectureHash(space.decode(of)), genome: of, facts }),
    )
    expect(trials).toHaveLength(2)
    estimates.forget()
    expect(estimates.accuracy().networks).toBe(10)
    expect(estimates.newest(genome!).latency.latencyMs).not.toBeCloseTo(before.latency.latencyMs, 3)
    expect(estimates.newest(genome!).costs).toEqual(before.costs)
    expect(estimates.atStart(genome!)).toEqual(before)
  })

  it('takes the reference network into the calibration where it sets the target', async () => {
    const store = await openStore()
    await searchLoop(searchOf(store, { goal: { ...goal, targetMs: null, width: 0.35, trials: 1 } }))
    const first = store.events().find((event) => event.kind === 'latency-model')
    expect(first).toMatchObject({ networks: 10, trial: null })
  })
})
