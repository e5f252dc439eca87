import type { Preprocessing } from '@mnas/core/contracts'
import { pageErrors } from '@mnas/plugin-zoo'

/** What of a bundle's model.json the page goes by. */
export interface BundleFacts {
  readonly side: number
  readonly labels: readonly string[]
  readonly preprocessing: Preprocessing
}

interface BundleFile {
  readonly version?: unknown
  readonly task?: { readonly name?: unknown }
  readonly labels?: unknown
  readonly architecture?: { readonly input?: { readonly size?: unknown } }
  readonly preprocessing?: { readonly fit?: { readonly kind?: unknown }; readonly mean?: unknown; readonly std?: unknown }
}

/** Beyond it no photo is drawn: the product's own limit is the same. */
const mostSide = 2048

/** @throws MNAS_PAGE_MODEL */
export function readBundle(bytes: Uint8Array): BundleFacts {
  const bundle = parse(bytes)
  const { labels, preprocessing, architecture, task } = bundle
  const side = architecture?.input?.size
  if (bundle.version !== 1) throw wrong('model.json of version 1')
  if (task?.name !== 'classification') throw wrong('a classifier: the page tries no other task yet', String(task?.name))
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) throw wrong('labels')
  if (!Number.isInteger(side) || (side as number) < 1 || (side as number) > mostSide)
    throw wrong(`a side of 1 to ${mostSide} pixels`)
  const { fit, mean, std } = preprocessing ?? {}
  if (!isFit(fit) || !isTriple(mean) || !isTriple(std)) throw wrong('a fit, a mean and a deviation of each channel')
  return { side: side as number, labels, preprocessing: { fit, mean, std, exif: 'applied' } }
}

function parse(bytes: Uint8Array): BundleFile {
  try {
    return (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as BundleFile
  } catch (error) {
    throw pageErrors.MNAS_PAGE_MODEL({ expected: 'JSON in model.json', received: 'something else' }, error)
  }
}

const wrong = (expected: string, received = 'something else') => pageErrors.MNAS_PAGE_MODEL({ expected, received })

const isTriple = (value: unknown): value is [number, number, number] =>
  Array.isArray(value) && value.length === 3 && value.every((number) => Number.isFinite(number))

function isFit(fit: unknown): fit is Preprocessing['fit'] {
  const { kind, fraction, fill } = (fit ?? {}) as {
    readonly kind?: unknown
    readonly fraction?: unknown
    readonly fill?: unknown
  }
  if (kind === 'crop') return typeof fraction === 'number' && fraction > 0 && fraction <= 1
  return kind === 'stretch' || (kind === 'letterbox' && isTriple(fill))
}
