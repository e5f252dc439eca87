import type { Dialect } from '@mnas/remote-device'
import type { Faults } from '../faults.js'

export interface GpuLine {
  readonly text: string
  readonly error: boolean
}

/** What the tool says of a GPU, or another unit, that it was told to use; the software phone has none unless a fault gives it one. */
export function gpuLines(
  flags: ReadonlyMap<string, string>,
  dialect: Dialect,
  faults: Faults,
): { readonly lines: readonly GpuLine[]; readonly fails: boolean } {
  const asked = ['gpu', 'nnapi', 'npu'].find((unit) => flags.get(`use_${unit}`) === 'true')?.toUpperCase()
  if (!asked) return { lines: [], fails: false }
  const says = (text: string, error = false) => ({ lines: [{ text, error }], fails: false })
  const explicitly = (how: string) =>
    `Explicitly applied ${asked} delegate, and the model graph will be ${how} executed by the delegate w/ 1 delegate kernels.`
  if (asked === 'GPU' && faults.has('gpu-answers'))
    return dialect === 'classic' ? says(explicitly('completely')) : says('Using GPU.')
  if (asked === 'GPU' && faults.has('gpu-partial')) return says(explicitly('partially'))
  if (asked === 'GPU' && faults.has('gpu-refused'))
    return says('Though GPU delegate is explicitly applied, the model graph will not be executed by the delegate.')
  if (asked === 'GPU' && faults.has('gpu-missing')) return says('WARNING: Failed to load the GPU accelerator library.', true)
  return { lines: [], fails: true }
}
