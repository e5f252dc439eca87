import { stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { formatSize } from '@mnas/core/config'
import { cacheErrors } from './errors.js'

/** What is to be written where. */
export interface SpaceWish {
  readonly folder: string
  readonly bytes: number
}

/** Folders of one disk count together. @throws MNAS_ZOO_DISK before anything is written */
export async function requireSpace(wishes: readonly SpaceWish[]): Promise<void> {
  const needed = new Map<number, number>()
  for (const { folder, bytes } of wishes) {
    const there = await existing(folder)
    const { dev } = await stat(there)
    const sum = (needed.get(dev) ?? 0) + bytes
    needed.set(dev, sum)
    const { bavail, bsize } = await statfs(there)
    const free = bavail * bsize
    if (sum > free) throw cacheErrors.MNAS_ZOO_DISK({ folder, needed: formatSize(sum), free: formatSize(free) })
  }
}

/** The folder, or the nearest above it that is there. */
async function existing(folder: string): Promise<string> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory() || dirname(path) === path) return path
  }
}
