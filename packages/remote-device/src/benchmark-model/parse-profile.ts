import type { ProfileRow } from '@mnas/core/contracts'
import { linesOf } from './lines.js'

const head = /^Operator-wise Profiling Info for Regular Benchmark Runs:$/
const runOrder = /^=+ Run Order =+$/
/** Three decimals in every column but the calls. */
const number = String.raw`\d+(?:\.\d+)?`
const row = new RegExp(
  `^\\s*(?<op>\\S.*?)\\s+(?:${number}\\s+)?${number}\\s+(?<avg>${number})\\s+${number}%\\s+${number}%\\s+${number}\\s+(?<calls>\\d+)\\s+` +
    '\\[(?<names>.*)\\](?::\\d+)?$',
)

/** The table `Run Order` of `--enable_op_profiling=true`: one row an operator, or a delegate's kernel. Empty: there is none. */
export function parseProfile(output: string, unit: ProfileRow['unit']): readonly ProfileRow[] {
  const lines = linesOf(output)
  const from = lines.findIndex((line) => head.test(line))
  const start = lines.findIndex((line, at) => at > from && runOrder.test(line))
  if (from === -1 || start === -1) return []
  const rows: ProfileRow[] = []
  for (const line of lines.slice(start + 1)) {
    const { op, avg, calls, names } = row.exec(line)?.groups ?? {}
    if (op && names !== undefined)
      rows.push({
        nodes: names.split(', ').filter((name) => name !== ''),
        op,
        latencyMs: Number(avg),
        calls: Number(calls),
        unit: /delegate/i.test(op) && !/xnnpack/i.test(op) ? unit : 'cpu',
      })
    else if (/^=+ /.test(line)) break
  }
  return rows
}
