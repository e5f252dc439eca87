/** Where gzip begins, RFC 1952 §2.3.1. */
const gzip = [0x1f, 0x8b]

/**
 * What a file holds that is stored gzipped; a server that knows the ending may have unpacked it on the way.
 * @param maxBytes more is not unpacked
 * @throws TypeError for a damaged one, RangeError for one that is longer
 */
export async function unpack(
  stored: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly packed: boolean }> {
  if (stored[0] !== gzip[0] || stored[1] !== gzip[1]) return { bytes: stored, packed: false }
  const stream = new Blob([stored]).stream().pipeThrough(new DecompressionStream('gzip'))
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    if (length > maxBytes) throw new RangeError(`longer than ${maxBytes} bytes`)
    pieces.push(next.value as Uint8Array<ArrayBuffer>)
  }
  return { bytes: new Uint8Array(await new Blob(pieces).arrayBuffer()), packed: true }
}
