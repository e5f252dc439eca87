import { printable } from '../events/index.js'

/** About `123`, `3.2 ms`, `≈ 3.2 ms`, and no cell at all. */
const number = /^(≈ )?(\d|$)/

/**
 * Lines of a table for people: columns of equal width, two spaces apart, numbers to the right. Cells are made printable.
 * @param rows as many cells each as the header; a cell that begins with a digit counts as a number
 * @param names titles of columns that are names even where they begin with a digit
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  names: readonly string[] = [],
): readonly string[] {
  const numeric = header.map((title, column) => !names.includes(title) && rows.every((row) => number.test(row[column]!)))
  const shown = [header, ...rows].map((row) => row.map(printable))
  const widths = header.map((_, column) => shown.reduce((width, row) => Math.max(width, row[column]!.length), 0))
  return shown.map((row) =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
