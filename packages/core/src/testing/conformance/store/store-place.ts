import type { ZooStore } from '../../../contracts/index.js'
import { hashBytes } from '../../../files/index.js'

/** An empty place for a zoo, and stores on it. */
export interface StorePlace {
  /** A new one with each call, as another process would have it. The suite closes it. */
  open(): Promise<ZooStore>
  /** Puts files there behind the stores' backs; left out by stores that write. */
  put?(files: ReadonlyMap<string, Uint8Array>): Promise<void>
  remove(): Promise<void>
}

/** The list: the one file that is replaced, with which others appear. */
export const listKey = 'zoo.json.gz'

/** What the cases know of a place while they work in it. */
export interface StoreBench {
  /** Closed when the case ends. */
  open(): Promise<ZooStore>
  /** Makes files be there, and a list. */
  fill(files: ReadonlyMap<string, Uint8Array>): Promise<void>
}

export async function inPlace(create: () => Promise<StorePlace>, work: (bench: StoreBench) => Promise<void>): Promise<void> {
  const place = await create()
  const opened: ZooStore[] = []
  const open = async () => {
    const store = await place.open()
    opened.push(store)
    return store
  }
  const fill = async (files: ReadonlyMap<string, Uint8Array>) => {
    const all = new Map([...files, [listKey, text('a list')]])
    if (place.put) return place.put(all)
    const store = await open()
    for (const [key, bytes] of files) await store.create(key, { bytes })
    await store.replace(listKey, text('a list'), null)
  }
  try {
    await work({ open, fill })
  } finally {
    for (const store of opened) await store.close()
    await place.remove()
  }
}

export const text = (letters: string): Uint8Array => new TextEncoder().encode(letters)

/** Bytes that look like weights, the same each time. */
export function someBytes(count: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(count)
  let state = seed
  for (let at = 0; at < count; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

/** Where a zoo keeps a file with this content. */
export function blobKeyOf(bytes: Uint8Array): string {
  const hash = hashBytes(bytes)
  return `blobs/${hash.slice(0, 2)}/${hash}`
}
