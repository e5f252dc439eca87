import { join } from 'node:path'
import { writeAtomic } from '@mnas/core/files'

/**
 * Keeps what a tool said for whoever wants to know why it was of no use.
 * @param device as behind `--device`; its serial stays out of the name: such files are sent around
 * @returns the file's path
 */
export async function keepOutput(cacheFolder: string, device: string, output: string): Promise<string> {
  const name = `${device.split(':')[0]}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.txt`
  const path = join(cacheFolder, 'device-output', name)
  await writeAtomic(path, output)
  return path
}
