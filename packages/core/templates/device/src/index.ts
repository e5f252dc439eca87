import { spawn } from 'node:child_process'
import { copyFile, rm } from 'node:fs/promises'
import { arch, availableParallelism, cpus, homedir, loadavg, platform, release } from 'node:os'
import { join } from 'node:path'
import type { DeviceContext, DeviceDriver, RuntimeLibrary } from '@mnas/core/contracts'
import { measurementErrors } from '@mnas/core/measurement'
import { LiteRtTool, RemoteDevice, type RemoteShell, type RemoteSystem, remoteErrors } from '@mnas/remote-device'

const name = 'rover'

/**
 * The shell: it carries commands and files to the device. This one goes no further than this computer; put the way to yours in its place.
 * The lines are of a POSIX shell. When nobody waits for a program any more its standard input ends, and by that it ends there.
 */
const shell: RemoteShell = {
  name,

  run: (line, { limitMs, signal }) =>
    new Promise((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', line])
      let [stdout, stderr, expired] = ['', '', false]
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text
      })
      const stop = () => void child.stdin.end()
      const limit = setTimeout(() => {
        expired = true
        stop()
      }, limitMs)
      signal.addEventListener('abort', stop, { once: true })
      child.on('error', reject)
      child.on('close', () => {
        clearTimeout(limit)
        signal.removeEventListener('abort', stop)
        if (expired) reject(remoteErrors.MNAS_REMOTE_TIMEOUT({ device: name, what: 'A command', limitSeconds: limitMs / 1000 }))
        else resolve({ stdout, stderr })
      })
    }),

  push: (local, remote) => copyFile(local, remote),

  async remove(paths) {
    for (const path of paths) await rm(path, { recursive: true, force: true })
  },
}

/** The facts: what the device is, and in which condition. A real device is asked through its shell, with runSealed. */
const system: RemoteSystem = {
  shell,
  folder: join(homedir(), '.cache', 'mnas-device-rover'),

  async identify() {
    return {
      kind: 'board',
      // It is this computer under another name: say false when it is hardware of its own.
      emulated: true,
      // All that moves latency, and nothing that tells two devices of one make apart: measurements are kept by it.
      traits: { processor: cpus()[0]?.model ?? '', cores: availableParallelism(), machine: arch(), system: platform() },
      details: { kernel: release() },
      fastestCores: [],
    }
  },

  async condition() {
    const state = { at: new Date().toISOString(), loadAverage: loadavg()[0] ?? 0 }
    return { thermalStatus: null, celsius: null, batteryPercent: null, state }
  },
}

/** The tool: what times models there. BenchmarkModelTool of @mnas/remote-device is another. */
async function tool(context: DeviceContext): Promise<LiteRtTool> {
  const { cacheFolder, signal } = context
  const library = await libraryFor(`${process.platform}-${process.arch}`, context)
  return new LiteRtTool({ shell, folder: system.folder, python: 'python3', library, cacheFolder, limitSeconds: 300, signal })
}

/** @param where the device's platform: linux-x64, linux-arm64 */
async function libraryFor(where: string, context: DeviceContext): Promise<RuntimeLibrary> {
  const { libraries } = await context.runtime('litert')
  const library = await libraries?.find(where, context)
  if (library) return library
  const reason = `LiteRT's library for ${where} is not there; "mnas device setup host" gets that of this computer`
  throw measurementErrors.MNAS_DEVICE_UNREACHABLE({ device: name, reason })
}

const driver: DeviceDriver = {
  name,
  options: [],
  flags: [],
  // Several devices have a selector each: --device rover:SELECTOR.
  list: async () => [{ selector: '', state: 'ready', description: 'this computer, under another name', emulated: true }],
  open: async (_choice, context) =>
    new RemoteDevice({ system, tool: await tool(context), context, coolDownSeconds: 600, anchored: true, compared: true }),
}

export default driver
