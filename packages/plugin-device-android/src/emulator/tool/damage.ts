import type { Faults } from '../faults.js'
import type { ToolLine } from './tool-line.js'

/** What reaches the other side of the lines that the tool says at the end. */
export function damage(lines: readonly string[], faults: Faults): readonly ToolLine[] {
  const text = lines.join('')
  if (faults.has('garbage')) return [{ out: '\u0001\u0002?? \ufffd\n'.repeat(8) }]
  if (faults.has('truncated')) return [{ out: text.slice(0, Math.floor(text.length * 0.6)) }]
  if (faults.has('localized')) return [{ out: text.replaceAll(/(\d)\.(\d)/g, '$1,$2').replaceAll(/(\d)(\d{3})\b/g, '$1.$2') }]
  if (faults.has('interleaved'))
    return lines.map((line): ToolLine => ({ out: line.replace(/=(\d)/g, '=WARNING: thermal throttling\n$1') }))
  return [{ out: text }]
}
