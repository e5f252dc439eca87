import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelRuntime, Surroundings } from '@mnas/core/contracts'
import type { Dialect } from '@mnas/remote-device'
import { androidErrors } from '../errors.js'
import { softwarePhone } from '../phone/phone-facts.js'
import { scriptAbi } from '../tools/program-abi.js'
import { DeviceConnection } from './adb/device-connection.js'
import type { DeviceStream } from './adb/device-stream.js'
import { serveShell } from './adb/shell-service.js'
import { serveSync } from './adb/sync-service.js'
import { Faults } from './faults.js'
import { PhoneFiles } from './phone-files.js'
import { benchmarkModel } from './tool/run-tool.js'
import { portOf, startToolService, type ToolService } from './tool/tool-service.js'
import { toolBytes } from './tool-file.js'

export interface SoftwarePhoneOptions {
  readonly runtime: ModelRuntime
  readonly around: Omit<Surroundings, 'signal'>
  /** NAME or NAME=NUMBER, each. */
  readonly faults?: readonly string[]
  readonly dialect?: Dialect
  /** null: measure. */
  readonly fixedMs?: number | null
  /** default: any that is free. */
  readonly port?: number
}

/** What the parts of a phone tell it, once it is there. */
interface PhoneEvents {
  arrived: (path: string) => void
  ran: (when: 'begun' | 'ended') => void
}

interface PhoneParts {
  readonly faults: Faults
  readonly files: PhoneFiles
  readonly services: ToolService
  readonly fixedMs: number | null
}

const properties = {
  'ro.product.manufacturer': 'mnas',
  'ro.product.name': softwarePhone,
  'ro.product.model': 'software phone',
  'ro.product.device': softwarePhone,
  'ro.product.cpu.abi': scriptAbi,
  'ro.build.version.release': '0',
  'ro.hardware': softwarePhone,
  'ro.soc.model': 'none',
  'ro.board.platform': 'none',
}
const toolClient = fileURLToPath(new URL('tool/tool-client.js', import.meta.url))

/** A phone that is a program here: adb's protocol on a loopback port, and LiteRT behind its benchmark_model. */
export class SoftwarePhone {
  /** The benchmark_model that fits this phone: a file here. */
  readonly tool: string
  /** What happened on the phone: lines of shell, and `push PATH` for files that arrived. */
  readonly log: string[] = []
  readonly #parts: PhoneParts
  readonly #connections = new Set<DeviceConnection>()
  /** By process group, which is the shell's own process. */
  readonly #groups = new Set<number>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #server: Server | undefined
  #port = 0
  #starts = 0
  #vanished = false
  #leaveBefore: (() => void) | null = null

  private constructor(parts: PhoneParts, tool: string) {
    this.#parts = parts
    this.tool = tool
    this.#boot()
  }

  /** @throws MNAS_EMULATOR_FAULT, MNAS_EMULATOR_SYSTEM */
  static async start(options: SoftwarePhoneOptions): Promise<SoftwarePhone> {
    const { runtime, around, fixedMs = null, dialect = 'classic', port = 0 } = options
    const faults = new Faults(options.faults ?? [])
    if (!existsSync('/bin/sh')) throw androidErrors.MNAS_EMULATOR_SYSTEM({ reason: 'there is no /bin/sh' })
    const root = await mkdtemp(join(tmpdir(), 'mnas-phone-'))
    const tool = join(root, 'benchmark_model')
    await writeFile(tool, toolBytes(dialect, faults.has('wrong-abi')))
    await chmod(tool, 0o755)
    // Its parts tell it what happens, and are there before it is.
    const events: PhoneEvents = { arrived: () => undefined, ran: () => undefined }
    const files = new PhoneFiles(root, faults, (path) => events.arrived(path))
    const onRun = (when: 'begun' | 'ended') => events.ran(when)
    const services = await startToolService(benchmarkModel({ runtime, around, faults, fixedMs, onRun }))
    const phone = new SoftwarePhone({ faults, files, services, fixedMs }, tool)
    events.arrived = (path) => phone.#arrived(path)
    events.ran = (when) => phone.#ran(when)
    await phone.#listen(port)
    return phone
  }

