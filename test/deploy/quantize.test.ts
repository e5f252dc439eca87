import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeployAnswer } from '@mnas/core/answers'
import { fileFactsSchema } from '@mnas/core/deployment'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeRandomBundle } from '../device/random-bundle.js'
import { workspaceRegistry } from '../device/workspace-registry.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let bundle: string
let pictures: string
beforeAll(async () => {
  folder = await temporaryFolder('quantize')
  bundle = join(folder.path, 'tiny-random')
  pictures = await smallPictures(join(folder.path, 'pictures'))
  const labels = (await readdir(join(pictures, 'val'))).sort()
  await writeRandomBundle(bundle, workspaceRegistry(), { labels })
  await writeRandomBundle(join(folder.path, 'others'), workspaceRegistry())
})
afterAll(() => folder.remove())

/** The latencies of the replay device come from a table: what is tested here is what the files say. */
const deploy = (...args: readonly string[]) =>
  mnas(['deploy', ...args, '--device', 'replay', '--no-layers'], {
    cwd: folder.path,
    env: { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'none' },
  })

describe('mnas deploy --quantize', () => {
  it('writes a file for each precision, compares all with the model and keeps what it found beside them', async () => {
    const wish = ['--quantize', 'none,float16,weights,dynamic,int8', '--calibration-images', '12', '--max-drop', '1']
    const { exitCode, stderr, json } = await deploy(bundle, '--data', pictures, ...wish, '--json')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.not.stringContaining('rror') })
    const { files, verifiedOn, images } = json<DeployAnswer>()
    expect(files.map(({ precision }) => precision)).toEqual(['float32', 'float16', 'weights', 'dynamic', 'int8'])
    expect([verifiedOn, images > 0]).toEqual(['photos', true])
    const [float32, float16, ...integers] = files.map(({ comparison }) => comparison!)
    expect(float32!.distance).toBeLessThan(1e-6)
    expect(float16!.distance).toBeLessThan(1e-4)
    for (const { distance, quality } of integers) {
      expect(distance).toBeLessThan(0.2)
      expect(quality!.engine).toBe(float32!.quality!.engine)
    }
    expect(files.map(({ recipe }) => recipe?.['tried'])).toEqual([undefined, undefined, 3, 3, 17])
    for (const { file, sha256, recipe, precision } of files) {
      const facts = fileFactsSchema.parse(JSON.parse(await readFile(`${file}.json`, 'utf8')))
      expect(facts).toMatchObject({ sha256, recipe, precision, agreement: { verifiedOn: 'photos', images } })
    }
    expect((await readdir(join(bundle, 'exports'))).filter((name) => name.includes('trial'))).toEqual([])
  })

  it('prints one row for each file, and how its numbers were found', async () => {
    const { stdout, exitCode } = await deploy(bundle, '--data', pictures, '--quantize', 'none,int8', '--max-drop', '1')
    expect(exitCode).toBe(0)
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^FILE +PRECISION +MB +MS +SPREAD +TOP-1 +SAME ANSWERS +MEAN KL$/)
    expect(lines[1]).toMatch(/^tiny-random-32px\.tflite +float32 /)
    expect(lines[2]).toMatch(/^tiny-random-32px-int8\.tflite +int8 /)
    expect(stdout).toMatch(/compared {3}on \d+ images; top-1 of the model itself [\d.]+ %/)
    expect(stdout).toMatch(/found by {3}int8: ranges .*, images \d+, distance [\d.e-]+, tried 17/)
    expect(stdout).toContain('emulated')
  })

  it('names the layers that change the answers most, where a file often answers otherwise', async () => {
    const wish = ['--data', pictures, '--quantize', 'int8', '--calibration-images', '4', '--max-drop', '1', '--out', 'layers']
    const { json } = await deploy(bundle, ...wish, '--layers', '--json')
    const [{ comparison, layers }] = json<DeployAnswer>().files as [DeployAnswer['files'][number]]
    expect(layers === null).toBe(comparison!.sameAnswers! >= 0.95)
    const distances = (layers ?? []).map(({ distance }) => distance)
    expect(distances).toEqual(distances.toSorted((a, b) => b - a))
    expect(distances.length).toBeLessThanOrEqual(5)
  })

  it('leaves out of the comparison what the file was calibrated on', async () => {
    // Classes without a split: all of them are there to compare on.
    const classes = join(pictures, 'train')
    const all = (await deploy(bundle, '--data', classes, '--json')).json<DeployAnswer>().images
    const wish = ['--quantize', 'weights', '--calibration-images', '10', '--max-drop', '1']
    expect((await deploy(bundle, '--data', classes, ...wish, '--json')).json<DeployAnswer>().images).toBe(all - 10)
  })

  it('calibrates on the same images again under the same seed, on others under another', async () => {
    const digest = async (seed: string) => {
      const wish = ['--quantize', 'dynamic', '--calibration-images', '6', '--seed', seed, '--max-drop', '1']
      return (await deploy(bundle, '--data', pictures, ...wish, '--json')).json<DeployAnswer>().files[0]!.sha256
    }
    const first = await digest('1')
    expect(await digest('1')).toBe(first)
    expect(await digest('2')).not.toBe(first)
  })

  it('takes bytes where it is told, and ends with 8 when a file says the same too seldom: it stays there', async () => {
    const wish = ['--data', pictures, '--quantize', 'int8', '--io', 'uint8', '--calibration-images', '6', '--max-drop', '1']
    const { exitCode, json } = await deploy(bundle, ...wish, '--min-agreement', '100%', '--out', 'bytes', '--json')
    const path = join(folder.path, 'bytes', 'tiny-random-32px-int8.tflite.json')
    const { inputs, outputs, agreement } = fileFactsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    expect([...inputs, ...outputs].map(({ dtype }) => dtype)).toEqual(['uint8', 'uint8'])
    expect(agreement!.metrics['meanKl']).toBeLessThan(0.2)
    expect(exitCode).toBe(agreement!.metrics['top1Agreement'] === 1 ? 0 : 8)
    if (exitCode === 8) expect(json()['error']).toMatchObject({ code: 'MNAS_DEPLOY_WORSE' })
  })

  it('compares on photos of other classes, and says nothing of how often answers are right', async () => {
    const wish = ['--data', pictures, '--quantize', 'none,weights', '--calibration-images', '6', '--progress', 'plain']
    const { exitCode, stderr, json } = await deploy(join(folder.path, 'others'), ...wish, '--json')
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringMatching(/classes of ".*pictures" \(.*\) are not the model's \(a, b, c, d\)/),
    })
    for (const { file, comparison } of json<DeployAnswer>().files) {
      expect(comparison).toMatchObject({ quality: null, sameAnswers: expect.any(Number) })
      expect(fileFactsSchema.parse(JSON.parse(await readFile(`${file}.json`, 'utf8'))).agreement).not.toHaveProperty('judged')
    }
  })

  it('draws images for a model without trained weights, and asks for some for one that has them', async () => {
    const drawn = await deploy(
      'mnasnet-small',
      '--size',
      '32',
      '--random-weights',
      '--quantize',
      'int8',
      '--out',
      'drawn',
      '--json',
    )
    expect(drawn.json<DeployAnswer>()).toMatchObject({
      verifiedOn: 'synthetic',
      files: [{ precision: 'int8', recipe: { tried: 0 } }],
    })
    const { exitCode, json } = await deploy(bundle, '--quantize', 'int8', '--json')
    expect({ exitCode, error: json()['error'] }).toMatchObject({ exitCode: 2, error: { code: 'MNAS_EXPORT_CALIBRATION' } })
  })

  it.each([
    ['int4', 'MNAS_DEPLOY_PRECISION'],
    ['int8,int8', 'MNAS_DEPLOY_PRECISION'],
    ['', 'MNAS_DEPLOY_PRECISION'],
  ])('refuses --quantize "%s"', async (quantize, code) => {
    const { exitCode, json } = await deploy(bundle, '--quantize', quantize, '--json')
    expect({ exitCode, error: json()['error'] }).toMatchObject({ exitCode: 2, error: { code } })
  })
})
