/** TrashNet in benches of trainings: where its photos lie once unpacked, and the table of what several seeds reached. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export const trashnet = 'trashnet160: 2,028 photos in train/ (15 % of them held out), 499 in val/, six classes'

/** Unpacks an archive of one folder into `place`, whole or not at all; once. @returns the folder in it */
export function unpacked(archive, place) {
  if (!existsSync(place)) {
    rmSync(`${place}.new`, { recursive: true, force: true })
    mkdirSync(`${place}.new`, { recursive: true })
    execFileSync('tar', ['xf', archive, '-C', `${place}.new`])
    renameSync(`${place}.new`, place)
  }
  const inner = readdirSync(place).find((name) => !name.startsWith('.'))
  return join(place, inner)
}

export function printRuns({ mean, runs }) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`
  console.log('| seed | top-1 on val/ | balanced | top-1 held out | epochs | minutes |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const { seed, top1, balancedAccuracy, heldOutTop1, epochs, minutes } of runs) {
    const cells = [seed, ...[top1, balancedAccuracy, heldOutTop1].map(percent), epochs, minutes.toFixed(1)]
    console.log(`| ${cells.join(' | ')} |`)
  }
  console.log(`mean top-1 on val/: ${percent(mean)}`)
}
