import { type DeployAnswer, deployAnswer } from '@mnas/core/answers'
import { type Deployed, describeDeployed } from '@mnas/core/deployment'
import { hashJson } from '@mnas/core/files'
import { describe, expect, it } from 'vitest'

type DeployedFile = DeployAnswer['files'][number]

const file = (name: string, changes: Partial<DeployedFile> = {}): DeployedFile => ({
  ...{ file: `exports/${name}.tflite`, format: 'tflite', precision: 'int8', sizeBytes: 1_000_000, sha256: hashJson(name) },
  ...{ latencyMs: 12.5, spread: 0.01, stable: true, before: { celsius: 30 }, after: { celsius: 31 } },
  runtime: { name: 'benchmark_model', version: 'classic', sha256: hashJson('tool') },
  ...{ agreement: null, comparison: null, recipe: null, layers: null },
  ...changes,
})
const deployed = (...files: readonly DeployedFile[]): Deployed => ({
  report: {
    ...{ version: 1, device: 'android:one', emulated: false, parameters: 1, macs: 1e6, randomWeights: false },
    ...{ verifiedOn: 'nothing', images: 0, files },
  },
  verdicts: [],
  headline: { name: 'top1', label: 'top-1', percent: true },
  failure: null,
})
const hot: Partial<DeployedFile> = { stable: false, doubts: ['thermal'], numerics: { agrees: false, difference: 0.2 } }

describe('what deploy says of its files', () => {
  it('names heat and other answers behind the latency of one', () => {
    expect(describeDeployed(deployed(file('one', hot)))[2]).toBe(
      'latency    12.50 ms (spread 1.0 %; UNSTABLE: the device was hot, measure again; OTHER ANSWERS than here, by 20 % of their range) ' +
        'on android:one, benchmark_model classic',
    )
  })

  it('names them below the table of several, file by file', () => {
    const lines = describeDeployed(deployed(file('cool', { numerics: { agrees: true, difference: 1e-6 } }), file('warm', hot)))
    const at = lines.findIndex((line) => line.startsWith('latency'))
    expect(lines.slice(at + 1, at + 3)).toEqual([
      '           warm.tflite: UNSTABLE: the device was hot, measure again',
      '           warm.tflite: OTHER ANSWERS than here, by 20 % of their range',
    ])
    expect(lines.join('\n')).not.toContain('cool.tflite:')
  })

  it('gives doubts, answers and state to programs', () => {
    const { report } = deployed(file('one', hot))
    expect(deployAnswer.parse(report).files[0]).toMatchObject({ ...hot, before: { celsius: 30 }, after: { celsius: 31 } })
  })

  it('says what the operator behind the graph takes of a latency, or why it is not in it', () => {
    const time = {
      ...{ operator: 'post', latencyMs: 12.5, withoutMs: 12, costMs: 0.5, largestMs: 0.75, photos: 25 },
      ...{ timedOn: 'device' as const, reason: null },
    }
    const reason = 'the device takes no photos'
    const here = { ...time, latencyMs: null, timedOn: 'computer', reason } as const
    const lines = (postProcessing: DeployedFile['postProcessing']) =>
      describeDeployed(deployed(file('one', { postProcessing }))).filter((line) => line.startsWith('operator'))
    expect(lines(time)).toEqual([
      'operator   post takes 0.500 ms on the mean of 25 photos, 0.750 ms at most; 12.00 ms without it',
    ])
    expect(lines(here)).toEqual([
      `operator   post is not in it, because ${reason}; on this computer it takes 0.500 ms on the mean of 25 photos, 0.750 ms at most`,
    ])
    expect(describeDeployed(deployed(file('one', { postProcessing: time }), file('two')))).toContain(
      'operator   one.tflite: post takes 0.500 ms on the mean of 25 photos, 0.750 ms at most; 12.00 ms without it',
    )
  })
})
