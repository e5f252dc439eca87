import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobStore } from '@mnas/core/contracts'
import { withBlob } from '@mnas/core/jobs'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => void vi.unstubAllEnvs())

test('a blob for which there is no temporary place is not called damaged', async () => {
  const nowhere = join(tmpdir(), 'mnas-nowhere')
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) vi.stubEnv(name, nowhere)
  const failure = { code: 'MNAS_FILE_WRITE', message: expect.stringContaining(`"${nowhere}": it does not exist`) }
  await expect(withBlob({} as BlobStore, 'hash', async () => 1)).rejects.toMatchObject(failure)
})
