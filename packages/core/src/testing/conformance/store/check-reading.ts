import type { ZooStore } from '../../../contracts/index.js'
import { hashBytes } from '../../../files/index.js'
import { check, checkEqual, checkRejects } from '../check.js'
import { blobKeyOf, listKey, type StoreBench, someBytes, text } from './store-place.js'

const never = () => new AbortController().signal

/** All that a stream gives. */
async function streamed(store: ZooStore, key: string, from: number) {
  const { from: begins, pieces } = await store.stream(key, from, never())
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(Uint8Array.from(piece))
  return { begins, bytes: new Uint8Array(Buffer.concat(parts)) }
}

const hashesOf = (bytes: Uint8Array) => `${bytes.length} bytes, ${hashBytes(bytes)}`

export async function checkWhole({ open, fill }: StoreBench): Promise<void> {
  const entry = 'entries/me/photos/1.0.0/entry.json'
  await fill(new Map([[entry, text('{"version":1}')]]))
  const store = await open()
  const found = await store.read(entry, 13)
  checkEqual(found && new TextDecoder().decode(found.bytes), '{"version":1}', 'a file of exactly as many bytes as may be read')
  checkEqual((await store.read(entry, 100))?.tag, found?.tag, 'tag of a file that has not changed')
  await checkRejects(() => store.read(entry, 12), 'MNAS_ZOO_TOO_LARGE', 'a file of one byte more than may be read')
}

export async function checkAbsent({ open, fill }: StoreBench): Promise<void> {
  const empty = await open()
  checkEqual(await empty.read(listKey, 100), null, 'the list of an empty place')
  await fill(new Map())
  const store = await open()
  checkEqual(await store.read('entries/me/photos/1.0.0/entry.json', 100), null, 'a file that is not there')
  const stream = () => store.stream(blobKeyOf(text('nothing')), 0, never())
  await checkRejects(stream, 'MNAS_ZOO_MISSING', 'a stream of a file that is not there')
}

export async function checkStreams({ open, fill }: StoreBench): Promise<void> {
  const bytes = someBytes(3 * 2 ** 20 + 7)
  const key = blobKeyOf(bytes)
  await fill(new Map([[key, bytes]]))
  const store = await open()
  const whole = await streamed(store, key, 0)
  checkEqual(whole.begins, 0, 'where a stream from 0 begins')
  checkEqual(hashesOf(whole.bytes), hashesOf(bytes), 'a stream from its beginning')
  for (const from of [1, 2 ** 20, bytes.length - 1]) {
    const rest = await streamed(store, key, from)
    check(rest.begins === from || rest.begins === 0, `where a stream from ${from} begins`, `${from} or 0`, `${rest.begins}`)
    checkEqual(hashesOf(rest.bytes), hashesOf(bytes.subarray(rest.begins)), `a stream from ${from}`)
  }
  const behind = await streamed(store, key, bytes.length + 1)
  checkEqual(behind.begins, 0, 'where a stream from behind the end begins')
}

export async function checkEnded({ open, fill }: StoreBench): Promise<void> {
  const bytes = someBytes(2 ** 20)
  await fill(new Map([[blobKeyOf(bytes), bytes]]))
  const store = await open()
  const controller = new AbortController()
  const read = async () => {
    const { pieces } = await store.stream(blobKeyOf(bytes), 0, controller.signal)
    controller.abort(new Error('not wanted any more'))
    let count = 0
    for await (const piece of pieces) count += piece.length
    return count
  }
  const outcome = await read().then(
    (count) => (count < bytes.length ? 'ended early' : 'read to its end'),
    () => 'ended early',
  )
  checkEqual(outcome, 'ended early', 'a stream that nobody wants any more')
}
