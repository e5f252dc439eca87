import { closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { reasonOf } from '@mnas/core/files'
import { imagesErrors } from '@mnas/images'
import { pathWithin } from '../../annotations/path-within.js'

/** Where a path leads, or why nobody goes there. */
export type Located = { readonly file: string } | { readonly reason: string }

export const fileMissing = 'the file is not there'

/** A folder out of which no path leads: not by `..`, not by a link. */
export class DataFolder {
  readonly #root: string

  private constructor(root: string) {
    this.#root = root
  }

  /** @throws MNAS_DATA_FOLDER */
  static open(folder: string): DataFolder {
    try {
      return new DataFolder(realpathSync.native(folder))
    } catch (error) {
      throw imagesErrors.MNAS_DATA_FOLDER({ folder, reason: reasonOf(error) }, error)
    }
  }

  /** Its real path. */
  get root(): string {
    return this.#root
  }

  /** @param path as annotations write it, from the folder on */
  locate(path: string): Located {
    const within = pathWithin(path)
    if (within === null) return { reason: 'its path leads out of the folder' }
    try {
      const file = realpathSync.native(join(this.#root, within))
      return this.#holds(file) ? { file } : { reason: 'a link leads out of the folder' }
    } catch (error) {
      return { reason: (error as NodeJS.ErrnoException).code === 'ENOENT' ? fileMissing : reasonOf(error) }
    }
  }

  /** @returns an absolute path from the folder on, with slashes, `.` for itself; null where it is none, or leads elsewhere */
  within(path: string): string | null {
    if (!isAbsolute(path)) return null
    try {
      const place = realpathSync.native(path)
      if (place === this.#root) return '.'
      return this.#holds(place) ? relative(this.#root, place).replaceAll(sep, '/') : null
    } catch {
      return null
    }
  }

  /** @returns what stands there, null where there is nothing that this folder holds */
  kindOf(path: string): 'file' | 'folder' | null {
    const place = path === '' || path === '.' ? { file: this.#root } : this.locate(path)
    if ('reason' in place) return null
    const stats = statSync(place.file)
    return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : null
  }

  /** A text of at most that many bytes, or why it is none. */
  readText(path: string, mostBytes: number): { readonly text: string } | { readonly reason: string } {
    const place = this.locate(path)
    if ('reason' in place) return place
    try {
      const stats = statSync(place.file)
      if (!stats.isFile()) return { reason: 'it is no file' }
      if (stats.size > mostBytes) return { reason: `it has more than ${mostBytes} bytes` }
      return { text: readFileSync(place.file, 'utf8') }
    } catch (error) {
      return { reason: reasonOf(error) }
    }
  }

  /** The first bytes of a file as text; nothing where it cannot be read. */
  readBeginning(path: string, bytes: number): string {
    const place = this.locate(path)
    if ('reason' in place || this.kindOf(path) !== 'file') return ''
    try {
      const descriptor = openSync(place.file, 'r')
      try {
        const beginning = Buffer.alloc(bytes)
        return beginning.toString('utf8', 0, readSync(descriptor, beginning, 0, bytes, 0))
      } finally {
        closeSync(descriptor)
      }
    } catch {
      return ''
    }
  }

  #holds(file: string): boolean {
    return file.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)
  }
}
