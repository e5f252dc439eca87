import { type Html, html } from './html.js'

/** A cell: a name, a number, which stands at the right, or a text that may take several lines. */
export type Cell = string | { readonly number: string } | { readonly long: string }

export interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  /** As many cells each as columns; the first names the row. */
  readonly rows: readonly (readonly Cell[])[]
}

/** Wider than the page, it scrolls by itself, by keys too. */
export function tableOf({ caption, columns, rows }: Table): Html {
  const kinds = columns.map((_, index) => kindOf(rows[0]?.[index] ?? ''))
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${columns.map((name, index) => html`<th scope="col" class="${kinds[index]!}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(rowOf)}</tbody></table></div>`
}

function rowOf([first, ...cells]: readonly Cell[]): Html {
  return html`<tr><th scope="row" class="${kindOf(first!)}">${textOf(first!)}</th>${cells.map(
    (cell) => html`<td class="${kindOf(cell)}">${textOf(cell)}</td>`,
  )}</tr>
`
}

function kindOf(cell: Cell): 'name' | 'number' | 'long' {
  if (typeof cell === 'string') return 'name'
  return 'number' in cell ? 'number' : 'long'
}

function textOf(cell: Cell): string {
  if (typeof cell === 'string') return cell
  return 'number' in cell ? cell.number : cell.long
}

/** A table that is opened by those who want it. */
export function foldedTable(table: Table): Html {
  return html`<details><summary>${table.caption}, as a table</summary>${tableOf(table)}</details>`
}
