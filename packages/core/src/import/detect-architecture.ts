import { type Architecture, architectureNames, type Block, namedArchitecture } from '../architecture/index.js'
import type { Tensors } from '../contracts/index.js'
import { type Place, placesOf } from './names/along-table.js'

/** A row of the table as far as the shapes of its tensors tell: strides and skips have none. */
interface SeenRow {
  readonly repeats: number
  readonly filters: number
  /** Operation, kernel, expansion and whether there is squeeze-and-excite, e.g. `mbconv k5 e3 se`. */
  readonly kind: string
}

/**
 * The published architecture whose rows are of the kinds seen, as wide and deep as the tensors are. Undefined when there is none: strides and
 * skips can only be known from a table.
 * @param tensors by our names, with the file's stages in the place of rows
 */
export function detectArchitecture(tensors: Tensors): Architecture | undefined {
  const rows = seeRows(tensors)
  const [stem, head] = [filtersOf(tensors, 'stem_conv'), filtersOf(tensors, 'head_conv')]
  const kinds = rows.map(({ kind }) => kind).join()
  const alike = architectureNames.map(namedArchitecture).filter(({ blocks }) => blocks.map(kindOfBlock).join() === kinds)
  if (alike.length === 0 || stem === undefined || head === undefined) return undefined
  const candidates = alike.map((base): Architecture => {
    const blocks = base.blocks.map(
      (block, row): Block => ({ ...block, repeats: rows[row]!.repeats, filters: rows[row]!.filters }),
    )
    return { ...base, stem: { ...base.stem, filters: stem }, blocks, head: { filters: head } }
  })
  for (const width of ['', ...widths]) {
    const exact = candidates.find((seen) => sameShapes(namedArchitecture(`${seen.name}${width}`), seen))
    if (exact) return { ...exact, name: `${exact.name}${width}` }
  }
  // As wide and deep as no published one.
  return { ...candidates[0]!, name: `${candidates[0]!.name}-variant` }
}

/** Whether both have the same tensors. */
export function sameShapes(one: Architecture, other: Architecture): boolean {
  const shapes = ({ stem, blocks, head }: Architecture) =>
    JSON.stringify([stem.filters, head.filters, ...blocks.map((block) => [block.repeats, block.filters, kindOfBlock(block)])])
  return shapes(one) === shapes(other)
}

/** Rows seen, in words: what an error says was received. */
export function describeRows(tensors: Tensors): string {
  return seeRows(tensors)
    .map(({ kind, repeats, filters }) => `${repeats}× ${kind} → ${filters}`)
    .join(', ')
}

/** Layers of one kind and of as many filters are a row, as far as a stage of the file goes. */
function seeRows(tensors: Tensors): readonly SeenRow[] {
  const rows: SeenRow[] = []
  let last: Place | undefined
  for (const place of placesOf(Object.keys(tensors))) {
    const seen = seeLayer(tensors, `block${place.stage}_${place.layer}`)
    if (seen === undefined) continue
    const row = rows.at(-1)
    if (row && last?.stage === place.stage && row.kind === seen.kind && row.filters === seen.filters)
      rows[rows.length - 1] = { ...row, repeats: row.repeats + 1 }
    else rows.push({ ...seen, repeats: 1 })
    last = place
  }
  return rows
}

const kernelOf = (tensors: Tensors, node: string) => tensors[`${node}.kernel`]
const filtersOf = (tensors: Tensors, node: string) => kernelOf(tensors, node)?.shape[0]

function seeLayer(tensors: Tensors, layer: string): Omit<SeenRow, 'repeats'> | undefined {
  const last = kernelOf(tensors, `${layer}_project`) ?? kernelOf(tensors, `${layer}_conv`)
  if (!last) return undefined
  const filters = last.shape[0]!
  const [depthwise, expand] = [kernelOf(tensors, `${layer}_depthwise`), kernelOf(tensors, `${layer}_expand`)]
  const kernel = (depthwise ?? last).shape[2]
  if (!depthwise) return { filters, kind: kindOf({ op: 'conv', kernel }) }
  const squeezeExcite = kernelOf(tensors, `${layer}_squeeze_reduce`) && 1
  if (!expand) return { filters, kind: kindOf({ op: 'separable', kernel, squeezeExcite }) }
  return { filters, kind: kindOf({ op: 'mbconv', kernel, expansion: expand.shape[0]! / expand.shape[1]!, squeezeExcite }) }
}

type Kind = Pick<Block, 'op' | 'expansion' | 'squeezeExcite'> & { readonly kernel: number | undefined }

function kindOf({ op, kernel, expansion, squeezeExcite }: Kind): string {
  return `${op} k${kernel}${expansion === undefined ? '' : ` e${expansion}`}${squeezeExcite === undefined ? '' : ' se'}`
}

/** An mbconv of expansion 1 has the tensors of a separable layer, unless it keeps its convolution. */
function kindOfBlock({ op, kernel, expansion, expansionConvolution, squeezeExcite }: Block): string {
  if (op === 'mbconv' && expansion === 1 && !expansionConvolution) return kindOf({ op: 'separable', kernel, squeezeExcite })
  return kindOf({ op, kernel, expansion, squeezeExcite })
}

/** Behind a name: widths in steps of .05, as the published ones are. */
const widths = Array.from({ length: 40 }, (_, step) => (step + 1) / 20)
  .filter((width) => width !== 1)
  .map((width) => `@${width}`)
