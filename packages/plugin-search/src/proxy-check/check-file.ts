import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionPlan, JsonObject } from '@mnas/core/contracts'
import { coreErrors, describeIssues } from '@mnas/core/errors'
import { exists, jsonText, readJson, reasonOf, writeAtomic } from '@mnas/core/files'
import { acquireLease, type Lease, leaseFile, settingsDifferences } from '@mnas/core/storage'
import { z } from 'zod'
import { searchErrors } from '../errors.js'

const object = z.record(z.string(), z.json())
const schema = z.strictObject({
  version: z.literal(1),
  createdAt: z.string(),
  /** Everything that decides what comes out: who goes on has to ask for the same. */
  settings: object,
  /** Of the reference; it follows from the time where nobody says it. */
  epochs: z.int().min(1),
  plan: object,
})

/** `proxy-check.json`: what a check is. The trainings lie beside it, by the hashes of their jobs. */
export interface CheckFile {
  readonly settings: JsonObject
  readonly epochs: number
  readonly plan: ExecutionPlan
}

export interface LeasedCheck {
  /** Null when the folder holds none yet. */
  readonly existing: CheckFile | null
  create(check: CheckFile): Promise<void>
  release(): void
}

const fileName = 'proxy-check.json'

/**
 * Becomes the only writer of a check's folder, which is made when missing.
 * @throws MNAS_RUN_LOCKED, MNAS_RUN_FOLDER, MNAS_RUN_CORRUPT, MNAS_RUN_SETTINGS when it was begun with other settings,
 * MNAS_FILE_WRITE
 */
export async function leaseCheck(folder: string, settings: JsonObject): Promise<LeasedCheck> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw coreErrors.MNAS_FILE_WRITE({ path: folder, reason: reasonOf(error) }, error)
  })
  await requireOwnOrEmpty(folder)
  const lease: Lease = await acquireLease(folder)
  try {
    const existing = await readCheck(folder)
    if (existing) requireSame(folder, existing.settings, settings)
    return {
      existing,
      create: (check) =>
        writeAtomic(
          join(folder, fileName),
          jsonText({ version: 1, createdAt: new Date().toISOString(), ...check, plan: { ...check.plan } }),
        ),
      release: () => lease.release(),
    }
  } catch (error) {
    lease.release()
    throw error
  }
}

async function requireOwnOrEmpty(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.includes(fileName)) return
  const found = names.find((name) => !name.startsWith(leaseFile) && !name.startsWith(fileName))
  if (found !== undefined) throw searchErrors.MNAS_RUN_FOLDER({ folder, received: `one that holds "${found}"` })
}

async function readCheck(folder: string): Promise<CheckFile | null> {
  const path = join(folder, fileName)
  if (!(await exists(path))) return null
  const json = await readJson(path, ({ reason, cause }) => searchErrors.MNAS_RUN_CORRUPT({ path, reason }, cause))
  const read = schema.safeParse(json)
  if (read.success) return read.data as unknown as CheckFile
  const reason = describeIssues(read.error, 'file')
  throw searchErrors.MNAS_RUN_CORRUPT({ path, reason })
}

function requireSame(folder: string, recorded: JsonObject, asked: JsonObject): void {
  const differences = settingsDifferences(recorded, asked)
  if (differences.length > 0) throw searchErrors.MNAS_RUN_SETTINGS({ folder, differences })
}
