import { formatTable } from '@mnas/core/text'
import type { ZooTrustAnswer } from '../answers/index.js'
import { keyId } from './keys.js'
import { type TrustList, trustPath } from './trust-list.js'

export const trustAnswerOf = (trust: TrustList): ZooTrustAnswer => ({
  version: 1,
  file: trustPath(),
  trusted: trust.map(({ pattern, mode, key }) => ({ pattern, mode, key: keyId(key) })),
})

export function describeTrust(trust: TrustList): readonly string[] {
  if (trust.length === 0) return ['No key is trusted for anything.']
  const rows = trust.map(({ pattern, mode, key }) => [pattern, mode, keyId(key).slice(0, 12)])
  return formatTable(['PATTERN', 'MODE', 'KEY'], rows)
}
