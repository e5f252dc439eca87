import type { ExecutionPlan } from '@mnas/core/contracts'
import { GraphBuilder, initializeWeights, parametersOf, updateRuleOf } from '@mnas/core/graph'
import { engineConformance } from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'
import { describe, expect, it } from 'vitest'
import { whyUnavailable } from '#internal/accelerators/availability.js'
import { type Situation, whyNot } from '#internal/accelerators/explain.js'
import { DeviceState } from '#internal/device-state.js'
import { Emitter } from '#internal/onnx/emitter.js'
import { groupParameters } from '#internal/parameter-groups.js'
import { accelerators, keepsTensors, providers } from '#internal/runtime/accelerators.js'
import { floatTensors } from '#internal/runtime/load-runtime.js'
import { sessionOptions } from '#internal/runtime/session-options.js'
import { TrainingState } from '#internal/training-state.js'
import { stepNames } from '#internal/training-step.js'

const batch = 4
const origin = { block: 'head', layer: 0, role: 'test' } as const

function model() {
  const builder = new GraphBuilder()
  builder.input('image', { shape: [4, 4, 2], dtype: 'float32', batched: true })
  builder.add('batchNorm', { id: 'norm', inputs: ['image'], attributes: { epsilon: 1e-3 }, origin })
  builder.add('globalAveragePool', { id: 'pool', inputs: ['norm'], attributes: { keepDims: false }, origin })
  builder.add('dense', { id: 'logits', inputs: ['pool'], attributes: { units: 3, bias: true }, origin })
  builder.output('logits', 'logits')
  return builder.build()
}

describe('what an accelerator becomes', () => {
  const plan = { threads: 2, mode: 'standard', waiting: 'sleep', onDevice: [] } as const
  const empty = { nodes: [], constants: [], inputs: [], outputs: [] }
  it.each([
    ['cpu', ['cpu']],
    ['cuda', ['cuda']],
    ['directml', ['dml']],
    ['webgpu', [{ name: 'webgpu', preferredLayout: 'NCHW' }]],
  ] as const)('%s', (accelerator, executionProviders) => {
    const options = sessionOptions(empty, { ...plan, accelerator })
    // DirectML refuses parallel execution and the memory pattern.
    const base = { executionProviders, executionMode: 'sequential', enableMemPattern: false, intraOpNumThreads: 2 }
    expect(options).toMatchObject(base)
    expect(options).not.toHaveProperty('preferredOutputLocation')
  })
  it('has a provider for each, and keeps tensors where onnxruntime-node hands them out', () => {
    expect(Object.keys(providers)).toEqual([...accelerators])
    expect(engine.accelerators).toEqual(accelerators)
    expect(accelerators.filter(keepsTensors)).toEqual(['webgpu'])
  })
  it('leaves outputs on the device, and max pooling with places to the CPU where WebGPU has none', () => {
    const g = new Emitter()
    const window = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] } as const
    g.output('largest', g.maxPool(g.input('x', [1, 1, 4, 4]), window).places)
    const pool = g.finish()
    const options = sessionOptions(pool, { ...plan, accelerator: 'webgpu', onDevice: ['w/new'] })
    expect(options.executionProviders).toEqual([expect.objectContaining({ forceCpuNodeNames: [pool.nodes[0]!.outputs[0]] })])
    expect(options.preferredOutputLocation).toEqual({ 'w/new': 'gpu-buffer' })
  })
})

