import { describeProgress, paceMeter } from './pace.js'
import { printable } from './printable.js'
import type { Pace, Progress, Reporter, ReporterStream } from './reporter.js'

/** Ten pictures a second are smooth; more would cost time. */
const redrawEveryMs = 100
const barWidth = 20

/** For a person at a terminal: stages as lines that stay, under them one line that is redrawn, with bar, rate and time that remains. */
export function ttyReporter(stream: ReporterStream, now: () => number, color: boolean): Reporter {
  const paint = (code: number, text: string) => (color ? `\u001B[${code}m${printable(text)}\u001B[0m` : printable(text))
  let pace = paceMeter()
  let drawnAt = Number.NEGATIVE_INFINITY
  let lineIsDrawn = false

  const clear = () => {
    if (lineIsDrawn) stream.write('\r\u001B[2K')
    lineIsDrawn = false
  }
  const line = (text: string) => {
    clear()
    stream.write(`${text}\n`)
  }
  const draw = (progress: Progress) => {
    const at = now()
    const measured = progress.pace ?? pace(progress, at)
    if (at - drawnAt < redrawEveryMs && progress.done < progress.total) return
    drawnAt = at
    stream.write(`\r\u001B[2K${fit(progress, measured, Math.max(20, (stream.columns ?? 80) - 1))}`)
    lineIsDrawn = true
  }

  return {
    stage(name, detail) {
      line(detail ? `${paint(1, name)}  ${printable(detail)}` : paint(1, name))
      pace = paceMeter()
      drawnAt = Number.NEGATIVE_INFINITY
    },
    progress: draw,
    note: (text) => line(printable(text)),
    warn: (text) => line(`${paint(33, '!')} ${printable(text)}`),
    close: clear,
  }
}

/** The bar goes first where there is no room, then the rate, then the end of the note. */
function fit(progress: Progress, pace: Pace, columns: number): string {
  const text = printable(describeProgress(progress, pace))
  const withBar = `${bar(progress)} ${text}`
  if (withBar.length <= columns) return withBar
  const shorter = printable(describeProgress(progress, { ...pace, perSecond: undefined }))
  return (text.length <= columns ? text : shorter).slice(0, columns)
}

function bar({ done, total }: Progress): string {
  const full = total > 0 ? Math.round((Math.min(done, total) / total) * barWidth) : 0
  return '━'.repeat(full) + '─'.repeat(barWidth - full)
}
