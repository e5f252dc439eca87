import type { ReportedRow } from './report-architecture.js'

/** The layers of a row: `3 × mbconv3 5x5 /2, se 0.25, identity`. */
export function rowInWords({ row, layers }: Pick<ReportedRow, 'row' | 'layers'>): string {
  if (!layers) return row === 'stem' ? 'convolution' : '1x1 convolution and the task'
  const { op, repeats, kernel, stride, expansion, expansionConvolution, squeezeExcite, skip } = layers
  const kept = expansionConvolution ? ' with 1x1' : ''
  const stride2 = stride === 1 ? '' : ` /${stride}`
  const squeeze = squeezeExcite === undefined ? '' : `, se ${squeezeExcite}`
  return `${repeats} × ${op}${expansion ?? ''}${kept} ${kernel}x${kernel}${stride2}${squeeze}${skip === 'none' ? '' : `, ${skip}`}`
}