describe('an accelerator that is not there', () => {
  const here: Situation = {
    platform: 'linux',
    arch: 'x64',
    version: '1.30.0',
    installScript: '/m/onnxruntime-node/script/install.js',
    missingCudaFiles: [],
  }
  const failing = (error: string, stderr = '') => ({ listed: true, error, stderr })
  const loader = (library: string) =>
    `\u001b[1;31m[E:onnxruntime] Failed to load library /b/libonnxruntime_providers_cuda.so with error: ${library}: cannot open shared object file: No such file or directory\n\u001b[m`

  it.each([
    [
      'cuda',
      { platform: 'win32' },
      'CUDA for Linux on x64 only; this is win32 x64. Set the accelerator to "directml" or "auto".',
    ],
    [
      'cuda',
      { platform: 'darwin', arch: 'arm64' },
      'CUDA for Linux on x64 only; this is darwin arm64. Set the accelerator to "auto".',
    ],
    ['directml', {}, 'DirectML for Windows only; this is linux x64. Set the accelerator to "auto".'],
    [
      'webgpu',
      { arch: 'arm64' },
      'WebGPU for Windows, macOS and Linux on x64 only; this is linux arm64. Set the accelerator to "auto".',
    ],
  ] as const)('%s, not in the build for %o', (accelerator, situation, end) => {
    const reason = whyNot(accelerator, { listed: false, stderr: '' }, { ...here, ...situation })
    expect(reason).toBe(`onnxruntime-node 1.30.0 has ${end}`)
  })

  it('cuda, whose files were not fetched', () => {
    const situation = { ...here, missingCudaFiles: ['libonnxruntime_providers_cuda.so'] }
    expect(whyNot('cuda', failing('Failed to load shared library'), situation)).toBe(
      'onnxruntime-node 1.30.0 comes without its CUDA files (libonnxruntime_providers_cuda.so). Fetch them with ' +
        '"node /m/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12", and install NVIDIA\'s driver, CUDA 12 and cuDNN 9.',
    )
  })

  const notFound = 'cannot open shared object file: No such file or directory'
  it.each([
    ['libcudnn.so.9', `libcudnn.so.9: ${notFound}. Install cuDNN 9 for CUDA 12 and name its folder in LD_LIBRARY_PATH.`],
    ['libcublasLt.so.12', `libcublasLt.so.12: ${notFound}. Install CUDA 12 and name its lib folder in LD_LIBRARY_PATH.`],
    [
      'libcuda.so.1',
      `libcuda.so.1: ${notFound}. Install NVIDIA's driver for CUDA 12 (525 or newer); nvidia-smi must list the GPU.`,
    ],
  ])('cuda without %s', (library, reason) => {
    const probe = failing('OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library', loader(library))
    expect(whyNot('cuda', probe, here)).toBe(`CUDA does not start: ${reason}`)
  })

  it.each([
    [
      'cuda',
      'Error: /src/cuda_call.cc:123 Throw() error_code was false. CUDA failure 100: no CUDA-capable device is detected ; GPU=-1\n',
      'CUDA does not start: CUDA failure 100: no CUDA-capable device is detected ; GPU=-1. Check that nvidia-smi lists the GPU and that CUDA_VISIBLE_DEVICES does not hide it.',
    ],
    [
      'cuda',
      'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version',
      "CUDA does not start: CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version. Update NVIDIA's driver to one for CUDA 12 (525 or newer).",
    ],
    [
      'cuda',
      'it crashed with SIGSEGV',
      'CUDA does not start: it crashed with SIGSEGV. It needs NVIDIA\'s driver, CUDA 12 and cuDNN 9; check them with nvidia-smi, or set the accelerator to "auto".',
    ],
    [
      'webgpu',
      'Error: /src/webgpu_context.cc:136 Initialize(const Config&)::<lambda()> status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
      'WebGPU does not start: Failed to get a WebGPU adapter: No supported adapters. Install the GPU\'s driver for Vulkan (Linux: mesa-vulkan-drivers or NVIDIA\'s), Direct3D 12 or Metal, or set the accelerator to "auto".',
    ],
    [
      'directml',
      'Error: no DX12 adapter\r\nmore',
      'DirectML does not start: no DX12 adapter. It needs Windows 10 1903 or newer and a GPU with a DirectX 12 driver; update the driver, or set the accelerator to "auto".',
    ],
  ] as const)('%s that fails with %j', (accelerator, error, reason) => {
    expect(whyNot(accelerator, failing(error), here)).toBe(reason)
  })

  it('webgpu without the Vulkan loader', () => {
    const probe = failing(
      'No supported adapters',
      "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file",
    )
    expect(whyNot('webgpu', probe, here)).toMatch(/apt install libvulkan1/)
  })

  it('is no reason where it computes', () => expect(whyNot('webgpu', { listed: true, stderr: 'Warning' }, here)).toBeNull())
})

