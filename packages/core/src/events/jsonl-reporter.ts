import { paceMeter } from './pace.js'
import type { Reporter, ReporterStream } from './reporter.js'

const lineEveryMs = 250

/**
 * For programs: one JSON object a line, `{version: 1, event: 'stage' | 'progress' | 'note' | 'warning', at, …}`;
 * progress carries `ratePerSecond` and `remainingSeconds` (null until known), note and warning the event that they tell of as `data`.
 */
export function jsonlReporter(stream: ReporterStream, now: () => number): Reporter {
  let pace = paceMeter()
  let printedAt = Number.NEGATIVE_INFINITY
  const emit = (event: string, fields: object) =>
    stream.write(`${JSON.stringify({ version: 1, event, at: new Date(now()).toISOString(), ...fields })}\n`)
  return {
    stage(name, detail) {
      pace = paceMeter()
      printedAt = Number.NEGATIVE_INFINITY
      emit('stage', { name, ...(detail === undefined ? {} : { detail }) })
    },
    progress({ pace: known, ...progress }) {
      const at = now()
      const { perSecond, remainingSeconds } = known ?? pace(progress, at)
      if (at - printedAt < lineEveryMs && progress.done < progress.total) return
      printedAt = at
      emit('progress', { ...progress, ratePerSecond: perSecond ?? null, remainingSeconds: remainingSeconds ?? null })
    },
    note: (text, data) => emit('note', { text, ...(data && { data }) }),
    warn: (text, data) => emit('warning', { text, ...(data && { data }) }),
    close: () => undefined,
  }
}
