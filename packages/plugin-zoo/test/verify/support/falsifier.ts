import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { createReporter } from '@mnas/core/events'
import type { Registry } from '@mnas/core/plugins'
import { testSurroundings } from '@mnas/core/testing'
import type { TrustList } from '#internal/signatures/trust-list.js'
import type { CheckedClaim, Level } from '#internal/verify/claim.js'
import { openEntryFolder } from '#internal/verify/entry-folder.js'
import { type Verification, verifyEntry } from '#internal/verify/verify-entry.js'
import { temporaryFolder } from '../../../../../test/support/temporary-folder.js'
import { listFiles, writeRandomEntry } from './random-entry.js'

/** An entry that nobody has changed, and what a verification finds of copies that somebody did change. */
export interface Falsifier {
  /** For the test's own files. */
  readonly path: string
  /** The entry's folder. */
  readonly whole: string
  /** @param trust default: nobody */
  verify(at: string, levels: readonly Level[], trust?: TrustList): Promise<Verification>
  /** What comes of an entry that somebody has changed with care: its hashes are right. */
  rowsAfter(change: (at: string) => Promise<unknown>, levels?: readonly Level[]): Promise<readonly CheckedClaim[]>
  remove(): Promise<void>
}

export async function openFalsifier(name: string, registry: Registry): Promise<Falsifier> {
  const folder = await temporaryFolder(name)
  const whole = join(folder.path, 'whole')
  await writeRandomEntry(whole, registry, folder.path)
  let copies = 0
  const verify = async (at: string, levels: readonly Level[], trust: TrustList = []) =>
    verifyEntry({
      ...{ registry, at: await openEntryFolder(at), levels, trust, engine: 'onnx', threads: 1 },
      ...{ data: null, device: null, deviceThreads: null },
      around: testSurroundings({ cacheFolder: folder.path }),
      reporter: createReporter('silent'),
    })
  return {
    path: folder.path,
    whole,
    verify,
    async rowsAfter(change, levels = []) {
      const at = join(folder.path, `copy-${copies++}`)
      await cp(whole, at, { recursive: true })
      await change(at)
      await listFiles(at)
      return (await verify(at, levels)).rows
    },
    remove: () => folder.remove(),
  }
}

/** Claims that do not hold, with the code or the name that the answer begins with. */
export const broken = (rows: readonly CheckedClaim[]) =>
  rows.filter(({ holds }) => holds === false).map(({ claim, got }) => [claim, got.split(':')[0]])
