import type { EntrySummary } from '@mnas/plugin-zoo'

type Basis = 'measured' | 'attested' | 'published'
/** Default: as zoos said it before they named files, of the weights. */
interface OfFile {
  readonly file?: string | null
  readonly precision?: string
}

interface Wanted {
  readonly name?: string
  readonly release?: string
  readonly yanked?: string
  readonly accuracy?: readonly (OfFile & { readonly value: number; readonly basis?: Basis })[]
  readonly latency?: readonly (OfFile & {
    readonly device: string
    readonly ms: number
    readonly emulated?: boolean
    readonly basis?: Basis
  })[]
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
    accuracy: accuracy.map(({ value, basis = 'measured', precision = null, ...of }) => {
      return { basis, dataset: 'photos', images: 100, precision, metrics: { top1: value }, ...of }
    }),
    latency: latency.map(({ device, ms, emulated = false, basis = 'measured', precision = null, ...of }) => {
      return { basis, device, soc: null, emulated, accelerator: 'cpu', threads: 1, precision, ms, ...of }
    }),
  }
}
