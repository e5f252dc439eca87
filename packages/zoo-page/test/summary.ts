import type { EntrySummary } from '@mnas/plugin-zoo'

interface Wanted {
  readonly name?: string
  readonly release?: string
  readonly yanked?: string
  readonly accuracy?: readonly { readonly value: number; readonly basis?: 'measured' | 'attested' | 'published' }[]
  readonly latency?: readonly { readonly device: string; readonly ms: number; readonly emulated?: boolean }[]
}

/** An entry as a list knows it. */
export function summary(wanted: Wanted): EntrySummary {
  const { name = 'me/a', release = '1.0.0', yanked = null, accuracy = [{ value: 0.8 }], latency = [] } = wanted
  return {
    ...{ name, release, yanked, digest: '0'.repeat(64), entryBytes: 100, date: '2026-11-28', signed: false },
    ...{
      task: 'classification',
      architectureName: 'mnasnet-a1',
      summary: 'A network',
      licence: 'MIT',
      inputSize: 96,
      classes: 6,
    },
    ...{ parameters: 1000, multiplyAdds: 1000, sizeBytes: 1000 },
    accuracy: accuracy.map(({ value, basis = 'measured' }) => {
      return { basis, dataset: 'photos', images: 100, precision: null, metrics: { top1: value } }
    }),
    latency: latency.map(({ device, ms, emulated = false }) => {
      return { basis: 'measured', device, soc: null, emulated, accelerator: 'cpu', threads: 1, precision: null, ms }
    }),
  }
}
