import { type Architecture, architectureNames, type Block, namedArchitecture } from '../architecture/index.js'
import type { Tensors } from '../contracts/index.js'

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
 * @param tensors by our names
 */
export function detectArchitecture(tensors: Tensors): Architecture | undefined {
  const rows = seeRows(tensors)
  const [stem, head] = [filtersOf(tensors, 'stem_conv'), filtersOf(tensors, 'head_conv')]
  const base = architectureNames
    .map(namedArchitecture)
    .find(({ blocks }) => blocks.map(kindOf).join() === rows.map(({ kind }) => kind).join())
  if (!base || stem === undefined || head === undefined) return undefined
  const blocks = base.blocks.map((block, row): Block => ({ ...block, repeats: rows[row]!.repeats, filters: rows[row]!.filters }))
  const seen: Architecture = { ...base, stem: { ...base.stem, filters: stem }, blocks, head: { filters: head } }
  return { ...seen, name: nameOf(seen) }
}

/** Rows seen, in words: what an error says was received. */
export function describeRows(tensors: Tensors): string {
  return seeRows(tensors)
    .map(({ kind, repeats, filters }) => `${repeats}× ${kind} → ${filters}`)
    .join(', ')
}

function seeRows(tensors: Tensors): readonly SeenRow[] {
  const rows: SeenRow[] = []
  for (let row = 1; ; row++) {
    let repeats = 0
    while (lastConv(tensors, `block${row}_${repeats + 1}`)) repeats++
    if (repeats === 0) return rows
    const layer = `block${row}_1`
    rows.push({ repeats, filters: lastConv(tensors, layer)!.shape[0]!, kind: seeKind(tensors, layer) })
  }
}

const kernelOf = (tensors: Tensors, node: string) => tensors[`${node}.kernel`]
const filtersOf = (tensors: Tensors, node: string) => kernelOf(tensors, node)?.shape[0]
const lastConv = (tensors: Tensors, layer: string) => kernelOf(tensors, `${layer}_project`) ?? kernelOf(tensors, `${layer}_conv`)

function seeKind(tensors: Tensors, layer: string): string {
  const [depthwise, expand] = [kernelOf(tensors, `${layer}_depthwise`), kernelOf(tensors, `${layer}_expand`)]
  const kernel = (depthwise ?? lastConv(tensors, layer))?.shape[2]
  if (!depthwise) return kindOf({ op: 'conv', kernel })
  const squeezeExcite = kernelOf(tensors, `${layer}_squeeze_reduce`) && 1
  if (!expand) return kindOf({ op: 'separable', kernel, squeezeExcite })
  return kindOf({ op: 'mbconv', kernel, expansion: expand.shape[0]! / expand.shape[1]!, squeezeExcite })
}

type Kind = Pick<Block, 'op' | 'expansion' | 'squeezeExcite'> & { readonly kernel: number | undefined }

function kindOf({ op, kernel, expansion, squeezeExcite }: Kind): string {
  return `${op} k${kernel}${expansion === undefined ? '' : ` e${expansion}`}${squeezeExcite === undefined ? '' : ' se'}`
}

/** Widths in steps of .05, as the published ones are. */
const widths = Array.from({ length: 40 }, (_, step) => (step + 1) / 20)

/** `mnasnet-b1@0.75` when that is exactly what was seen; else the name says only what it is a variant of. */
function nameOf(seen: Architecture): string {
  const candidates = [seen.name, ...widths.filter((width) => width !== 1).map((width) => `${seen.name}@${width}`)]
  const shape = ({ stem, blocks, head }: Architecture) => JSON.stringify([stem, blocks, head])
  return candidates.find((name) => shape(namedArchitecture(name)) === shape(seen)) ?? `${seen.name}-variant`
}
