import type { Check, DeviceContext } from '@mnas/core/contracts'
import { adbSwitchedOff, findAdb } from './adb/adb-program.js'
import { defaultPort } from './adb/adb-server.js'
import { probeServer } from './adb/probe-server.js'

const name = 'device android'

/** Whether phones can be reached. Starts nothing: a computer without phones has no use for a server of adb. */
export async function checkAdb(_context: DeviceContext): Promise<readonly Check[]> {
  if (adbSwitchedOff()) return []
  try {
    const { path, version } = await findAdb()
    const probe = await probeServer(defaultPort())
    const other = probe.kind === 'stranger' || (probe.kind === 'server' && probe.version !== version)
    const detail = `adb 1.0.${version} (${path})`
    if (!other) return [{ name, status: 'ok', detail }]
    const fix = 'end the other program, or go on: phones are then reached through a server of our own'
    return [{ name, status: 'hint', detail: `${detail}, but port ${defaultPort()} is another program's`, fix }]
  } catch {
    const fix = 'to time models on a phone, install the platform tools of Android, or say where adb is with MNAS_ADB=PATH'
    return [{ name, status: 'hint', detail: 'no adb: phones cannot be reached', fix }]
  }
}
