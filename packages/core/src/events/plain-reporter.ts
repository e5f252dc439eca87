import { describeProgress, paceMeter } from './pace.js'
import { printable } from './printable.js'
import type { Reporter, ReporterStream } from './reporter.js'

/** Often enough to see that it lives, seldom enough for a log file. */
const lineEveryMs = 10_000

/** For log files and CI: whole lines, no control characters; the first and the last progress of a stage and one every ten seconds. */
export function plainReporter(stream: ReporterStream, now: () => number): Reporter {
  let stage = ''
  let pace = paceMeter()
  let printedAt = Number.NEGATIVE_INFINITY
  const line = (text: string) => stream.write(`${printable(text)}\n`)
  return {
    stage(name, detail) {
      stage = name
      pace = paceMeter()
      printedAt = Number.NEGATIVE_INFINITY
      line(detail ? `${name}: ${detail}` : name)
    },
    progress(progress) {
      const at = now()
      const measured = progress.pace ?? pace(progress, at)
      if (at - printedAt < lineEveryMs && progress.done < progress.total) return
      printedAt = at
      line(`${stage ? `${stage}: ` : ''}${describeProgress(progress, measured)}`)
    },
    note: line,
    warn: (text) => line(`warning: ${text}`),
    close: () => undefined,
  }
}
