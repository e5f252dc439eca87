import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import type { Tensors } from '@mnas/core/contracts'
import { hashFile } from '@mnas/core/files'
import { pushChecked } from '../shell/push-checked.js'
import type { RemoteShell } from '../shell/remote-shell.js'

/** An input of a model, as a tool reads it. */
export interface PushedInput {
  readonly name: string
  readonly shape: readonly number[]
  /** Path there. */
  readonly file: string
}

/** Inputs as raw files on the device, which the caller removes. @param folder there. @throws as pushChecked */
export async function pushInputs(
  shell: RemoteShell,
  folder: string,
  inputs: Tensors,
  signal: AbortSignal,
): Promise<readonly PushedInput[]> {
  const local = await mkdtemp(join(tmpdir(), 'mnas-inputs-'))
  try {
    const pushed: PushedInput[] = []
    for (const [name, { shape, data }] of Object.entries(inputs)) {
      const [path, file] = [join(local, `${pushed.length}.bin`), posix.join(folder, `input-${pushed.length}.bin`)]
      await writeFile(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      await pushChecked(shell, { local: path, remote: file, sha256: await hashFile(path), sizeBytes: data.byteLength }, signal)
      pushed.push({ name, shape, file })
    }
    return pushed
  } finally {
    await rm(local, { recursive: true, force: true })
  }
}
