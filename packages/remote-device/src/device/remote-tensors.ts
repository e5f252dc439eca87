import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import type { FileTensor, Tensors } from '@mnas/core/contracts'
import { hashFile } from '@mnas/core/files'
import { pushChecked } from '../shell/push-checked.js'
import { quote } from '../shell/quote.js'
import type { RemoteShell } from '../shell/remote-shell.js'
import { runSealed } from '../shell/run-sealed.js'
import { tensorsOfBytes } from './numeric-check.js'

/** An input whose bytes lie in a file on the device. */
export interface AskedInput {
  readonly name: string
  readonly shape: readonly number[]
  /** Path there. */
  readonly file: string
}

interface Place {
  readonly shell: RemoteShell
  /** Ours on the device. */
  readonly folder: string
  readonly signal: AbortSignal
}

/** Lays inputs on the device, a file each, for as long as `use` takes; with them goes what it writes into `output`. */
export async function withInputs<T>(
  { shell, folder, signal }: Place,
  inputs: Tensors,
  use: (asked: readonly AskedInput[], output: string) => Promise<T>,
): Promise<T> {
  const output = posix.join(folder, 'outputs.bin')
  const asked: AskedInput[] = []
  const placed: string[] = []
  const local = await mkdtemp(join(tmpdir(), 'mnas-inputs-'))
  try {
    for (const [name, { shape, data }] of Object.entries(inputs)) {
      const [path, remote] = [join(local, `${asked.length}.bin`), posix.join(folder, `input-${asked.length}.bin`)]
      await writeFile(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      placed.push(remote)
      await pushChecked(shell, { local: path, remote, sha256: await hashFile(path), sizeBytes: data.byteLength }, signal)
      asked.push({ name, shape, file: remote })
    }
    return await use(asked, output)
  } finally {
    await rm(local, { recursive: true, force: true })
    // After Ctrl-C, too. A device that is lost keeps them until the next time.
    await shell.remove([output, ...placed], { limitMs: 10_000, signal: new AbortController().signal }).catch(() => undefined)
  }
}

/** Raw bytes of all outputs behind each other in a file there; null: there is no such file, or it holds more or less than that. */
export async function readOutputs(
  { shell, signal }: Pick<Place, 'shell' | 'signal'>,
  output: string,
  outputs: readonly FileTensor[],
): Promise<Tensors | null> {
  const { stdout, exitCode } = await runSealed(shell, `base64 ${quote(output)}`, { limitMs: 30_000, signal })
  return exitCode === 0 ? tensorsOfBytes(outputs, Buffer.from(stdout, 'base64')) : null
}
