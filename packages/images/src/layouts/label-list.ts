import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { byCodeUnit, readFolder } from '../listing/folder-entries.js'

/** Files that may say of which label each image of a flat folder is. */
const listEnding = /\.(?:txt|csv|tsv)$/i
/** A list of a million lines is less. */
const mostBytes = 64 * 2 ** 20

/** The label of each file of a part whose images lie side by side, and where it was found. */
export interface LabelList {
  readonly file: string
  readonly labelOf: ReadonlyMap<string, string>
}

/**
 * Finds the list that says of which class the images of a flat part are: a file beside the part or in it with a line for every image,
 *   FILE CLASS      as in ImageNet's val.txt, LOC_val_solution.csv and Tiny ImageNet's val_annotations.txt; FILE with or without its ending,
 *                   CLASS a folder of the training part or its number in their order, from 0
 *   CLASS           one line for each image in the order of names (imagenet_2012_validation_synset_labels.txt)
 * A line may say more behind a blank, comma or tab; a first line of titles is passed over.
 * @param path of the part, relative to folder. @param files below it. @param labels of the training part
 * @returns the list, or the files that are none
 */
export async function findLabelList(
  folder: string,
  path: string,
  files: readonly string[],
  labels: readonly string[],
): Promise<LabelList | { readonly looked: readonly string[] }> {
  const part = path.split('/')[0]!
  const candidates = await candidatesIn(folder, ['', part, ...(path === part ? [] : [path])])
  const named = candidates.filter((file) => file.includes('/') || basename(file).toLowerCase().includes('val'))
  for (const file of named.length > 0 ? named : candidates) {
    const labelOf = readList(await linesOf(join(folder, file)), files, labels)
    if (labelOf) return { file, labelOf }
  }
  return { looked: candidates }
}

async function candidatesIn(folder: string, places: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const place of places) {
    const { files } = await readFolder(folder, place)
    const lists = files.filter((name) => listEnding.test(name)).sort(byCodeUnit)
    found.push(...lists.map((name) => (place === '' ? name : `${place}/${name}`)))
  }
  return found
}

async function linesOf(file: string): Promise<readonly (readonly string[])[]> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0))
  if (bytes.length > mostBytes) return []
  const lines = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
  return lines.map((line) => line.split(/[\s,;]+/).filter((field) => field !== '')).filter((fields) => fields.length > 0)
}

function readList(
  lines: readonly (readonly string[])[],
  files: readonly string[],
  labels: readonly string[],
): ReadonlyMap<string, string> | undefined {
  const known = new Set(labels)
  const labelAt = (field: string | undefined): string | undefined => {
    const name = field?.normalize('NFC')
    if (name === undefined || known.has(name)) return name
    return /^\d+$/.test(name) ? labels[Number(name)] : undefined
  }
  return byName(lines, files, labelAt) ?? inOrder(lines, files, labelAt)
}

type LabelAt = (field: string | undefined) => string | undefined

function byName(lines: readonly (readonly string[])[], files: readonly string[], labelAt: LabelAt) {
  const listed = new Map(lines.map(([name, label]) => [stem(name!), labelAt(label)]))
  const found = new Map<string, string>()
  for (const file of files) {
    const label = listed.get(stem(file))
    if (label === undefined) return undefined
    found.set(file, label)
  }
  return found
}

/** `val/ILSVRC2012_val_00000001.JPEG` → `ilsvrc2012_val_00000001`. */
const stem = (path: string) =>
  basename(path)
    .replace(/\.[A-Za-z]+$/, '')
    .toLowerCase()
    .normalize('NFC')

function inOrder(lines: readonly (readonly string[])[], files: readonly string[], labelAt: LabelAt) {
  if (lines.length !== files.length || lines.some((fields) => fields.length !== 1)) return undefined
  const labels = lines.map(([field]) => (/^\d+$/.test(field!) ? undefined : labelAt(field)))
  if (labels.includes(undefined)) return undefined
  return new Map(files.map((file, index) => [file, labels[index]!]))
}
