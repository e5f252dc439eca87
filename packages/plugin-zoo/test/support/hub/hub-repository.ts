import { createHash, randomUUID } from 'node:crypto'

export interface HubFile {
  readonly bytes: Uint8Array
  /** sha256, of large and packed files. */
  readonly oid: string | null
}

export interface HubCommit {
  readonly id: string
  readonly files: ReadonlyMap<string, HubFile>
}

export const sha1 = (text: string | Uint8Array): string => createHash('sha1').update(text).digest('hex')
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** One line of what a client sends as a commit. */
export type CommitLine =
  | { readonly key: 'header'; readonly value: { readonly summary: string; readonly parentCommit?: string } }
  | {
      readonly key: 'file'
      readonly value: { readonly path: string; readonly content: string; readonly encoding?: BufferEncoding }
    }
  | { readonly key: 'lfsFile'; readonly value: { readonly path: string; readonly oid: string } }
  | { readonly key: 'deletedFile'; readonly value: { readonly path: string } }

/** A repository of the hub with its commits, the newest last. */
export class HubRepository {
  readonly commits: HubCommit[] = [{ id: sha1(randomUUID()), files: new Map() }]

  get head(): HubCommit {
    return this.commits.at(-1)!
  }

  /** `main`, or a commit. */
  at(revision: string): HubCommit | undefined {
    return revision === 'main' ? this.head : this.commits.find(({ id }) => id === revision)
  }

  /** @returns null when the parent is not the newest any more */
  commit(lines: readonly CommitLine[], stored: ReadonlyMap<string, Uint8Array>): HubCommit | null {
    const files = new Map(this.head.files)
    for (const line of lines) {
      switch (line.key) {
        case 'header':
          if (line.value.parentCommit !== undefined && line.value.parentCommit !== this.head.id) return null
          break
        case 'file':
          files.set(line.value.path, { bytes: Buffer.from(line.value.content, line.value.encoding ?? 'utf8'), oid: null })
          break
        case 'lfsFile':
          files.set(line.value.path, { bytes: stored.get(line.value.oid)!, oid: line.value.oid })
          break
        case 'deletedFile':
          if (!files.delete(line.value.path)) throw new Error(`no file ${line.value.path} to delete`)
          break
        default:
          line satisfies never
      }
    }
    this.commits.push({ id: sha1(randomUUID()), files })
    return this.head
  }
}
