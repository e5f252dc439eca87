import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleExportsFolder } from '@mnas/core/bundle'
import { type FileFacts, fileFactsSchema } from '@mnas/core/deployment'
import { hashFile, hashJson, jsonText } from '@mnas/core/files'
import { publishErrors } from '../errors.js'
import { type DraftFile, draftFile, draftText } from './draft-file.js'

/** A file that was made of a bundle, or a folder of files, with what is known of it. */
export interface DraftExport {
  readonly facts: FileFacts
  /** In the entry, and in the bundle: `exports/photos-224px.tflite`. */
  readonly path: string
  /** Of the file; of a folder its model.json stands for the whole. */
  readonly sha256: string
  readonly files: readonly DraftFile[]
}

/**
 * What `mnas deploy` and `mnas export` wrote into a bundle. A file beside which no facts stand is nobody's and stays here.
 * @throws MNAS_ZOO_EXPORT_CHANGED, MNAS_ZOO_PATH
 */
export async function readExports(bundleFolder: string): Promise<readonly DraftExport[]> {
  const folder = bundleExportsFolder(bundleFolder)
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  const found: DraftExport[] = []
  for (const name of names) {
    const facts = await readFacts(join(folder, name))
    if (facts && `${facts.file}.json` === name) found.push(await draftExport(folder, facts))
  }
  return found
}

async function readFacts(path: string): Promise<FileFacts | null> {
  const text = await readFile(path, 'utf8')
  try {
    return (fileFactsSchema.safeParse(JSON.parse(text)).data as FileFacts | undefined) ?? null
  } catch {
    return null
  }
}

async function draftExport(folder: string, facts: FileFacts): Promise<DraftExport> {
  const path = `exports/${facts.file}`
  const parts = await partsOf(join(folder, facts.file))
  const { format, precision } = facts
  const kind = { role: 'export', format, ...(precision && { precision }) } as const
  const files = await Promise.all(
    parts.map(({ name, place }) => draftFile({ path: name === '' ? path : `${path}/${name}`, ...kind }, { path: place })),
  )
  const isFolder = parts.some(({ name }) => name !== '')
  const received = isFolder ? folderHash(path, files) : await hashFile(parts[0]!.place)
  if (received !== facts.sha256) throw publishErrors.MNAS_ZOO_EXPORT_CHANGED({ file: path, expected: facts.sha256, received })
  const stands = files.find((file) => file.path === `${path}/model.json`) ?? files[0]!
  return { facts, path, sha256: stands.sha256, files: [...files, await draftText(`${path}.json`, 'facts', published(facts))] }
}

/** Latencies become claims; under names of devices there are serial numbers and addresses. */
const published = (facts: FileFacts): string => jsonText({ ...facts, latencies: [] })

/** A file by itself, or the files of a folder. */
async function partsOf(place: string): Promise<readonly { readonly name: string; readonly place: string }[]> {
  if (!(await stat(place)).isDirectory()) return [{ name: '', place }]
  const names = (await readdir(place)).sort()
  return names.map((name) => ({ name, place: join(place, name) }))
}

/** As exporters hash a folder. */
const folderHash = (path: string, files: readonly DraftFile[]) =>
  hashJson(Object.fromEntries(files.map((file) => [file.path.slice(path.length + 1), file.sha256])))
