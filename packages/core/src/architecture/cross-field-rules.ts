import type { z } from 'zod'
import { resolutionsOf, type Strided } from './resolutions.js'

/** What a custom issue carries, so that parseArchitecture can raise the error that belongs to it. */
export interface BrokenRule {
  readonly rule: 'row' | 'shape'
  readonly expected: string
  readonly received: string
}

interface Row {
  readonly op: 'conv' | 'separable' | 'mbconv'
  readonly expansion?: number | undefined
  readonly expansionConvolution?: true | undefined
  readonly squeezeExcite?: number | undefined
}

/** An expansion belongs to mbconv rows and to no others; squeeze-excite needs a depthwise convolution. */
export function checkRow(row: Row, context: z.core.$RefinementCtx): void {
  if (row.op === 'mbconv' && row.expansion === undefined) {
    breaks(context, ['expansion'], { rule: 'row', expected: 'an expansion on an mbconv row', received: 'none' })
  }
  if (row.op !== 'mbconv' && row.expansion !== undefined) {
    breaks(context, ['expansion'], { rule: 'row', expected: `no expansion on a ${row.op} row`, received: String(row.expansion) })
  }
  if (row.expansionConvolution && row.expansion !== 1) {
    const expected = 'it on mbconv rows of expansion 1 alone: others have their convolution, or none'
    const received = row.expansion === undefined ? `a ${row.op} row` : `an expansion of ${row.expansion}`
    breaks(context, ['expansionConvolution'], { rule: 'row', expected, received })
  }
  if (row.op === 'conv' && row.squeezeExcite !== undefined) {
    const received = String(row.squeezeExcite)
    breaks(context, ['squeezeExcite'], { rule: 'row', expected: 'no squeeze-excite on a conv row', received })
  }
}

/** Striding over a single pixel does nothing: an architecture that does so is a mistake. */
export function checkShapes(architecture: Strided, context: z.core.$RefinementCtx): void {
  const strides = resolutionsOf(architecture)
  const index = strides.findIndex(({ stride, input }) => stride > 1 && input < 2)
  if (index === -1) return
  const before = strides.slice(0, index).filter(({ stride }) => stride > 1).length
  breaks(context, index === 0 ? ['stem', 'stride'] : ['blocks', index - 1, 'stride'], {
    rule: 'shape',
    expected: `at least 2x2 pixels to stride over, so an input.size of at least ${2 ** before + 1}`,
    received: `1x1 pixel from an input.size of ${architecture.input.size}`,
  })
}

function breaks(context: z.core.$RefinementCtx, path: (string | number)[], rule: BrokenRule): void {
  context.addIssue({ code: 'custom', path, message: `Expected ${rule.expected}, received ${rule.received}`, params: { ...rule } })
}
