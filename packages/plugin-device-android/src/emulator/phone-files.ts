import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, posix } from 'node:path'
import type { FileStat, SyncFiles } from './adb/sync-service.js'
import type { FaultName, Faults } from './faults.js'

const losingRights: readonly FaultName[] = ['exec-bit', 'noexec']
const roomBytes = 10_000

/** The disk of the software phone: a folder here. Of paths outside the mapped ones it has nothing. */
export class PhoneFiles implements SyncFiles {
  /** Folder here. */
  readonly root: string
  readonly #faults: Faults
  readonly #onFile: (path: string) => void

  /** @param onFile told the phone's path of each file that has arrived */
  constructor(root: string, faults: Faults, onFile: (path: string) => void) {
    this.root = root
    this.#faults = faults
    this.#onFile = onFile
    for (const folder of ['bin', 'properties', 'dumpsys', 'data/local/tmp']) mkdirSync(join(root, folder), { recursive: true })
    this.#installPrograms()
    this.#describeProcessor()
    if (faults.has('no-space'))
      this.put('df', `Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/block 1000 900 ${roomBytes / 1000} 90% /data\n`)
  }

  /** A path of the phone, here. */
  here(path: string): string {
    return join(this.root, posix.join('/', path))
  }

  /** Paths of the phone in a line of shell, as they are here. */
  map(line: string): string {
    return line.replace(
      /(^|[\s='":])(\/(?:data\/local\/tmp|sys\/devices))/gm,
      (_, before: string, path: string) => before + this.here(path),
    )
  }

  put(name: string, text: string): void {
    writeFileSync(join(this.root, name), text)
  }

  setProperties(properties: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(properties)) this.put(join('properties', name), `${value}\n`)
  }

  /** @param looks at the heat until it is over; null: for ever */
  setHeat(hot: boolean, looks: number | null): void {
    const battery = (tenths: number) =>
      `  AC powered: false\n  USB powered: true\n  level: 80\n  scale: 100\n  temperature: ${tenths}\n`
    const thermal = (status: number) => `IsStatusOverride: false\nThermal Status: ${status}\n`
    this.put('dumpsys/battery', battery(hot ? 410 : 250))
    this.put('dumpsys/thermalservice', thermal(hot ? 2 : 0))
    this.put('dumpsys/cool-battery', battery(250))
    this.put('dumpsys/cool-thermalservice', thermal(0))
    if (hot && looks !== null) this.put('dumpsys/hot-looks', `${looks}\n`)
  }

  stat(path: string): FileStat | null {
    try {
      return statOf(this.here(path))
    } catch {
      return null
    }
  }

  read(path: string): Buffer {
    return readFileSync(this.here(path))
  }

  list(path: string): readonly (FileStat & { readonly name: string })[] {
    const folder = this.here(path)
    return readdirSync(folder).map((name) => ({ name, ...statOf(join(folder, name)) }))
  }

  write(path: string, mode: number, changed: number, data: Buffer): void {
    const file = this.here(path)
    mkdirSync(dirname(file), { recursive: true })
    if (this.#faults.has('no-space') && data.length > roomBytes) {
      writeFileSync(file, data.subarray(0, roomBytes))
      throw new Error('write failed: No space left on device')
    }
    writeFileSync(file, this.#corrupted(data))
    chmodSync(file, losingRights.some((name) => this.#faults.has(name)) ? 0o644 : mode & 0o777)
    utimesSync(file, changed, changed)
    this.#onFile(path)
  }

  #corrupted(data: Buffer): Buffer {
    if (data.length === 0 || !this.#faults.take('corrupt', 1)) return data
    const wrong = Buffer.from(data)
    wrong[wrong.length >> 1]! ^= 0xff
    return wrong
  }

  /** What a phone has and this computer may not; the rest (sha256sum, base64, taskset) is this computer's own. */
  #installPrograms(): void {
    const script = (name: string, body: string) => {
      const path = join(this.root, 'bin', name)
      writeFileSync(path, `#!/bin/sh\n${body}\n`)
      chmodSync(path, 0o755)
    }
    script('getprop', 'cat "$MNAS_PHONE/properties/$1" 2>/dev/null || echo')
    script(
      'dumpsys',
      [
        'cd "$MNAS_PHONE/dumpsys" || exit 1',
        'echo >> "asked-$1"',
        '[ -f hot-looks ] && [ "$(wc -l < "asked-$1")" -gt "$(cat hot-looks)" ] && exec cat "cool-$1"',
        'exec cat "$1"',
      ].join('\n'),
    )
    script('df', 'if [ -f "$MNAS_PHONE/df" ]; then cat "$MNAS_PHONE/df"; else exec /bin/df "$@"; fi')
    if (this.#faults.has('noexec')) script('chmod', 'exit 0')
    if (!['/usr/bin/taskset', '/bin/taskset'].some((path) => existsSync(path))) script('taskset', 'shift; exec "$@"')
  }

  /** As many cores as here, the upper half of them fast. */
  #describeProcessor(): void {
    const cores = availableParallelism()
    for (let core = 0; core < cores; core++) {
      const folder = this.here(`/sys/devices/system/cpu/cpu${core}/cpufreq`)
      mkdirSync(folder, { recursive: true })
      const kHz = core >= cores / 2 ? 2_800_000 : 1_800_000
      for (const name of ['cpuinfo_max_freq', 'scaling_cur_freq']) writeFileSync(join(folder, name), `${kHz}\n`)
    }
  }
}

function statOf(path: string): FileStat {
  const { mode, size, mtimeMs } = lstatSync(path)
  return { mode, size, changed: Math.floor(mtimeMs / 1000) }
}