describe('on this computer', () => {
  it('auto is the CPU', async () => {
    expect(await engine.plan({}, model(), batch)).toMatchObject({ accelerator: 'cpu' })
  })
  it('lists what it knows where it knows nothing of a wish', async () => {
    await expect(engine.plan({ accelerator: 'tpu' }, model(), batch)).rejects.toMatchObject({
      code: 'MNAS_ENGINE_ACCELERATOR',
      message: expect.stringContaining('Expected cpu or cuda or directml or webgpu or auto, received "tpu"'),
    })
  })
  it.skipIf(process.platform === 'win32')('refuses DirectML, in a plan and under a plan of another computer', async () => {
    const refusal = { code: 'MNAS_ENGINE_ACCELERATOR', message: expect.stringContaining('DirectML for Windows only') }
    await expect(engine.plan({ accelerator: 'directml' }, model(), batch)).rejects.toMatchObject(refusal)
    const plan: ExecutionPlan = { engine: 'onnx', mode: 'standard', accelerator: 'directml', threads: 1 }
    await expect(engine.compileInference({ model: model(), batchSize: batch, plan })).rejects.toMatchObject(refusal)
  })
})

describe('state on a device', () => {
  /** Copies that count: what a device would do, on the host. */
  async function open() {
    const wrap = await floatTensors()
    const optimizer = { kind: 'sgd', momentum: 0.9, weightDecay: 0, average: false } as const
    const groups = groupParameters(parametersOf(model()), [])
    const host = new TrainingState(wrap, groups, updateRuleOf(optimizer), false)
    host.load(initializeWeights(model(), 1))
    const names = Object.keys(host.shapes)
    const seen = { uploads: 0, downloads: 0 }
    const same = (tensors: typeof host.feeds) => Object.fromEntries(names.map((name) => [name, tensors[name]!]))
    const state = new DeviceState(host, {
      toDevice: async (tensors) => {
        seen.uploads++
        return same(tensors)
      },
      toHost: async (tensors) => {
        seen.downloads++
        return same(tensors)
      },
      close: async () => undefined,
    })
    const filled = (value: number) =>
      Object.fromEntries(
        names.map((name) => [
          stepNames.next(name),
          wrap(new Float32Array(host.shapes[name]![0]!).fill(value), host.shapes[name]!),
        ]),
      )
    return { host, state, seen, filled }
  }

  it('goes up once and comes down when it is looked at', async () => {
    const { host, state, seen, filled } = await open()
    for (const value of [1, 2, 3]) {
      await state.feeds()
      state.advance(filled(value), true)
    }
    expect(seen).toEqual({ uploads: 1, downloads: 0 })
    await state.refreshHost()
    await state.refreshHost()
    expect(seen).toEqual({ uploads: 1, downloads: 1 })
    expect(new Set(host.weights('raw')['logits.kernel']!.data)).toEqual(new Set([3]))
    state.forget()
    await state.feeds()
    expect(seen.uploads).toBe(2)
  })

  it('takes only running statistics from a step that is not applied', async () => {
    const { host, state, filled } = await open()
    const before = host.weights('raw')['logits.kernel']
    await state.feeds()
    state.advance(filled(7), false)
    await state.refreshHost()
    expect(host.weights('raw')['norm.movingMean']!.data).toEqual(Float32Array.of(7, 7))
    expect(host.weights('raw')['logits.kernel']).toEqual(before)
  })
})

/** A GPU, or a driver that computes on the CPU such as Mesa's lavapipe (docs of the package say how). */
const withoutWebGpu = await whyUnavailable('webgpu')
describe.skipIf(withoutWebGpu !== null)(`the onnx engine on WebGPU${withoutWebGpu === null ? '' : ` (${withoutWebGpu})`}`, () => {
  const onWebGpu = {
    ...engine,
    plan: (wish, ...rest) => engine.plan({ ...wish, accelerator: 'webgpu' }, ...rest),
  } satisfies typeof engine
  const state = /^(training step|inference|four updates|frozen|apply|load|the same steps|a restored|state)/
  const cases = engineConformance(onWebGpu).filter(({ name }) => (process.env['CI'] ? true : state.test(name)))
  for (const { name, run } of cases) it(name, run, 60_000)
})
