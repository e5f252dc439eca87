import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'
import { temporaryFolder } from '../../../../../test/support/temporary-folder.js'
import { hubToken, startTestHub, type TestHub } from './test-hub.js'

/** A hub that all tests of a file talk to, and a folder of theirs; both go with the last of them. */
export function useTestHub(name: string) {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let hub: TestHub
  beforeAll(async () => {
    folder = await temporaryFolder(name)
    hub = await startTestHub()
  })
  afterAll(async () => {
    await hub.close()
    await folder.remove()
  })
  beforeEach(() => {
    vi.stubEnv('HF_ENDPOINT', hub.url)
    vi.stubEnv('HF_TOKEN', hubToken)
  })
  afterEach(() => vi.unstubAllEnvs())
  return {
    /** The folder; while the tests run. */
    get path(): string {
      return folder.path
    },
    get hub(): TestHub {
      return hub
    },
  }
}
