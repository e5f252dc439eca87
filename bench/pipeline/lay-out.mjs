import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'

/** COCO photos (mostly 640 × 480) as two classes below `photos`, in the layout that both sides read. @returns how many there are */
export function layOut(archive, target) {
  const unpacked = join(target, '.unpacked')
  mkdirSync(unpacked)
  execFileSync('tar', ['xf', archive, '-C', unpacked])
  const photos = readdirSync(unpacked, { recursive: true })
    .filter((name) => name.endsWith('.jpg'))
    .sort()
  for (const label of ['even', 'odd']) mkdirSync(join(target, 'photos', label), { recursive: true })
  for (const [index, name] of photos.entries())
    renameSync(join(unpacked, name), join(target, 'photos', index % 2 === 0 ? 'even' : 'odd', `${index}.jpg`))
  return photos.length
}
