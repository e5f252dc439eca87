import type { DelegateUse } from './benchmark-report.js'
import { linesOf, matchesOf } from './lines.js'

const taken =
  /^Explicitly applied (?<name>[\w ]+?) delegate, and the model graph will be (?<extent>completely|partially) executed by the delegate/
const refused =
  /^Though (?<name>[\w ]+?) delegate is explicitly applied, the model graph will not be executed by the delegate\.?$/
/** A library of an accelerator that is not there: LiteRT says it and goes on with the CPU. */
const missing =
  /\b(?<name>GPU|NPU|NNAPI)\b.*\b(?:not found|not available|not supported|unsupported|cannot be loaded|could not|failed)|\b(?:failed|unable|could not)\b.*\b(?<other>GPU|NPU|NNAPI)\b/i

/** A flag that this build does not know: the tool warns and goes on without. */
const ignored = /\bUnconsumed cmdline flags: (?<flags>.+)$/

/** Whether the tool was not able to be told that a part is not enough. */
export function ignoresGuard(output: string): boolean {
  return ignoredFlags(output).some((flag) => flag.startsWith('--require_full_delegation'))
}

function ignoredFlags(output: string): readonly string[] {
  return matchesOf(linesOf(output), ignored).flatMap(({ flags = '' }) => flags.split(' '))
}

/** What the tool says of each delegate that it was asked for. */
export function parseDelegates(output: string): readonly DelegateUse[] {
  const lines = linesOf(output).map((line) => line.replace(/^(?:WARNING|ERROR): /, ''))
  return [
    ...matchesOf(lines, taken).map(
      ({ name = '', extent }): DelegateUse => ({ name, extent: extent === 'completely' ? 'whole' : 'partial' }),
    ),
    ...matchesOf(lines, refused).map(({ name = '' }): DelegateUse => ({ name, extent: 'none' })),
    ...matchesOf(
      lines.filter((line) => !taken.test(line) && !refused.test(line)),
      missing,
    ).map(({ name, other }): DelegateUse => ({ name: (name ?? other ?? '').toUpperCase(), extent: 'none' })),
    ...matchesOf(ignoredFlags(output), /^--use_(?<name>gpu|npu|nnapi)\b/).map(
      ({ name = '' }): DelegateUse => ({ name: name.toUpperCase(), extent: 'none' }),
    ),
  ]
}
