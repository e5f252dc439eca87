import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder for one test file; `remove` it afterwards. */
export async function temporaryFolder(name: string): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `mnas-${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
