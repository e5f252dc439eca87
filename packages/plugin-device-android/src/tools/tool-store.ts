import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { coreErrors } from '@mnas/core/errors'
import { exists, jsonText, reasonOf, writeAtomic } from '@mnas/core/files'
import { describeToolFile, type ToolFile } from '@mnas/remote-device'
import { androidErrors } from '../errors.js'
import { abiOf } from './program-abi.js'

/** A benchmark_model, and what can run it. */
export interface Tool extends ToolFile {
  readonly abi: string
}

/** A program of the user's. @throws MNAS_FILE_MISSING, MNAS_ANDROID_DOWNLOAD */
export async function readTool(path: string): Promise<Tool> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw coreErrors.MNAS_FILE_MISSING({ path, what: 'benchmark_model' })
    throw androidErrors.MNAS_ANDROID_DOWNLOAD({ source: path, reason: reasonOf(error) }, error)
  }
  return describeTool(path, bytes)
}

/** @throws MNAS_ANDROID_DOWNLOAD for what is no program */
export function describeTool(path: string, bytes: Buffer): Tool {
  const abi = abiOf(bytes)
  if (abi === null)
    throw androidErrors.MNAS_ANDROID_DOWNLOAD({ source: path, reason: 'it is no program (neither ELF nor a script)' })
  return { ...describeToolFile(path, bytes), abi }
}

const folderOf = (cacheFolder: string, abi: string) => join(cacheFolder, 'android', abi.replaceAll(/[^\w.-]/g, '-'))
const pathOf = (cacheFolder: string, abi: string) => join(folderOf(cacheFolder, abi), 'benchmark_model')

/** The one that was set up for this processor; null: none. */
export async function storedTool(cacheFolder: string, abi: string): Promise<Tool | null> {
  const path = pathOf(cacheFolder, abi)
  return (await exists(path)) ? readTool(path) : null
}

/** Keeps one for its processor, in place of the one before. @param source for people. @throws MNAS_FILE_WRITE */
export async function storeTool(cacheFolder: string, tool: Tool, bytes: Buffer, source: string): Promise<Tool> {
  const path = pathOf(cacheFolder, tool.abi)
  await writeAtomic(path, bytes)
  const { abi, dialect, sha256 } = tool
  await writeAtomic(join(folderOf(cacheFolder, abi), 'benchmark_model.json'), jsonText({ abi, dialect, sha256, source }))
  return { ...tool, path }
}
