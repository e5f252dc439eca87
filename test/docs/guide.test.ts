import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/**
 * docs/guide.md as a reader would type it: every block behind `<!-- run -->`, in order, in one folder. Only the numbers are smaller, the photos
 * are drawn, and the device is the replay device, which is quick and the same on every machine.
 */
const guide = readFileSync(fileURLToPath(new URL('../../docs/guide.md', import.meta.url)), 'utf8')
const blocks = [...guide.matchAll(/<!-- run -->\n```sh\n([^`]+)```/g)].map(([, commands]) => commands!.trim())
const smaller = [
  [/--size \d+/g, '--size 32'],
  [/--trials 10/g, '--trials 1'],
  [/--trials 20/g, '--trials 2'],
  [/--proxy-epochs \d+/g, '--proxy-epochs 1'],
  [/--epochs \d+/g, '--epochs 2'],
  [/ --device host/g, ''],
  [/device describe host/g, 'device describe replay'],
] as const
/** The labels of the guide's photos, and the drawn ones that stand for them. */
const labels = { glass: 'checks', metal: 'disc', paper: 'stripes' }

let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  folder = await temporaryFolder('guide')
  const drawn = await smallPictures(join(folder.path, 'drawn'))
  for (const [label, shape] of Object.entries(labels)) {
    mkdirSync(join(folder.path, 'photos', label), { recursive: true })
    for (const part of ['train', 'val']) cpSync(join(drawn, part, shape), join(folder.path, 'photos', label), { recursive: true })
  }
})
afterAll(() => folder.remove())

describe('docs/guide.md', () => {
  it('has blocks to run, and every number that is made smaller', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(10)
    expect(smaller.filter(([larger]) => !blocks.some((block) => block.match(larger)))).toEqual([])
  })

  for (const [index, block] of blocks.entries()) {
    it(`${index + 1}. ${block.split('\n')[0]}`, async () => {
      const { exitCode, stdout, stderr } = await run(block)
      expect(exitCode, `${stdout}\n${stderr}`).toBe(0)
    }, 180_000)
  }

  it('has kept what it promises', () => {
    const there = [
      'runs/photos/best.json',
      'models/photos/model.json',
      'models/photos/exports/photos-32px.tflite',
      'models/mnasnet-a1@0.5-photos/weights.safetensors',
    ]
    expect(there.filter((path) => !existsSync(join(folder.path, path)))).toEqual([])
    const { candidates } = JSON.parse(readFileSync(join(folder.path, 'front.json'), 'utf8')) as { candidates: unknown[] }
    expect(candidates.length).toBeGreaterThan(0)
  })
})

/** In a shell in which `mnas` is the program that it was started with. */
function run(block: string) {
  const commands = smaller.reduce((text, [larger, small]) => text.replaceAll(larger, small), block)
  const script = `set -e\nnode=$0 program=$1\nmnas() { "$node" "$program" "$@"; }\n${commands}\n`
  const env = { MNAS_DEVICE: 'replay', MNAS_CACHE_FOLDER: join(folder.path, 'cache') }
  return mnas([], { cwd: folder.path, env, through: ['sh', '-c', script] })
}
