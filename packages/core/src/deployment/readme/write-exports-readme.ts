import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnswerKind, ClientExample, DescribedFile, Exporter, Task } from '../../contracts/index.js'
import { exists, readJson, writeAtomic } from '../../files/index.js'
import type { Registry } from '../../plugins/index.js'
import { type FileFacts, fileFactsSchema } from '../files/file-facts.js'
import { whileRecording } from '../files/record-file.js'
import { exportsReadme, type ReadmeEntry, readmeMark } from './exports-readme.js'

/**
 * Writes `README.md` beside model files: of all that a folder holds, whenever they were written. One that mnas has not written stays. Of two that
 * write at once the second sees the files of the first.
 * @param cacheFolder where the lock lies under which files are written down
 * @returns whether it was written
 * @throws MNAS_FILE_WRITE
 */
export function writeExportsReadme(folder: string, registry: Registry, cacheFolder: string): Promise<boolean> {
  return whileRecording(cacheFolder, () => write(folder, registry))
}

async function write(folder: string, registry: Registry): Promise<boolean> {
  const path = join(folder, 'README.md')
  const before = await readFile(path, 'utf8').catch(() => null)
  if (before !== null && !before.startsWith(readmeMark)) return false
  const entries: ReadmeEntry[] = []
  for (const facts of await factsIn(folder)) entries.push({ facts, clients: await clientsOf(facts, registry) })
  await writeAtomic(path, exportsReadme(entries))
  return true
}

/** Of files that are still there, in the order of their names. */
async function factsIn(folder: string): Promise<readonly FileFacts[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  const found: FileFacts[] = []
  for (const name of names) {
    const json = await readJson(join(folder, name), ({ reason }) => new Error(reason)).catch(() => null)
    const facts = fileFactsSchema.safeParse(json).data
    if (facts && name === `${facts.file}.json` && (await exists(join(folder, facts.file)))) found.push(facts)
  }
  return found
}

async function clientsOf(facts: FileFacts, registry: Registry): Promise<readonly ClientExample[]> {
  const task = await installed(registry, 'task', facts.model.task, () => true)
  const exporter = await installed(registry, 'exporter', facts.format, ({ format }) => format === facts.format)
  return exporter?.clients?.(describedFile(facts, task?.answers ?? null)) ?? []
}

/** By name; a plug-in that was taken away has nothing to say. */
async function installed<K extends 'task' | 'exporter'>(
  registry: Registry,
  kind: K,
  name: string,
  fits: (found: { readonly task: Task; readonly exporter: Exporter }[K]) => boolean,
) {
  if (!registry.names(kind).includes(name)) return null
  const found = await registry.get(kind, name)
  return fits(found) ? found : null
}

/** The schema leaves open which types a later version writes; what stands there is what an exporter said. */
function describedFile(facts: FileFacts, answers: AnswerKind | null): DescribedFile {
  const { file, format, precision, inputs, outputs, preprocessing, labels } = facts
  return { name: file, format, precision, inputs, outputs, preprocessing, labels, answers } as DescribedFile
}
