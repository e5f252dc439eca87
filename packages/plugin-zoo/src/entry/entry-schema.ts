import { z } from 'zod'
import { accuracyClaim, latencyClaim, sha256 } from './claims.js'
import { licenceExpression } from './licences.js'
import { lineage } from './lineage.js'
import { entryName, entryRelease } from './names.js'
import { collidingPaths, entryPath, isOwnPath } from './paths.js'
import { oneLine, text } from './texts.js'

/** Limits that hold before anything is read or fetched. */
export const entryLimits = { entryBytes: 2 ** 20, files: 64, fileBytes: 4 * 2 ** 30, claims: 256, depth: 32 } as const

/**
 * model: model.json of a bundle, or an architecture without weights. weights: safetensors. export: a file that a device runs (a tfjs folder is one
 * file each). golden: answers on the pictures that mnas draws. front: the networks that a search found best. chart, card, licence: to be read.
 */
export const fileRoles = ['model', 'weights', 'export', 'facts', 'golden', 'front', 'chart', 'card', 'licence'] as const

const entryFile = z.strictObject({
  path: entryPath,
  sha256,
  sizeBytes: z.int().min(0).max(entryLimits.fileBytes),
  role: z.enum(fileRoles),
  /** Of an export. */
  format: oneLine(60).optional(),
  precision: oneLine(60).optional(),
})

const said = text(2000).min(1)
const paragraph = text(20_000)

/** One release of a model: entry.json. Its digest is the sha256 of that file's bytes; a release never changes. */
export const entrySchema = z
  .strictObject({
    version: z.literal(1),
    name: entryName,
    release: entryRelease,
    task: oneLine(60).min(1),
    /** Hash of the architecture, as `mnas arch show` says it. */
    architecture: sha256,
    /** For people: `mnasnet-a1@0.5`. */
    architectureName: oneLine(120),
    /** Side of the input in pixels. */
    inputSize: z.int().min(1),
    parameters: z.int().min(0),
    multiplyAdds: z.int().min(0),
    classes: z.int().min(0).nullable(),
    files: z.array(entryFile).max(entryLimits.files),
    accuracy: z.array(accuracyClaim).max(entryLimits.claims),
    latency: z.array(latencyClaim).max(entryLimits.claims),
    lineage,
    licence: z.strictObject({
      weights: licenceExpression,
      code: licenceExpression,
      data: z
        .array(z.strictObject({ name: oneLine(2000).min(1), licence: licenceExpression.nullable(), terms: said.nullable() }))
        .max(entryLimits.files),
      /** The file with the role `licence`, by its hash. */
      text: sha256.nullable(),
      /** Why it is another one than its parent's, where it is. */
      relicensed: said.nullable(),
    }),
    card: z.strictObject({ summary: said, intendedUse: paragraph, limits: paragraph, risks: paragraph }),
    /** Digest of the entry that it replaces. */
    supersedes: sha256.nullable(),
  })
  .superRefine(({ files, accuracy, latency, licence, lineage }, context) => {
    const colliding = collidingPaths(files.map(({ path }) => path))
    if (colliding) wrong(['files'], `paths that differ in more than case: "${colliding[0]}" and "${colliding[1]}"`)
    const own = files.find(({ path }) => isOwnPath(path))
    if (own) wrong(['files'], `files beside entry.json, model.sig and attestations; one is called "${own.path}"`)
    const known = new Set(files.map((file) => file.sha256))
    const named = [...accuracy.map(({ file }) => file), ...latency.map(({ file }) => file), licence.text]
    const front = lineage.kind === 'training' ? (lineage.search?.front ?? null) : null
    for (const hash of [...named, front])
      if (hash !== null && !known.has(hash)) wrong(['files'], `a file for each claim; none has the hash ${hash}`)
    function wrong(path: readonly string[], message: string) {
      context.addIssue({ code: 'custom', path: [...path], message })
    }
  })

export type EntryFile = Readonly<z.infer<typeof entryFile>>
export type FileRole = (typeof fileRoles)[number]
export type ZooEntry = Readonly<z.infer<typeof entrySchema>>
