import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leaseRun, type RunFile, type RunStore } from '@mnas/plugin-search'
import { afterEach, beforeEach } from 'vitest'

const runFile: RunFile = { version: 1, kind: 'search', createdAt: '', settings: {}, plan: {}, versions: {} }

/** A new run in a folder. */
export async function openNewRun(folder: string, settings: RunFile['settings']): Promise<RunStore> {
  return (await leaseRun(folder)).create({ ...runFile, settings })
}

/** Runs in a folder of each test's own; what a test leaves open is closed behind it. */
export function temporaryRuns() {
  let folder = ''
  const open = new Set<RunStore>()
  const close = (store: RunStore): void => {
    open.delete(store)
    store.close()
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnas-search-'))
  })
  afterEach(async () => {
    for (const store of open) close(store)
    await rm(folder, { recursive: true, force: true })
  })
  return {
    /** Makes the run of that name, or goes on with it. */
    async openStore(name = 'run'): Promise<RunStore> {
      const leased = await leaseRun(join(folder, name))
      const store = await (leased.existing ? leased.resume({}) : leased.create(runFile))
      open.add(store)
      return store
    },
    close,
  }
}
