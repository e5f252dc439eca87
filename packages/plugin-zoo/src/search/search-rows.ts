import { accuraciesOfTimed } from '../catalogue/accuracy-of-timed.js'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { isOnDevice } from './device-names.js'
import type { FieldOf } from './where/condition.js'
import type { FieldName } from './where/fields.js'

export type Accuracy = EntrySummary['accuracy'][number]
export type Latency = EntrySummary['latency'][number]
export const bases = ['measured', 'attested', 'published'] as const
export type Basis = (typeof bases)[number]

/** A release of a zoo. */
export interface ZooRelease {
  readonly zoo: string
  readonly entry: EntrySummary
}

/** A release with one claim of accuracy and one of latency: what is compared, filtered and sorted. */
export interface SearchRow extends ZooRelease {
  readonly accuracy: Accuracy | null
  readonly latency: Latency | null
}

export interface RowWish {
  /** Latencies of which devices belong to rows; null: none do. A release without one has no row then. */
  readonly device: string | null
  /** Emulated devices too. */
  readonly emulated: boolean
  /** Claims of different bases may stand in one row. */
  readonly mixed: boolean
}

/**
 * The rows of a release. Unless they may be mixed, both claims of a row have one basis; accuracy is that of the file that was timed, where it was judged,
 * else that of the weights, else there is none.
 */
export function rowsOf(release: ZooRelease, wish: RowWish): readonly SearchRow[] {
  const { entry } = release
  const { device } = wish
  const latencies = device === null ? [null] : entry.latency.filter((each) => isWanted(each, device, wish))
  return latencies.flatMap((latency) => {
    const accuracies = accuraciesFor(entry, latency, wish.mixed)
    return (accuracies.length > 0 ? accuracies : [null]).map((accuracy) => ({ ...release, accuracy, latency }))
  })
}

const isWanted = (latency: Latency, device: string, { emulated }: RowWish) =>
  isOnDevice(latency, device) && (emulated || !latency.emulated)

function accuraciesFor({ accuracy }: EntrySummary, latency: Latency | null, mixed: boolean): readonly Accuracy[] {
  if (latency === null) return accuracy
  return accuraciesOfTimed(
    accuracy.filter(({ basis }) => mixed || basis === latency.basis),
    latency,
  )
}

/** A row as conditions and orders see it. */
export function fieldsOf({ entry, accuracy, latency }: SearchRow): FieldOf {
  const known: Readonly<Record<FieldName, number | string | null | undefined>> = {
    ...{
      name: entry.name,
      release: entry.release,
      task: entry.task,
      architecture: entry.architectureName,
      licence: entry.licence,
    },
    ...{ sizeBytes: entry.sizeBytes, parameters: entry.parameters, multiplyAdds: entry.multiplyAdds },
    ...{ inputSize: entry.inputSize, classes: entry.classes },
    ...{ dataset: accuracy?.dataset, images: accuracy?.images },
    ...{ device: latency?.device, ms: latency?.ms, threads: latency?.threads, accelerator: latency?.accelerator },
    precision: latency?.precision ?? accuracy?.precision,
    basis: accuracy?.basis ?? latency?.basis,
  }
  return (field) =>
    (Object.hasOwn(known, field)
      ? known[field as FieldName]
      : accuracy && Object.hasOwn(accuracy.metrics, field)
        ? accuracy.metrics[field]
        : undefined) ?? undefined
}
