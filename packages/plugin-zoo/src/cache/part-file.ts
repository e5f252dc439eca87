import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Hash } from '@mnas/core/contracts'

/** A file that grows, and its hash with it. */
export interface Part {
  readonly path: string
  /** In bytes. */
  readonly length: number
  append(piece: Uint8Array): Promise<void>
  /** Of what is there. */
  digest(): Hash
  /** From nothing again. */
  discard(): Promise<void>
  /** Brings it safely to the disk, then `rename` to its name. */
  finish(rename: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** Goes on from what is there, which is hashed first; more than `most` bytes are of no use. */
export async function openPart(path: string, most: number): Promise<Part> {
  const file = await open(path, 'a')
  let [hash, length] = [createHash('sha256'), (await file.stat()).size]
  const discard = async () => {
    await file.truncate(0)
    hash = createHash('sha256')
    length = 0
  }
  if (length > most) await discard()
  else for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array)
  return {
    path,
    get length() {
      return length
    },
    async append(piece) {
      await file.writeFile(piece)
      hash.update(piece)
      length += piece.length
    },
    digest: () => hash.copy().digest('hex'),
    discard,
    async finish(rename) {
      await file.sync()
      await rename()
    },
    close: () => file.close(),
  }
}
