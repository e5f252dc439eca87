/**
 * Lines of a table for people: columns of equal width, two spaces apart, numbers to the right.
 * @param rows as many cells each as the header; a cell that begins with a digit counts as a number
 */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const numeric = header.map((_, column) => rows.every((row) => /^(\d|$)/.test(row[column]!)))
  return [header, ...rows].map((row) =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
