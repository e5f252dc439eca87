/**
 * Numbers as the tool writes them, and in no other way: a phone that writes ten thousand as 10.000 must not pass for one that took ten.
 *   whole     digits
 *   streamed  a double through a C++ stream: no zero at the end of its decimals, and an exponent from a million on
 *   fixed     two or more decimals, always there
 */
export const number = {
  whole: String.raw`\d+`,
  streamed: String.raw`\d+(?:\.\d*[1-9])?(?:e\+\d\d)?`,
  fixed: String.raw`\d+\.\d\d+`,
} as const
/** Microseconds as they are written → milliseconds, digit by digit: dividing by a thousand would round. */
export function milliseconds(microseconds: string): number {
  const [digits = '', exponent = '0'] = microseconds.split('e')
  return Number(`${digits}e${Number(exponent) - 3}`)
}

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
