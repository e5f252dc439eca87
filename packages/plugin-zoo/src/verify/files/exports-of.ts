import { join } from 'node:path'
import type { EntryFile } from '../../entry/entry-schema.js'

/** An export of an entry: a file, or a folder of files. */
export interface EntryExport {
  /** In the entry. */
  readonly path: string
  readonly format: string
  readonly precision: string | null
  /** One, or those of the folder. */
  readonly files: readonly EntryFile[]
}

/**
 * The exports of an entry. Files of a folder that is called like a format (`photos-224px.tfjs/model.json`) are one export.
 * @param folders formats that are folders
 */
export function exportsOf(files: readonly EntryFile[], folders: readonly string[] = folderFormats): readonly EntryExport[] {
  const found = new Map<string, EntryFile[]>()
  for (const file of files.filter(({ role }) => role === 'export')) {
    const path = folderOf(file.path, folders) ?? file.path
    found.set(path, [...(found.get(path) ?? []), file])
  }
  return [...found].map(([path, parts]) => {
    const { format, precision } = parts.find((part) => part.format !== undefined) ?? parts[0]!
    return { path, format: format ?? (path.split('.').at(-1) as string), precision: precision ?? null, files: parts }
  })
}

/** The export that a claim means by the hash of a file. */
export const exportOfHash = (files: readonly EntryFile[], hash: string): EntryExport | undefined =>
  exportsOf(files).find((one) => one.files.some(({ sha256 }) => sha256 === hash))

const folderFormats = ['tfjs'] as const

function folderOf(path: string, folders: readonly string[]): string | null {
  const parts = path.split('/')
  const last = parts.slice(0, -1).findIndex((part) => folders.some((format) => part.endsWith(`.${format}`)))
  return last === -1 ? null : parts.slice(0, last + 1).join('/')
}

export const pathIn = (folder: string, path: string): string => join(folder, ...path.split('/'))
