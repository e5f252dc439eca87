import { jsonlReporter } from './jsonl-reporter.js'
import { plainReporter } from './plain-reporter.js'
import type { Reporter, ReporterKind, ReporterStream } from './reporter.js'
import { ttyReporter } from './tty-reporter.js'

export interface ReporterOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly env?: Readonly<Record<string, string | undefined>>
}

export function createReporter(
  kind: ReporterKind,
  stream: ReporterStream = process.stderr,
  options: ReporterOptions = {},
): Reporter {
  const now = options.now ?? Date.now
  switch (kind) {
    case 'tty':
      return ttyReporter(stream, now, wantsColor(options.env ?? process.env))
    case 'plain':
      return plainReporter(stream, now)
    case 'jsonl':
      return jsonlReporter(stream, now)
    case 'silent':
      return silentReporter
    default:
      return kind satisfies never
  }
}

/** What to use when nobody chose: a redrawn line only where a person looks at a terminal that can do it. */
export function automaticReporterKind(
  stream: ReporterStream = process.stderr,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ReporterKind {
  return stream.isTTY && !env['CI'] && env['TERM'] !== 'dumb' ? 'tty' : 'plain'
}

/** no-color.org: any non-empty value switches colours off. */
function wantsColor(env: Readonly<Record<string, string | undefined>>): boolean {
  return !env['NO_COLOR']
}

const silentReporter: Reporter = {
  stage: () => undefined,
  progress: () => undefined,
  note: () => undefined,
  warn: () => undefined,
  close: () => undefined,
}
