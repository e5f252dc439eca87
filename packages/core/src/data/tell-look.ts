import type { Dataset, LookRequest } from '../contracts/index.js'
import type { Reporter } from '../events/index.js'
import type { DataEvent } from './data-event.js'

/** Says before a training what decides how well this network can learn this data, where its task knows something of it. */
export function tellLook(dataset: Dataset, about: LookRequest, reporter: Reporter): void {
  const look = dataset.look?.(about)
  if (!look) return
  const event: DataEvent = { kind: 'data-look', facts: look.facts }
  for (const [at, line] of look.summary.entries()) reporter.note(line, ...(at === 0 ? [event] : []))
}
