import type { Architecture } from '../../architecture/index.js'

/** A layer as a file counts: stage and place in it, both from 1. */
export interface Place {
  readonly stage: number
  readonly layer: number
}

/** What lies in a layer: `block3_1_depthwise.kernel` → stage 3, layer 1, `depthwise.kernel`. */
const inLayer = /^block(\d+)_(\d+)_(.+)$/

/** The layers that names speak of, one behind the other. */
export function placesOf(names: readonly string[]): readonly Place[] {
  const places = new Map<string, Place>()
  for (const name of names) {
    const [, stage, layer] = inLayer.exec(name) ?? []
    if (stage !== undefined) places.set(`${stage}_${layer}`, { stage: Number(stage), layer: Number(layer) })
  }
  return [...places.values()].sort((a, b) => a.stage - b.stage || a.layer - b.layer)
}

/**
 * Stages of a file as rows of a table. A library may build several rows as one stage (timm's Single-Path NAS), or all as one
 * list: the layers come in the table's order whatever they are counted by. A layer beyond the table's last comes behind all rows.
 * @param names ours, with the file's stages in the place of rows
 * @returns the table's name of each
 */
export function alongTable(names: readonly string[], { blocks }: Pick<Architecture, 'blocks'>): ReadonlyMap<string, string> {
  const rows = blocks.flatMap(({ repeats }, row) => Array.from({ length: repeats }, (_, layer) => `${row + 1}_${layer + 1}`))
  const places = placesOf(names)
  const found = new Map(places.map(({ stage, layer }, at) => [`${stage}_${layer}`, rows[at] ?? `${blocks.length + 1}_${at + 1}`]))
  return new Map(
    names.map((name) => {
      const [, stage, layer, rest] = inLayer.exec(name) ?? []
      return [name, stage === undefined ? name : `block${found.get(`${stage}_${layer}`)}_${rest}`]
    }),
  )
}
