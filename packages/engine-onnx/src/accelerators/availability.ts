import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { contractErrors, type MnasError } from '@mnas/core/errors'
import { type Accelerator, accelerators, isAccelerator } from '../runtime/accelerators.js'
import { type Situation, whyNot } from './explain.js'
import { probe } from './probe.js'

/** Why an accelerator cannot be used on this computer and what to do; null when it computes. */
export async function whyUnavailable(accelerator: Accelerator): Promise<string | null> {
  return accelerator === 'cpu' ? null : whyNot(accelerator, await probe(accelerator), situation())
}

/** @throws MNAS_ENGINE_ACCELERATOR for one that is unknown or does not compute here */
export async function requireAccelerator(wish: string): Promise<Accelerator> {
  if (wish === 'auto') return 'cpu'
  if (!isAccelerator(wish)) throw refusal(wish, accelerators, 'Choose one of these.')
  const reason = await whyUnavailable(wish)
  if (reason === null) return wish
  throw refusal(wish, ['cpu'], reason)
}

/** For a session that could not be made on a device on which one once could. */
export async function sessionRefusal(accelerator: string, cause: unknown): Promise<MnasError> {
  const reason = isAccelerator(accelerator) ? await whyUnavailable(accelerator) : null
  const said = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]!
  return refusal(
    accelerator,
    ['cpu'],
    reason ?? `It computes, but not this network: ${said}. Start again with another --out and "cpu".`,
    cause,
  )
}

function refusal(wish: string, available: readonly string[], fix: string, cause?: unknown): MnasError {
  return contractErrors.MNAS_ENGINE_ACCELERATOR({ engine: 'onnx', wish, available, fix }, cause)
}

/** Whether somebody has fetched what CUDA needs of onnxruntime; whether it computes, only a probe knows. */
export const hasCudaFiles = (): boolean => process.platform === 'linux' && situation().missingCudaFiles.length === 0

const cudaFiles = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']

function situation(): Situation {
  const { platform, arch } = process
  const root = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const binaries = join(root, 'bin', 'napi-v6', platform, arch)
  return {
    platform,
    arch,
    version,
    installScript: join(root, 'script', 'install.js'),
    missingCudaFiles: cudaFiles.filter((name) => !existsSync(join(binaries, name))),
  }
}
