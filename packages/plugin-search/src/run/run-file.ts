import { join } from 'node:path'
import type { JsonObject } from '@mnas/core/contracts'
import { coreErrors, describeIssues } from '@mnas/core/errors'
import { exists, jsonText, readJson, writeAtomic } from '@mnas/core/files'
import { z } from 'zod'
import { searchErrors } from '../errors.js'

const object = z.record(z.string(), z.json())
const schema = z.strictObject({
  version: z.literal(1),
  kind: z.string(),
  createdAt: z.string(),
  /** Everything that decides what the run finds: a resume must ask for the same. */
  settings: object,
  /** What was chosen once and is given back on resume: the execution plan. */
  plan: object,
  /** What runs behind the candidates' graphs, measured once. */
  postProcessing: z
    .strictObject({
      operator: z.string(),
      on: z.string(),
      latencyMs: z.number().min(0).nullable(),
      stable: z.boolean(),
    })
    .optional(),
  /** Of mnas and Node, for the record. */
  versions: object,
})

/** What an operator behind the graphs takes, the same for every candidate. */
export interface PostProcessingCost {
  readonly operator: string
  /** What it was timed on, for people. */
  readonly on: string
  /** null: left out, since nothing here can time it. */
  readonly latencyMs: number | null
  readonly stable: boolean
}

/** `run.json`: what a run is. */
export interface RunFile {
  readonly version: 1
  readonly kind: string
  readonly createdAt: string
  readonly settings: JsonObject
  readonly plan: JsonObject
  /** Absent: nothing runs behind the graphs, or nobody says what to time it on. */
  readonly postProcessing?: PostProcessingCost
  readonly versions: JsonObject
}

export const runFilePath = (folder: string): string => join(folder, 'run.json')

export async function writeRunFile(folder: string, run: RunFile): Promise<void> {
  await writeAtomic(runFilePath(folder), jsonText(run))
}

/** The run of a folder, or null when it holds none. @throws MNAS_RUN_CORRUPT, MNAS_RUN_VERSION */
export async function readRunFile(folder: string): Promise<RunFile | null> {
  const path = runFilePath(folder)
  // Nor is there one below a file.
  if (!(await exists(path))) return null
  const json = await readJson(path, ({ kind, reason, cause }) =>
    kind === 'unreadable'
      ? coreErrors.MNAS_FILE_MISSING({ path, what: `Run file (${reason})` }, cause)
      : searchErrors.MNAS_RUN_CORRUPT({ path, reason }, cause),
  )
  return json === null ? null : parseRunFile(folder, json)
}

function parseRunFile(folder: string, json: unknown): RunFile {
  const path = runFilePath(folder)
  const received = (json as { version?: unknown } | null)?.version
  if (typeof received === 'number' && received > 1) throw searchErrors.MNAS_RUN_VERSION({ folder, expected: 1, received })
  const result = schema.safeParse(json)
  if (result.success) return result.data as RunFile
  const reason = describeIssues(result.error, 'file')
  throw searchErrors.MNAS_RUN_CORRUPT({ path, reason })
}
