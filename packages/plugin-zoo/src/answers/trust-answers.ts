import { type AnswerOf, hash, version } from '@mnas/core/answers'
import { z } from 'zod'

const trusted = z
  .strictObject({
    pattern: z.string().describe('of the names of entries, or of locations of zoos; `*` stands for anything'),
    mode: z.literal(['warn', 'enforce']).describe('what becomes of something that no trusted key signed'),
    key: hash.describe('sha256 of the public key as PEM: what signatures carry'),
  })
  .meta({ id: 'TrustedKey', description: 'Whose signature counts for which names.' })

export const zooTrustAnswer = z.strictObject({
  version,
  file: z.string().describe('where the list lies'),
  trusted: z.array(trusted).describe('all of it, as it is now'),
})
export type ZooTrustAnswer = AnswerOf<typeof zooTrustAnswer>

export const zooKeyAnswer = z.strictObject({
  version,
  private: z.string().describe('file of the private key, for its owner alone'),
  public: z.string().describe('file of the public key, for everybody'),
  key: hash.describe('sha256 of the public key as PEM: what signatures carry'),
})
export type ZooKeyAnswer = AnswerOf<typeof zooKeyAnswer>
