import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { MnasError } from '@mnas/core/errors'
import { exists, hashBytes, hashFile, reasonOf } from '@mnas/core/files'
import { blobKey, entryKey, zooKey } from '../catalogue/keys.js'
import { type EntryFile, entryLimits, type ZooEntry } from '../entry/entry-schema.js'
import { lintErrors } from './errors.js'
import { type LookedAt, lookAtEntry } from './look-at-entry.js'

/** An entry that was looked at. */
export interface LintedEntry extends LookedAt {
  /** Of entry.json, below what was named. */
  readonly file: string
  /** sha256 of its bytes; null: it is too large to be read. */
  readonly digest: string | null
}

/**
 * Looks at entries: a file called whatever it is; a folder with entry.json and, at their paths, the files that it names; or a
 * whole zoo, with its
 * blobs. A file alone is looked at without the files that it names.
 * @throws MNAS_ZOO_LINT_TARGET
 */
export async function lintEntries(path: string): Promise<readonly LintedEntry[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw lintErrors.MNAS_ZOO_LINT_TARGET({ path, reason: reasonOf(error) }, error)
  })
  if (found.isFile()) return [await linted(path, basename(path), async () => [])]
  if (await exists(join(path, zooKey))) return lintZoo(path)
  const file = join(path, 'entry.json')
  if (await exists(file)) return [await linted(file, 'entry.json', (entry) => filesAt(entry, (one) => join(path, one.path)))]
  throw lintErrors.MNAS_ZOO_LINT_TARGET({ path, reason: 'it has neither an entry.json nor a zoo.json.gz' })
}

async function lintZoo(zoo: string): Promise<readonly LintedEntry[]> {
  const names = await readdir(join(zoo, 'entries'), { recursive: true }).catch(() => [])
  const files = names.filter((name) => basename(name) === 'entry.json').sort()
  const all: LintedEntry[] = []
  for (const name of files) {
    const file = join('entries', name)
    all.push(
      await linted(join(zoo, file), file, async (entry) => [
        ...placeOf(entry, file),
        ...(await filesAt(entry, ({ sha256 }) => join(zoo, blobKey(sha256)))),
      ]),
    )
  }
  return all
}

async function linted(
  path: string,
  file: string,
  besides: (entry: ZooEntry) => Promise<readonly MnasError[]>,
): Promise<LintedEntry> {
  const { size } = await stat(path)
  const most = entryLimits.entryBytes
  if (size > most)
    return { file, digest: null, entry: null, problems: [lintErrors.MNAS_ZOO_ENTRY_SIZE({ file, most, received: size })] }
  const bytes = await readFile(path)
  const looked = lookAtEntry(bytes, file)
  const problems = looked.entry ? [...looked.problems, ...(await besides(looked.entry))] : looked.problems
  return { file, digest: hashBytes(bytes), entry: looked.entry, problems }
}

function placeOf({ name, release }: ZooEntry, file: string): readonly MnasError[] {
  const [expected, received] = [dirname(entryKey(name, release)), dirname(file).split(sep).join('/')]
  return expected === received ? [] : [lintErrors.MNAS_ZOO_ENTRY_PLACE({ file, expected, received })]
}

async function filesAt(entry: ZooEntry, placeOfFile: (file: EntryFile) => string): Promise<readonly MnasError[]> {
  const problems: MnasError[] = []
  for (const file of entry.files) {
    const received = await whatIsAt(placeOfFile(file), file)
    const expected = `${file.sizeBytes} bytes with the sha256 ${file.sha256.slice(0, 12)}…`
    if (received !== null)
      problems.push(lintErrors.MNAS_ZOO_ENTRY_FILE({ file: 'entry.json', path: file.path, expected, received }))
  }
  return problems
}

/** null: the file. */
async function whatIsAt(place: string, { sha256, sizeBytes }: EntryFile): Promise<string | null> {
  const found = await stat(place).catch(() => null)
  if (!found?.isFile()) return 'nothing'
  if (found.size !== sizeBytes) return `${found.size} bytes`
  const hash = await hashFile(place)
  return hash === sha256 ? null : `bytes with the sha256 ${hash.slice(0, 12)}…`
}

/** As messages name them. */
export const lintedName = (path: string, { file }: Pick<LintedEntry, 'file'>): string =>
  basename(path) === file ? path : relative('', join(path, file))
