import { stripVTControlCharacters } from 'node:util'
import type { Accelerator } from '../runtime/accelerators.js'
import type { Probe } from './probe.js'

/** What an explanation takes from the computer besides the probe. */
export interface Situation {
  readonly platform: NodeJS.Platform
  readonly arch: string
  /** Of onnxruntime-node. */
  readonly version: string
  /** The script of onnxruntime-node that fetches the CUDA files. */
  readonly installScript: string
  /** Files of the CUDA provider that are not there. */
  readonly missingCudaFiles: readonly string[]
}

type Device = Exclude<Accelerator, 'cpu'>

/** Why an accelerator cannot be used here and what to do, in a sentence or two; null when the probe computed with it. */
export function whyNot(accelerator: Device, probe: Probe, situation: Situation): string | null {
  if (!probe.listed) return notBuilt(accelerator, situation)
  if (probe.error === undefined) return null
  const { missingCudaFiles, version, installScript } = situation
  if (accelerator === 'cuda' && missingCudaFiles.length > 0) {
    return (
      `onnxruntime-node ${version} comes without its CUDA files (${missingCudaFiles.join(', ')}). Fetch them with ` +
      `"node ${installScript} --onnxruntime-node-install=cuda12", and install ${cudaNeeds}.`
    )
  }
  const cause = causeOf(probe)
  const step = adviceFor[accelerator].find(({ when }) => when.test(`${cause}\n${probe.stderr}`))!.step
  return `${titles[accelerator]} does not start: ${cause}. ${step}.`
}

const titles = { cuda: 'CUDA', directml: 'DirectML', webgpu: 'WebGPU' } as const satisfies Record<Device, string>

/** onnxruntime built for CUDA 12.x with cuDNN 9 runs with any of their minor versions (onnxruntime.ai, CUDA execution provider). */
const cudaNeeds = "NVIDIA's driver, CUDA 12 and cuDNN 9"

/** Where the binaries that onnxruntime-node ships have each provider (its README, version 1.30). */
const homes = {
  cuda: 'Linux on x64',
  directml: 'Windows',
  webgpu: 'Windows, macOS and Linux on x64',
} as const satisfies Record<Device, string>

function notBuilt(accelerator: Device, { platform, arch, version }: Situation): string {
  const other = platform === 'win32' && accelerator === 'cuda' ? '"directml" or "auto"' : '"auto"'
  return (
    `onnxruntime-node ${version} has ${titles[accelerator]} for ${homes[accelerator]} only; this is ${platform} ${arch}. ` +
    `Set the accelerator to ${other}.`
  )
}

/** The cause without its way through onnxruntime: the loader's words from stderr, else the end of the message. */
function causeOf({ error = '', stderr }: Probe): string {
  const loader = [...stderr.matchAll(/Failed to load library .*? with error: ([^\r\n]+)/g)].at(-1)?.[1]
  const message = loader ?? error.split(/ was false\. /).at(-1)!
  const plain = stripVTControlCharacters(message).replace(/^(?:Error: )+/, '')
  return plain
    .trim()
    .split(/\s*[\r\n]+\s*/)[0]!
    .replace(/\.$/, '')
}

/** What helps, by what was said; the last of a list fits whatever was. */
const adviceFor: { readonly [D in Device]: readonly { readonly when: RegExp; readonly step: string }[] } = {
  cuda: [
    { when: /libcudnn/, step: 'Install cuDNN 9 for CUDA 12 and name its folder in LD_LIBRARY_PATH' },
    { when: /libcuda\.so/, step: "Install NVIDIA's driver for CUDA 12 (525 or newer); nvidia-smi must list the GPU" },
    {
      when: /lib(?:cublas|cudart|cufft|curand|nvrtc|nvJitLink)/,
      step: 'Install CUDA 12 and name its lib folder in LD_LIBRARY_PATH',
    },
    { when: /driver version is insufficient/, step: "Update NVIDIA's driver to one for CUDA 12 (525 or newer)" },
    {
      when: /no CUDA-capable device/,
      step: 'Check that nvidia-smi lists the GPU and that CUDA_VISIBLE_DEVICES does not hide it',
    },
    { when: /out of memory/i, step: 'Free memory of the GPU (nvidia-smi lists who holds it)' },
    { when: /(?:)/, step: `It needs ${cudaNeeds}; check them with nvidia-smi, or set the accelerator to "auto"` },
  ],
  webgpu: [
    {
      when: /libvulkan/,
      step: 'Install the Vulkan loader (Debian, Ubuntu: apt install libvulkan1) and the GPU\'s Vulkan driver, or set the accelerator to "auto"',
    },
    {
      when: /adapter/i,
      step: 'Install the GPU\'s driver for Vulkan (Linux: mesa-vulkan-drivers or NVIDIA\'s), Direct3D 12 or Metal, or set the accelerator to "auto"',
    },
    { when: /(?:)/, step: 'Update the GPU\'s driver, or set the accelerator to "auto"' },
  ],
  directml: [
    {
      when: /(?:)/,
      step: 'It needs Windows 10 1903 or newer and a GPU with a DirectX 12 driver; update the driver, or set the accelerator to "auto"',
    },
  ],
}
