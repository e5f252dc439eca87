import type { Edge, OutputContent, PostProcessing } from '@mnas/core/contracts'
import { labelFileName } from './label-file.js'
import type { DescribedOutput, OutputGroup } from './model-description.js'

/** In the order in which the schema counts the boundaries of a box. */
const edges: readonly Edge[] = ['left', 'top', 'right', 'bottom']

/** What clients call outputs of each content, and look for. Source: the metadata writer of MediaPipe. */
const names: { readonly [K in OutputContent['kind']]: string } = {
  regions: 'location',
  labels: 'category',
  scores: 'score',
  count: 'number of detections',
}

const descriptions: { readonly [K in OutputContent['kind']]: string } = {
  regions: 'Where each thing is: its sides as shares of the input.',
  labels: 'What each thing is: the index of its label.',
  scores: 'How sure that is, 0 to 1.',
  count: 'How many things there are; what stands behind them means nothing.',
}

/** @param named whether a file of labels goes along */
export function describePostProcessed({ outputs }: PostProcessing, named: boolean): readonly DescribedOutput[] {
  return outputs.map(({ content }) => ({
    name: names[content.kind],
    description: descriptions[content.kind],
    labelFile: named && content.kind === 'labels' ? { name: labelFileName, of: 'values' } : null,
    content: content.kind === 'regions' ? boundaries(content.order) : { kind: 'feature' },
  }))
}

const boundaries = (order: readonly Edge[]) => ({ kind: 'boundaries', index: edges.map((edge) => order.indexOf(edge)) }) as const

/** Those that have a row for the same thing each. */
export function groupsOf({ outputs }: PostProcessing): readonly OutputGroup[] {
  const rows = outputs.filter(({ content }) => content.kind !== 'count')
  return rows.length > 1 ? [{ name: 'detection_result', outputs: rows.map(({ content }) => names[content.kind]) }] : []
}
