import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DeviceChoice, DeviceContext, DeviceDriver, OptionValues, RuntimeInfo } from '@mnas/core/contracts'
import { hashBytes, reasonOf } from '@mnas/core/files'
import { Adb } from '../adb/adb.js'
import { choosePhone } from '../adb/choose-phone.js'
import { adbOptions, adbOptionsOf } from '../android-options.js'
import { androidErrors } from '../errors.js'
import { AndroidSystem } from '../phone/android-system.js'
import { describeTool, storeTool, type Tool } from './tool-store.js'

interface Wish {
  /** A path, absolute, or an address. */
  readonly source: string
  readonly isAddress: boolean
  /** null: whatever the file has. */
  readonly sha256: string | null
}

const downloadMs = 10 * 60_000

/** `mnas device setup android`: takes the user's benchmark_model into the cache folder, one for each processor. */
export const toolSetup: NonNullable<DeviceDriver['setup']> = {
  options: [
    { name: 'benchmark-model', summary: 'the program: a path, or an address to download it from', kind: 'text' },
    { name: 'sha256', summary: 'of the program; needed for an address', kind: 'text' },
    ...adbOptions,
  ],

  async plan(choice, { cacheFolder }) {
    const { source, isAddress, sha256 } = wishOf(choice)
    return [
      `${isAddress ? 'download' : 'copy'} ${source}`,
      ...(sha256 ? [`check that its sha256 is ${sha256}`] : []),
      ...(choice.selector ? [`check that it fits android:${choice.selector}`] : []),
      `keep it in ${cacheFolder} for phones of its processor`,
    ]
  },

  async run(choice, context): Promise<RuntimeInfo> {
    const { source, isAddress, sha256 } = wishOf(choice)
    const bytes = await (isAddress ? download(source, context.signal) : read(source))
    const received = hashBytes(bytes)
    if (sha256 !== null && received !== sha256)
      throw androidErrors.MNAS_ANDROID_DOWNLOAD({ source, reason: `its sha256 is ${received}, not ${sha256}` })
    const tool = describeTool(source, bytes)
    if (choice.selector) await requireFit(tool, choice.selector, choice.options, context)
    await storeTool(context.cacheFolder, tool, bytes, source)
    return { name: 'benchmark_model', version: tool.dialect, sha256: tool.sha256 }
  },
}

function wishOf({ options }: DeviceChoice): Wish {
  const { 'benchmark-model': source, sha256 } = options
  if (typeof source !== 'string' || source === '')
    throw androidErrors.MNAS_ANDROID_SETUP({ expected: 'a program', received: 'none' })
  const isAddress = /^https?:\/\//.test(source)
  if (sha256 === undefined) {
    if (isAddress) throw androidErrors.MNAS_ANDROID_SETUP({ expected: 'the sha256 of what is downloaded', received: 'none' })
    return { source: resolve(source), isAddress, sha256: null }
  }
  const hash = String(sha256).toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(hash))
    throw androidErrors.MNAS_ANDROID_SETUP({ expected: 'a sha256 of 64 hexadecimal digits', received: `"${sha256}"` })
  return { source: isAddress ? source : resolve(source), isAddress, sha256: hash }
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw androidErrors.MNAS_ANDROID_DOWNLOAD({ source: path, reason: reasonOf(error) }, error)
  }
}

async function download(address: string, signal: AbortSignal): Promise<Buffer> {
  try {
    const response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(downloadMs)]) })
    if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`.trim())
    return Buffer.from(await response.arrayBuffer())
  } catch (error) {
    signal.throwIfAborted()
    throw androidErrors.MNAS_ANDROID_DOWNLOAD({ source: address, reason: reasonOf(error) }, error)
  }
}

async function requireFit(tool: Tool, selector: string, options: OptionValues, { signal }: DeviceContext): Promise<void> {
  const adb = await Adb.open(adbOptionsOf(options))
  try {
    const { serial } = await choosePhone(adb, selector, signal)
    const { abi } = await new AndroidSystem(adb, serial, signal).facts()
    requireAbi(tool, `android:${serial}`, abi)
  } finally {
    await adb.close()
  }
}

/** @throws MNAS_ANDROID_ABI */
export function requireAbi({ path, abi }: Pick<Tool, 'path' | 'abi'>, device: string, expected: string): void {
  if (abi !== expected) throw androidErrors.MNAS_ANDROID_ABI({ device, tool: path, expected, received: abi })
}
