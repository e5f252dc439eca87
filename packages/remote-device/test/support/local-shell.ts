import { spawn } from 'node:child_process'
import { copyFile, rm } from 'node:fs/promises'
import type { RemoteShell } from '@mnas/remote-device'

/** A shell that is far away on this computer. @param changes of a shell that misbehaves */
export function localShell(changes: Partial<RemoteShell> = {}): RemoteShell {
  return {
    name: 'local',
    push: (local, remote) => copyFile(local, remote),
    run: (line, { signal }) =>
      new Promise((resolve, reject) => {
        const child = spawn('/bin/sh', ['-c', line])
        let [stdout, stderr] = ['', '']
        child.stdout.on('data', (data) => {
          stdout += data
        })
        child.stderr.on('data', (data) => {
          stderr += data
        })
        const stop = () => void child.stdin.end()
        signal.addEventListener('abort', stop, { once: true })
        child.on('error', reject)
        child.on('close', () => {
          signal.removeEventListener('abort', stop)
          resolve({ stdout, stderr })
        })
      }),
    remove: async (paths) => {
      for (const path of paths) await rm(path, { force: true, recursive: true })
    },
    ...changes,
  }
}
