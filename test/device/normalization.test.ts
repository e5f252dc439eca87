import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Preprocessing } from '@mnas/core/contracts'
import { fileFactsSchema } from '@mnas/core/deployment'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeRandomBundle } from './random-bundle.js'
import { workspaceRegistry } from './workspace-registry.js'

/** A model that normalises each channel in its own way becomes a file that takes all channels alike: here, what that means to who uses it. */
const preprocessing: Preprocessing = {
  ...{ fit: { kind: 'crop', fraction: 0.75 }, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375], exif: 'applied' },
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('normalization')
  await writeRandomBundle(join(folder.path, 'model'), workspaceRegistry(), { preprocessing })
  await smallPictures(join(folder.path, 'pictures'))
})
afterAll(() => folder.remove())

describe('a model with a mean of its own for each channel', () => {
  it.each([
    ['photos', ['--data', 'pictures', '--class-folders', 'top']],
    ['synthetic', []],
  ] as const)('is deployed, and the file says what the model says of %s', async (verifiedOn, flags) => {
    const limits = ['--device', 'replay', '--threads', '1', '--workers', '0']
    const ended = await mnas(['deploy', 'model', ...flags, ...limits, '--json'], {
      cwd: folder.path,
      env: { MNAS_CACHE_FOLDER: join(folder.path, 'cache') },
    })
    expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0)
    const { files, ...answer } = ended.json<{ verifiedOn: string; files: { agreement: Record<string, number> }[] }>()
    expect(answer.verifiedOn).toBe(verifiedOn)
    expect(files[0]!.agreement['top1Agreement'] ?? 1).toBe(1)
    expect(files[0]!.agreement['maxLogProbabilityError']).toBeLessThan(1e-3)
  })

  it('the facts of the file tell its own normalisation, and the README how it is fed', async () => {
    const file = join(folder.path, 'model', 'exports', 'tiny-random-32px.tflite')
    const facts = fileFactsSchema.parse(JSON.parse(await readFile(`${file}.json`, 'utf8')))
    expect(facts.preprocessing).toEqual({ ...preprocessing, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] })
    expect(facts.labels).toEqual(['a', 'b', 'c', 'd'])
    const readme = await readFile(join(folder.path, 'model', 'exports', 'README.md'), 'utf8')
    expect(readme).toContain('red, green, blue: (level − 127.5) / 127.5, −1 to 1')
    expect(readme).toContain('val side = minOf(photo.width, photo.height) * 0.75f')
    expect(readme).toContain('CompiledModel.create(context.assets, "tiny-random-32px.tflite"')
  })
})
