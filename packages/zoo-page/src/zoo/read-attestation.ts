import type { AccuracyClaim, LatencyClaim } from '@mnas/plugin-zoo'
import { isAccuracyClaim, isLatencyClaim } from './claim-shapes.js'

/** What somebody measured again of an entry, and the key that he signed it with, as his file says: nothing of it is checked here. */
export interface Attested {
  readonly key: string
  readonly accuracy: readonly AccuracyClaim[]
  readonly latency: readonly LatencyClaim[]
}

interface Envelope {
  readonly verificationMaterial?: { readonly publicKey?: { readonly hint?: unknown } }
  readonly dsseEnvelope?: { readonly payload?: unknown }
}

interface Statement {
  readonly subject?: readonly { readonly digest?: { readonly sha256?: unknown } }[]
  readonly predicate?: { readonly accuracy?: unknown; readonly latency?: unknown }
}

/** @param digest of the entry that it must be about. @returns null for what is none, or of another entry */
export function readAttestation(bytes: Uint8Array, digest: string): Attested | null {
  try {
    const { verificationMaterial, dsseEnvelope } = JSON.parse(new TextDecoder().decode(bytes)) as Envelope
    const payload = Uint8Array.from(atob(String(dsseEnvelope?.payload)), (letter) => letter.charCodeAt(0))
    const { subject, predicate } = JSON.parse(new TextDecoder().decode(payload)) as Statement
    if (subject?.[0]?.digest?.sha256 !== digest) return null
    const { hint } = verificationMaterial?.publicKey ?? {}
    return {
      key: typeof hint === 'string' ? hint : '',
      accuracy: attestedOnly(predicate?.accuracy, isAccuracyClaim),
      latency: attestedOnly(predicate?.latency, isLatencyClaim),
    }
  } catch {
    return null
  }
}

/** Claims, and no others: whoever attests may call his numbers nothing else. What is no claim is left out. */
function attestedOnly<C extends { readonly basis: string }>(
  claims: unknown,
  isClaim: (value: unknown) => value is C,
): readonly C[] {
  return Array.isArray(claims) ? claims.filter(isClaim).filter(({ basis }) => basis === 'attested') : []
}
