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

/** Rows that timm builds as one stage: of Single-Path NAS and FBNet-C so many each, of all others one. */
const rowsOfStages: Readonly<Record<string, readonly number[]>> = {
  spnasnet: [1, 1, 2, 2, 2, 1, 1],
  'fbnet-c': [1, 2, 4, 3, 2, 1, 1],
}

/** Where timm counts a layer: its stage, and its place there. */
function placesOf({ name, blocks }: Architecture): (block: number, layer: number) => string {
  const stages = (rowsOfStages[name] ?? blocks.map(() => 1)).flatMap((rows, stage) => Array.from({ length: rows }, () => stage))
  return (block, layer) => {
    const before = blocks.slice(0, block).filter((_, row) => stages[row] === stages[block])
    return `${stages[block]}.${before.reduce((sum, { repeats }) => sum + repeats, layer)}`
  }
}

/** As timm's efficientnet.py and _efficientnet_blocks.py name what they build. */
export function timmState(architecture: Architecture): StateDictionary {
  const { stem, head, blocks } = architecture
  const placeOf = placesOf(architecture)
  const layers = layersOf(architecture).map(({ op, block, layer, input, expanded, kernel, filters, squeezeExcite }) => {
    const name = `blocks.${placeOf(block, layer)}`
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

/** As the package efficientnet-lite-pytorch does: all layers in one list. */
export function efficientnetLiteState(architecture: Architecture): StateDictionary {
  const { stem, head, blocks } = architecture
  const layers = layersOf(architecture).map(({ op, input, expanded, kernel, filters }, place) => {
    const name = `_blocks.${place}`
    return {
      ...(op === 'mbconv' && { [`${name}._expand_conv.weight`]: [expanded, input, 1, 1], ...norm(`${name}._bn0`, expanded) }),
      [`${name}._depthwise_conv.weight`]: [expanded, 1, kernel, kernel],
      ...norm(`${name}._bn1`, expanded),
      [`${name}._project_conv.weight`]: [filters, expanded, 1, 1],
      ...norm(`${name}._bn2`, filters),
    }
  })
  return Object.assign({}, ...layers, {
    '_conv_stem.weight': [stem.filters, 3, stem.kernel, stem.kernel],
    ...norm('_bn0', stem.filters),
    '_conv_head.weight': [head.filters, blocks.at(-1)!.filters, 1, 1],
    ...norm('_bn1', head.filters),
    '_fc.weight': [classesOf(architecture), head.filters],
    '_fc.bias': [classesOf(architecture)],
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