  /** What stands behind `android:`. */
  get serial(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** Processes that have not ended, runs of models among them. */
  processes(): number {
    for (const group of this.#groups) if (!isAlive(group)) this.#groups.delete(group)
    return this.#groups.size + this.#parts.services.running()
  }

  /** Takes the phone off, kills what still runs on it and removes its disk. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#leave(null)
    for (const group of this.#groups) if (isAlive(group)) process.kill(-group, 'SIGKILL')
    await this.#parts.services.close()
    await rm(this.#parts.files.root, { recursive: true, force: true })
  }

  #boot(): void {
    const { files, faults, fixedMs } = this.#parts
    this.#starts++
    // Phones whose runs are said to take another time are other phones.
    const version = fixedMs === null ? `${this.#starts}` : `${this.#starts}-${fixedMs}ms`
    const build = `mnas/${softwarePhone}:0/${version}:user/test-keys`
    files.setProperties({ ...properties, 'ro.build.fingerprint': build, 'ro.boottime.init': `${this.#starts}` })
    files.setHeat(faults.has('hot'), faults.number('hot'))
  }

  #listen(port: number): Promise<void> {
    const server = createServer((socket) => {
      const connection = new DeviceConnection(socket, {
        properties: Object.fromEntries(
          Object.entries(properties).filter(([name]) => /^ro\.product\.(?:name|model|device)$/.test(name)),
        ),
        authorized: !this.#parts.faults.has('unauthorized'),
        openService: (name, stream) => this.#open(name, stream),
      })
      this.#connections.add(connection)
      socket.on('close', () => this.#connections.delete(connection))
    })
    this.#server = server
    return new Promise((resolve, reject) => {
      server.on('error', reject)
      server.listen(port, '127.0.0.1', () => {
        this.#port = portOf(server)
        resolve()
      })
    })
  }

  #open(name: string, stream: DeviceStream): boolean {
    const leave = this.#leaveBefore
    if (leave) {
      this.#leaveBefore = null
      leave()
      return true
    }
    const line = /^shell,(?:[^:]*,)?v2[^:]*:(?<line>.*)$/s.exec(name)?.groups?.['line']
    if (line !== undefined) {
      this.log.push(line)
      serveShell(stream, this.#spawn(line))
      return true
    }
    if (name !== 'sync:') return false
    serveSync(stream, this.#parts.files)
    return true
  }

  #spawn(line: string): ChildProcess {
    const { files, services } = this.#parts
    const env = {
      PATH: `${join(files.root, 'bin')}:/usr/bin:/bin`,
      LC_ALL: 'C',
      MNAS_PHONE: files.root,
      MNAS_PHONE_SERVICE: `${services.port}`,
      MNAS_PHONE_NODE: process.execPath,
      MNAS_PHONE_TOOL: toolClient,
    }
    const child = spawn('/bin/sh', ['-c', files.map(line)], { cwd: files.root, detached: true, env })
    if (child.pid !== undefined) this.#groups.add(child.pid)
    return child
  }

  #arrived(path: string): void {
    const { faults, files } = this.#parts
    this.log.push(`push ${path}`)
    if (!/\/model-/.test(path) || !faults.take('vanish-before-run', 1)) return
    this.#leaveBefore = () => {
      rmSync(files.here(path), { force: true })
      this.#leave(faults.number('vanish-before-run') ?? 0)
    }
  }

  #ran(when: 'begun' | 'ended'): void {
    const { faults } = this.#parts
    if (when === 'begun' && faults.has('vanish') && !this.#vanished) {
      this.#vanished = true
      this.#leave(faults.number('vanish'))
    }
    if (when === 'ended' && faults.take('reboot', 1))
      this.#leaveBefore = () => {
        this.#boot()
        this.#leave(0)
      }
  }

  /** As when the cable is pulled. @param seconds until it is back; null: it does not come back */
  #leave(seconds: number | null): void {
    this.#server?.close()
    for (const connection of this.#connections) connection.drop()
    if (seconds === null) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      void this.#listen(this.#port).catch(() => undefined)
    }, 1000 * seconds)
    this.#timers.add(timer)
  }
}

/** Whether a process of the group is left. */
function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0)
    return true
  } catch {
    return false
  }
}
