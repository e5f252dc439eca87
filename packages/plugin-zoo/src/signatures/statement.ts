import { createHash } from 'node:crypto'
import { z } from 'zod'
import { sha256 } from '../entry/claims.js'

/** A file as a signature names it. */
export interface SignedFile {
  /** With `/` between its parts. */
  readonly path: string
  readonly sha256: string
}

export const statementType = 'https://in-toto.io/Statement/v1'
export const predicateType = 'https://model_signing/signature/v1.0'
const mostFiles = 10_000

const digest = z.object({ sha256 })
/** Others may say more: what is not read here is not looked at. */
export const statementSchema = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string().max(500), digest })).length(1),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    serialization: z.object({ method: z.literal('files'), hash_type: z.literal('sha256') }),
    resources: z.array(z.object({ name: z.string().max(500), algorithm: z.literal('sha256'), digest: sha256 })).max(mostFiles),
  }),
})
export type Statement = z.infer<typeof statementSchema>

/**
 * What is signed, as OpenSSF Model Signing 1.0 writes it: an in-toto statement that names every file with its hash, and as its
 * subject the hash over these in the order of their names.
 * @param name of what is signed
 */
export function statementOf(name: string, files: readonly SignedFile[]): Statement {
  const sorted = [...files].sort((a, b) => byParts(a.path, b.path))
  const resources = sorted.map((file) => ({ algorithm: 'sha256' as const, digest: file.sha256, name: file.path }))
  return {
    _type: statementType,
    subject: [{ name, digest: { sha256: rootOf(resources) } }],
    predicateType,
    predicate: { serialization: serialization as Statement['predicate']['serialization'], resources },
  }
}

const serialization = { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: [] }

/** Folder by folder: `a/b` comes before `a.b`, as Python sorts paths. */
function byParts(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')]
  const at = a.findIndex((part, i) => part !== b[i])
  if (at === -1) return a.length - b.length
  return b[at] === undefined || a[at]! > b[at] ? 1 : -1
}

/** @param resources in the order in which they were signed */
export function rootOf(resources: readonly { readonly digest: string }[]): string {
  const root = createHash('sha256')
  for (const { digest: hash } of resources) root.update(Buffer.from(hash, 'hex'))
  return root.digest('hex')
}
