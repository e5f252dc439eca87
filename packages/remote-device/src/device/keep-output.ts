import { join } from 'node:path'
import { writeAtomic } from '@mnas/core/files'

/** Keeps what a tool said for whoever wants to know why it was of no use. @returns the file's path */
export async function keepOutput(cacheFolder: string, device: string, output: string): Promise<string> {
  const name = `${device.replaceAll(/[^\w.-]+/g, '-')}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.txt`
  const path = join(cacheFolder, 'device-output', name)
  await writeAtomic(path, output)
  return path
}
