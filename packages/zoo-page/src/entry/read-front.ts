import { pageErrors } from '@mnas/plugin-zoo'

/** A network of a front, as `mnas search front --json` tells it. */
export interface Candidate {
  readonly id: string
  /** 0–1, after the proxy training. */
  readonly accuracy: number
  readonly latencyMs: number
}

/** The file with the role `front`: the answer of `mnas search front --json`. @throws MNAS_PAGE_ZOO */
export function readFront(bytes: Uint8Array): readonly Candidate[] {
  const { candidates } = parse(bytes)
  if (!Array.isArray(candidates) || !candidates.every(isCandidate)) throw wrong()
  return candidates
}

function parse(bytes: Uint8Array): { readonly candidates?: unknown } {
  try {
    return (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as { readonly candidates?: unknown }
  } catch (error) {
    throw wrong(error)
  }
}

function isCandidate(value: unknown): value is Candidate {
  const { id, accuracy, latencyMs } = (value ?? {}) as Readonly<Record<string, unknown>>
  return typeof id === 'string' && Number.isFinite(accuracy) && Number.isFinite(latencyMs)
}

const wrong = (cause?: unknown) =>
  pageErrors.MNAS_PAGE_ZOO({ what: 'the front of the search', expected: 'candidates with id, accuracy and latencyMs' }, cause)
