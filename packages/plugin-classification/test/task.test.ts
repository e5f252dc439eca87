import { namedArchitecture, withTask } from '@mnas/core/architecture'
import { bindObjective, lower } from '@mnas/core/graph'
import { interpret } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import classification from '#internal/index.js'
import { pictures, temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'
import { open } from './support/image-folder.js'

describe('the task', () => {
  it('takes its options from the data and binds its objective to a model of that many classes', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, await pictures(['circle', 'square', 'star'], 3))
    const options = classification.optionsFor(await open(folder))
    expect(options).toEqual({ classes: 3, dropout: 0.2 })
    const model = lower(withTask(namedArchitecture('mnasnet-small'), 'classification', options), classification)
    const { loss } = classification.recipes.quick
    const combined = bindObjective(model, classification.objective(model, options, loss as Record<string, number>))
    expect(Object.keys(combined.inputs).sort()).toEqual(['image', 'labels', 'weight'])
    expect(combined.outputs).toHaveProperty('loss')
    expect(combined.nodes.find(({ id }) => id === combined.outputs['logits'])?.shape ?? [3]).toEqual([3])
  })

  it('deploys with probabilities, which describeOutput reads', () => {
    const model = lower(
      withTask(namedArchitecture('mnasnet-small'), 'classification', { classes: 4, dropout: 0 }),
      classification,
    )
    const deployed = classification.deployed(model, {}).graph
    expect(Object.keys(deployed.outputs)).toEqual(['probabilities'])
    const logits = { shape: [1, 4], data: Float64Array.from([0, 1, 2, 3]), batched: true }
    const softmax = deployed.nodes.at(-1)!
    const tail = {
      inputs: { logits: { shape: [4], dtype: 'float32', batched: true } },
      nodes: [{ ...softmax, inputs: ['logits'] }],
      outputs: deployed.outputs,
    } as const
    const { outputs } = interpret(tail, { inputs: { logits }, weights: {}, mode: 'inference' })
    const data = Float32Array.from(outputs['probabilities']!.data)
    const frame = { photo: { width: 1, height: 1 }, scale: [1, 1], offset: [0, 0] } as const
    const about = { labels: ['a', 'b', 'c', 'd'], frame, targets: {} }
    const described = classification.describeOutput({ probabilities: { dtype: 'float32', shape: [1, 4], data } }, about)
    expect(classification.formatOutput(described, 2)).toBe('d 64.4 %, c 23.7 %')
    expect((described['predictions'] as { label: string }[]).map(({ label }) => label)).toEqual(['d', 'c', 'b', 'a'])
  })

  it('names its primary metric among its metrics', () => {
    expect(classification.metrics({}, ['a', 'b'], {}).result()).toHaveProperty(classification.headlines[0].name)
  })
})
