import type { Dataset, JsonObject, Split } from '../contracts/index.js'

/** What programs are told of opened data, beside the lines for people. */
export type DataEvent =
  /** As it was opened: the splits with as many examples as each has. */
  | {
      readonly kind: 'data'
      readonly takenFor: string | null
      readonly labels: readonly string[]
      readonly splits: Readonly<Record<Split, number>>
    }
  /** What a look at it found, in the task's own JSON. */
  | { readonly kind: 'data-look'; readonly facts: JsonObject }

/** What was opened, as an event. */
export function openedEvent(dataset: Pick<Dataset, 'takenFor' | 'labels' | 'size'>): DataEvent {
  const of = (split: Split) => dataset.size(split)
  const splits = { train: of('train'), heldOut: of('heldOut'), validation: of('validation'), test: of('test'), all: of('all') }
  return { kind: 'data', takenFor: dataset.takenFor ?? null, labels: dataset.labels, splits }
}
