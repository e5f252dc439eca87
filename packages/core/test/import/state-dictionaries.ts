import type { Architecture } from '@mnas/core/architecture'

/** Names and shapes of a PyTorch state dictionary. */
export type StateDictionary = Readonly<Record<string, readonly number[]>>

const norm = (name: string, filters: number): StateDictionary =>
  Object.fromEntries(['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`${name}.${part}`, [filters]]))

const classesOf = ({ task }: Architecture) => (task.options as { readonly classes: number }).classes

/** Layers of all rows with the filters they receive. */
function layersOf({ stem, blocks }: Architecture) {
  let input = stem.filters
  return blocks.flatMap((row, block) =>
    Array.from({ length: row.repeats }, (_, layer) => {
      const described = { ...row, block, layer, input, expanded: input * (row.expansion ?? 1) }
      input = row.filters
      return described
    }),
  )
}

/** As timm's efficientnet.py and _efficientnet_blocks.py name what they build. */
export function timmState(architecture: Architecture): StateDictionary {
  const { stem, head, blocks } = architecture
  const layers = layersOf(architecture).map(({ op, block, layer, input, expanded, kernel, filters, squeezeExcite }) => {
    const name = `blocks.${block}.${layer}`
    const reduced = squeezeExcite && Math.floor(input * squeezeExcite)
    const expands = op === 'mbconv'
    return {
      ...(expands && { [`${name}.conv_pw.weight`]: [expanded, input, 1, 1], ...norm(`${name}.bn1`, expanded) }),
      [`${name}.conv_dw.weight`]: [expanded, 1, kernel, kernel],
      ...norm(`${name}.${expands ? 'bn2' : 'bn1'}`, expanded),
      ...(reduced && {
        [`${name}.se.conv_reduce.weight`]: [reduced, expanded, 1, 1],
        [`${name}.se.conv_reduce.bias`]: [reduced],
        [`${name}.se.conv_expand.weight`]: [expanded, reduced, 1, 1],
        [`${name}.se.conv_expand.bias`]: [expanded],
      }),
      [`${name}.${expands ? 'conv_pwl' : 'conv_pw'}.weight`]: [filters, expanded, 1, 1],
      ...norm(`${name}.${expands ? 'bn3' : 'bn2'}`, filters),
    }
  })
  return Object.assign({}, ...layers, {
    'conv_stem.weight': [stem.filters, 3, stem.kernel, stem.kernel],
    ...norm('bn1', stem.filters),
    'conv_head.weight': [head.filters, blocks.at(-1)!.filters, 1, 1],
    ...norm('bn2', head.filters),
    'classifier.weight': [classesOf(architecture), head.filters],
    'classifier.bias': [classesOf(architecture)],
  })
}

/** As torchvision's mnasnet.py does. */
export function torchvisionMnasnetState(architecture: Architecture): StateDictionary {
  const { stem, head, blocks } = architecture
  const [first, ...others] = layersOf(architecture)
  const layers = others.map(({ block, layer, input, expanded, kernel, filters }) => {
    const name = `layers.${block + 7}.${layer}.layers`
    return {
      [`${name}.0.weight`]: [expanded, input, 1, 1],
      ...norm(`${name}.1`, expanded),
      [`${name}.3.weight`]: [expanded, 1, kernel, kernel],
      ...norm(`${name}.4`, expanded),
      [`${name}.6.weight`]: [filters, expanded, 1, 1],
      ...norm(`${name}.7`, filters),
    }
  })
  return Object.assign({}, ...layers, {
    'layers.0.weight': [stem.filters, 3, stem.kernel, stem.kernel],
    ...norm('layers.1', stem.filters),
    'layers.3.weight': [stem.filters, 1, first!.kernel, first!.kernel],
    ...norm('layers.4', stem.filters),
    'layers.6.weight': [first!.filters, stem.filters, 1, 1],
    ...norm('layers.7', first!.filters),
    'layers.14.weight': [head.filters, blocks.at(-1)!.filters, 1, 1],
    ...norm('layers.15', head.filters),
    'classifier.1.weight': [classesOf(architecture), head.filters],
    'classifier.1.bias': [classesOf(architecture)],
  })
}
