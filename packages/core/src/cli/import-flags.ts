import { Flags } from '@oclif/core'
import type { ImportRequest } from '../import/index.js'

type Pixels = readonly [number, number, number]

/** What `importFlags` gives. */
export interface StyleFlags {
  readonly labels?: string | undefined
  readonly 'crop-fraction'?: number | undefined
  readonly padding?: 'same' | 'symmetric' | undefined
  readonly epsilon?: number | undefined
  readonly mean?: Pixels | undefined
  readonly std?: Pixels | undefined
}

/** What weights do not say of themselves: of commands that import some. */
export const importFlags = () => ({
  labels: Flags.string({
    summary: "names of the classes, one per line (default: config.json's, or their indices)",
    helpValue: '<file>',
  }),
  'crop-fraction': upToOne(
    'MNAS_IMPORT_CROP',
    "evaluation crop divided by the resized short side: 224/256, or 232 for torchvision's newer weights (default: config.json's, or 0.875)",
  ),
  padding: Flags.option({
    options: ['same', 'symmetric'] as const,
    summary: "how convolutions are padded: as TensorFlow does, or ⌊k/2⌋ on every side (default: the library's)",
  })(),
  epsilon: upToOne('MNAS_IMPORT_EPSILON', "of the batch norms, e.g. 1e-3 (default: the library's)"),
  mean: pixelsFlag('mean', "subtracted from the pixels, of 0 to 255: three numbers (default: the library's)"),
  std: pixelsFlag('std', "what pixels are divided by: three numbers (default: the library's)"),
})

/** Only what was said. */
export function importWish(flags: StyleFlags): Pick<ImportRequest, 'style' | 'cropFraction' | 'labels'> {
  const { labels, padding, epsilon, mean, std, 'crop-fraction': cropFraction } = flags
  const style = {
    ...(padding && { padding }),
    ...(epsilon !== undefined && { batchNormEpsilon: epsilon }),
    ...(mean && { mean }),
    ...(std && { std }),
  }
  return {
    ...(Object.keys(style).length > 0 && { style }),
    ...(cropFraction !== undefined && { cropFraction }),
    ...(labels !== undefined && { labels }),
  }
}

function upToOne(code: 'MNAS_IMPORT_CROP' | 'MNAS_IMPORT_EPSILON', summary: string) {
  return Flags.custom<number>({
    summary,
    helpValue: '<x>',
    parse: async (text) => {
      const value = Number(text)
      if (value > 0 && value <= 1) return value
      const { importErrors } = await import('../import/index.js')
      throw importErrors[code]({ received: text })
    },
  })()
}

function pixelsFlag(flag: 'mean' | 'std', summary: string) {
  return Flags.custom<Pixels>({
    summary,
    helpValue: '<r,g,b>',
    parse: async (text) => {
      const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
      // Numbers for pixels of 0 to 1, taken for ones of 0 to 255, would spoil every answer.
      const fits = values.length === 3 && values.every((value) => (value > 1 || (flag === 'mean' && value === 0)) && value <= 255)
      if (fits) return values as unknown as Pixels
      const { importErrors } = await import('../import/index.js')
      throw importErrors.MNAS_IMPORT_PIXELS({ flag: `--${flag}`, received: text })
    },
  })()
}
