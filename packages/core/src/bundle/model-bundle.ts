import { basename, resolve } from 'node:path'
import { z } from 'zod'
import type { Architecture } from '../architecture/index.js'
import { parseArchitecture } from '../architecture/index.js'
import type { JsonObject, Metrics, Preprocessing } from '../contracts/index.js'
import { bundleErrors } from './errors.js'

/**
 * What every command hands to the next. On disk it is a folder: `model.json` (this), `weights.safetensors`, `exports/` (files made of it),
 * perhaps `charts/` (pictures of how it was trained and of what it confuses) and perhaps `local/`, which belongs to this computer and is never published.
 */
export interface ModelBundle {
  readonly version: 1
  /** Files that are made of it are called so: no path. */
  readonly name: string
  /** What was trained and what is deployed; its `task.options` are those of the head. */
  readonly architecture: Architecture
  /** As in the architecture: who reads only labels and metrics need not look there. */
  readonly task: { readonly name: string; readonly options: JsonObject }
  /** By class index. */
  readonly labels: readonly string[]
  readonly preprocessing: Preprocessing
  /** Of these weights on the validation images: fractions 0–1, losses, counts. */
  readonly metrics: Metrics
  /** Which weights stand in weights.safetensors: the moving average of the training or its last ones. Batch-norm statistics are recomputed. */
  readonly weights: 'average' | 'raw'
  /** Where it comes from: data fingerprint, recipe, seed, versions. No local paths, no user names. */
  readonly provenance: JsonObject
}

/** Of one colour of a pixel. */
const level = z.number().min(0).max(255)
const triple = z.tuple([z.number(), z.number(), z.number()])

/** `Preprocessing`, in files. */
export const preprocessingSchema = z.strictObject({
  fit: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('crop'), fraction: z.number().gt(0).max(1) }),
    z.strictObject({ kind: z.literal('stretch') }),
    z.strictObject({ kind: z.literal('letterbox'), fill: z.tuple([level, level, level]) }),
  ]),
  mean: triple,
  std: triple,
  exif: z.literal('applied'),
})

/** A separator would lead elsewhere whoever writes files under the name. */
const bundleName = z.string().regex(/^[^/\\\p{Cc}]+$/u, 'a name without slashes, backslashes and control characters')

const bundleSchema = z.strictObject({
  version: z.literal(1),
  name: bundleName,
  architecture: z.unknown(),
  task: z.strictObject({ name: z.string().min(1), options: z.record(z.string(), z.json()) }),
  labels: z.array(z.string()),
  preprocessing: preprocessingSchema,
  metrics: z.record(z.string(), z.number()),
  weights: z.literal(['average', 'raw']),
  provenance: z.record(z.string(), z.json()),
})

/** What a bundle is called that is written into a folder: as the folder, as far as a name may say it. */
export const bundleNameOf = (folder: string): string => basename(resolve(folder)).replace(/[\\\p{Cc}]/gu, '-')

/** @param path of the model.json, for errors. @throws MNAS_BUNDLE_CORRUPT, MNAS_BUNDLE_VERSION, MNAS_ARCHITECTURE_… */
export function parseBundle(json: unknown, path: string): ModelBundle {
  const received = (json as { version?: unknown } | null)?.version
  if (typeof received === 'number' && received > 1) throw bundleErrors.MNAS_BUNDLE_VERSION({ path, expected: 1, received })
  const result = bundleSchema.safeParse(json)
  if (!result.success) throw corrupt(path, json, result.error)
  return {
    ...result.data,
    architecture: parseArchitecture(result.data.architecture, `The architecture in ${path}`),
  } as ModelBundle
}

function corrupt(path: string, json: unknown, error: z.ZodError): Error {
  const issue = error.issues[0]!
  const field = issue.path.join('.') || 'the whole file'
  const received = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], json)
  return bundleErrors.MNAS_BUNDLE_CORRUPT(
    { path, field, expected: issue.message.replace(/^Invalid (input|option): expected /, ''), received },
    error,
  )
}
