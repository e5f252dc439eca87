import { rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { leaseFile } from '@mnas/core/storage'

/** run.json first: without it the rest is no run, should this be interrupted. */
const runFiles = ['run.json', 'run.db', 'run.db-journal', 'run.db-wal', 'run.db-shm', 'work']

export async function removeRunFiles(folder: string): Promise<void> {
  for (const name of runFiles) await rm(join(folder, name), { force: true, recursive: true })
}

/** After the lease was released. The folder stays when it holds anything that is not ours. */
export async function removeLeaseFile(folder: string): Promise<void> {
  await rm(join(folder, leaseFile), { force: true })
  await rmdir(folder).catch(() => undefined)
}
