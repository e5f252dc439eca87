/** A number as C++ streams write one: digits, a decimal point (never a comma), an exponent. */
export const number = String.raw`\d+(?:\.\d+)?(?:e[+-]?\d+)?`
/** What may stand in front of what a tool says: `INFO: `, `INFO: [benchmark_litert_model.h:73] `. */
const prefix = /^(?:INFO: )?(?:\[[\w./-]+:\d+\] )?/

/** The tool's lines without what stands in front. */
export function linesOf(output: string): readonly string[] {
  return output.split(/\r?\n/).map((line) => line.replace(prefix, '').trimEnd())
}

/** The groups of the lines that match. */
export function matchesOf(lines: readonly string[], pattern: RegExp): readonly Readonly<Record<string, string | undefined>>[] {
  return lines.flatMap((line) => {
    const match = pattern.exec(line)
    return match ? [match.groups ?? {}] : []
  })
}
