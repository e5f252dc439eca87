/**
 * libjpeg-turbo's binding ends the whole process when its thread is stopped during a call. So a thread that may be stopped decodes behind a
 * gate, and who is about to stop it closes the gate first: that waits for the pictures in hand, a few milliseconds.
 * Shared numbers: whether it is closed, how many threads are decoding.
 */
export type DecodeGate = Int32Array<SharedArrayBuffer>

const [closed, decoding] = [0, 1]
/** For gates that nobody closed when the process ends. */
const open = new Set<DecodeGate>()
/** Longer than any picture takes. */
const patienceMs = 5000

/** @returns a gate that also closes when this process exits */
export function createGate(): DecodeGate {
  const gate = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
  if (open.size === 0) process.on('exit', closeAll)
  open.add(gate)
  return gate
}

/** Closes it for good, and returns when nothing is being decoded behind it. */
export function closeGate(gate: DecodeGate): void {
  Atomics.store(gate, closed, 1)
  for (let threads = Atomics.load(gate, decoding); threads > 0; threads = Atomics.load(gate, decoding))
    if (Atomics.wait(gate, decoding, threads, patienceMs) === 'timed-out') break
  open.delete(gate)
  if (open.size === 0) process.off('exit', closeAll)
}

function closeAll(): void {
  for (const gate of open) closeGate(gate)
}

/** What `decode` returns; behind a closed gate the thread waits for its end instead. */
export function behindGate<T>(gate: DecodeGate | undefined, decode: () => T): T {
  if (!gate) return decode()
  Atomics.add(gate, decoding, 1)
  try {
    if (Atomics.load(gate, closed) === 0) return decode()
  } finally {
    Atomics.sub(gate, decoding, 1)
    Atomics.notify(gate, decoding)
  }
  Atomics.wait(gate, closed, 1)
  throw new Error('A thread went on that was to be stopped')
}
