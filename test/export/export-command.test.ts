import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadBundleWeights, readBundle } from '@mnas/core/bundle'
import { fileFactsSchema } from '@mnas/core/deployment'
import { lower } from '@mnas/core/graph'
import { interpret, randomTensors } from '@mnas/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execute, loadModel } from '../../packages/engine-tfjs/test/support/converter-runtime.js'
import { writeRandomBundle } from '../device/random-bundle.js'
import { workspaceRegistry } from '../device/workspace-registry.js'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let bundle: string
beforeAll(async () => {
  folder = await temporaryFolder('export')
  bundle = join(folder.path, 'tiny-random')
  await writeRandomBundle(bundle, workspaceRegistry())
})
afterAll(() => folder.remove())

const run = (...args: readonly string[]) => mnas(['export', ...args], { cwd: folder.path })

describe('mnas export', () => {
  it("writes a TensorFlow.js model with the task's softmax into the bundle's exports/", async () => {
    const { stdout, stderr, exitCode, json } = await run(bundle, '--format', 'tfjs', '--json')
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const answer = json()
    const file = join(bundle, 'exports', 'tiny-random-32px.tfjs')
    expect(answer).toMatchObject({ version: 1, file, format: 'tfjs', precision: 'float32', inputSize: 32, randomWeights: false })
    expect((await readdir(file)).sort()).toEqual(['group1-shard1of1.bin', 'model.json'])
    const { signature } = JSON.parse(await readFile(join(file, 'model.json'), 'utf8'))
    expect(Object.keys(signature.outputs)).toEqual(['probabilities'])
    expect(stdout.trim().startsWith('{')).toBe(true)
  })

  it('writes a model of which @tensorflow/tfjs-converter gets the probabilities of the definition', async () => {
    const { file } = (await run(bundle, '--format', 'tfjs', '--json')).json<{ file: string }>()
    const { architecture } = await readBundle(bundle)
    const task = await workspaceRegistry().get('task', 'classification')
    const graph = task.deployed(lower(architecture, task), architecture.task.options).graph
    const inputs = randomTensors(graph.inputs, { batch: 2, seed: 9 })
    const expected = interpret(graph, { inputs, weights: await loadBundleWeights(bundle), mode: 'inference' }).outputs
    const received = await execute(await loadModel(file), inputs)
    const probabilities = expected['probabilities']!
    expect(received['probabilities']!.shape).toEqual(probabilities.shape)
    received['probabilities']!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(probabilities.data[i]!, 5)
    })
  })

  it('writes down what is known of the file, beside it', async () => {
    const answer = (await run(bundle, '--format', 'tfjs', '--json')).json<{ file: string; sha256: string; sizeBytes: number }>()
    const facts = fileFactsSchema.parse(JSON.parse(await readFile(`${answer.file}.json`, 'utf8')))
    const { sha256, sizeBytes } = answer
    expect(facts).toMatchObject({ file: 'tiny-random-32px.tfjs', format: 'tfjs', precision: 'float32', sha256, sizeBytes })
    expect(facts).toMatchObject({ agreement: null, latencies: [], model: { name: 'tiny-random', randomWeights: false } })
    expect(facts.inputs).toEqual([{ name: 'image', shape: [-1, 32, 32, 3], dtype: 'float32', affine: null }])
  })

  it('refuses an option that the exporter does not have', async () => {
    const refused = await run(bundle, '--format', 'tfjs', '--export-option', 'quantize=int8')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toMatch(/MNAS_EXPORT_OPTION: .*"quantize".*Expected no options, received "int8"/)
  })

  it('refuses to say how answers are made to a task that cannot be told', async () => {
    for (const [flag, value, name] of [
      ['--threshold', '.1', 'threshold'],
      ['--nms', 'fast', 'nms'],
      ['--postprocess', 'none', 'postprocess'],
      ['--max-detections', '5', 'maxDetections'],
    ] as const) {
      const refused = await run(bundle, '--format', 'tflite', flag, value)
      expect(refused.exitCode).toBe(2)
      expect(refused.stderr).toMatch(new RegExp(`^.*MNAS_DEPLOY_OPTION: .*classification.*"${name}". Expected no options`))
    }
  })

  it('sends the labels and the preprocessing along with the file', async () => {
    const { file } = (await run(bundle, '--format', 'tfjs', '--json')).json<{ file: string }>()
    const { name, labels, preprocessing } = await readBundle(bundle)
    expect((await loadModel(file)).metadata).toEqual({ name, labels, preprocessing })
  })

  it('writes the same bytes again, and another format beside it', async () => {
    const first = (await run(bundle, '--format', 'tfjs', '--json')).json()
    const second = (await run(bundle, '--format', 'tfjs', '--json')).json()
    expect(second).toEqual(first)
    const { stdout, exitCode } = await run(bundle, '--format', 'tflite', '--size', '48', '--out', join(folder.path, 'files'))
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/tiny-random-48px\.tflite: [\d.]+ MB\n$/)
    const files = ['README.md', 'tiny-random-48px.tflite', 'tiny-random-48px.tflite.json']
    expect(await readdir(join(folder.path, 'files'))).toEqual(files)
  })

  it('refuses an unknown format with the known ones, and a model without weights', async () => {
    const unknown = await run(bundle, '--format', 'tfj', '--json')
    expect(unknown.exitCode).toBe(3)
    expect(unknown.json()).toMatchObject({ error: { code: 'MNAS_NAME_UNKNOWN', message: expect.stringContaining('tfjs') } })
    const untrained = await run('mnasnet-small', '--format', 'tfjs')
    expect(untrained.exitCode).toBe(3)
    expect(untrained.stderr).toContain('MNAS_DEPLOY_UNTRAINED')
    expect(existsSync(join(folder.path, 'exports'))).toBe(false)
  })
})
