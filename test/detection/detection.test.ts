import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tasks } from '@mnas/plugin-detection/answers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)
const run = (args: readonly string[]) => mnas(args, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: path('cache') } })
const pictures = 30

/** A red or a blue square in each picture, annotated as COCO does it, with category ids that have a hole. */
async function writePictures(): Promise<void> {
  await mkdir(path('data'))
  const numbers = Array.from({ length: pictures }, (_, number) => {
    const [width, height, side] = [80 + ((number * 7) % 30), 64 + ((number * 5) % 30), 20 + ((number * 3) % 20)]
    const [left, top] = [(number * 11) % (width - side), (number * 13) % (height - side)]
    return { number, width, height, side, left, top, isBlue: number % 2 === 1 }
  })
  for (const { number, width, height, side, left, top, isBlue } of numbers) {
    const square = { width: side, height: side, channels: 3 as const, background: isBlue ? '#1010e0' : '#e01010' }
    await sharp({ create: { width, height, channels: 3, background: { r: 118 + number, g: 128, b: 128 } } })
      .composite([{ input: { create: square }, left, top }])
      .jpeg()
      .toFile(path('data', `${number}.jpg`))
  }
  const images = numbers.map(({ number, width, height }) => ({ id: number + 1, file_name: `${number}.jpg`, width, height }))
  const annotations = numbers.map(({ number, side, left, top, isBlue }) => {
    const own = { id: number + 1, image_id: number + 1, category_id: isBlue ? 7 : 3 }
    return { ...own, bbox: [left, top, side, side], area: side * side, iscrowd: 0 }
  })
  const categories = [
    { id: 3, name: 'red' },
    { id: 7, name: 'blue' },
  ]
  await writeFile(path('data', '_annotations.coco.json'), JSON.stringify({ images, annotations, categories }))
}

beforeAll(async () => {
  folder = await temporaryFolder('detection')
  await writePictures()
  await writeTinyNetwork(path('tiny.json'))
})
afterAll(() => folder.remove())

interface Trained {
  readonly metrics: unknown
}

describe('data', () => {
  it('is looked at, with a picture beside it and never in it', async () => {
    const checked = await run(['data', 'check', 'data', '--size', '96', '--json'])
    expect(checked.exitCode, checked.stderr).toBe(0)
    const { look, ...answer } = checked.json<{ look: { coverage: readonly { inputSize: number }[] } }>()
    expect(answer).toMatchObject({ task: 'detection', takenFor: 'COCO: _annotations.coco.json', picture: 'data-check.png' })
    expect(tasks.detection.look.parse(look)).toEqual(look)
    expect(look.coverage.map(({ inputSize }) => inputSize)).toEqual([96, 128, 160])
    expect(await sharp(path('data-check.png')).metadata()).toMatchObject({ format: 'png', width: 1320 })
    const inside = await run(['data', 'check', 'data', '--out', 'data/look.png', '--json'])
    expect(inside.json()).toMatchObject({ error: { code: 'MNAS_CHECK_PICTURE' } })
  })
})

describe('a detector', () => {
  it('is trained, evaluated, asked and deployed', async () => {
    const words = ['--task', 'detection', '--data', 'data', '--epochs', '2', '--batch', '8', '--threads', '1', '--out', 'model']
    const trained = await run(['train', 'tiny.json', ...words, '--json'])
    expect(trained.exitCode, trained.stderr).toBe(0)
    expect(trained.stderr).toMatch(/COCO: _annotations.coco.json\n.*2 classes with 30 boxes \(red 15, blue 15\).* train/)
    expect(trained.stderr).toMatch(/px: [\d.]+ % of 30 boxes have no anchor/)

    const evaluated = await run(['evaluate', 'model', '--data', 'data', '--charts', 'charts', '--json'])
    expect(evaluated.exitCode, evaluated.stderr).toBe(0)
    const { metrics, charts } = evaluated.json<{ metrics: unknown; charts: readonly { name: string }[] }>()
    expect(tasks.detection.metrics.parse(metrics)).toEqual(metrics)
    expect(new Set(charts.map(({ name }) => name))).toEqual(new Set(['precision-recall', 'classes']))
    expect(trained.json<Trained>().metrics).toEqual(metrics)

    const predicted = await run(['predict', 'model', 'data/1.jpg', '--draw', 'drawn', '--json'])
    expect(predicted.exitCode, predicted.stderr).toBe(0)
    const [{ output }] = predicted.json<{ predictions: readonly [{ output: unknown }] }>().predictions
    expect(tasks.detection.output.parse(output)).toEqual(output)
    expect(await readFile(path('drawn', '1.svg'), 'utf8')).toContain('viewBox="0 0 87 69"')
  })

  it('is deployed with the operator behind it, and the file finds the same', async () => {
    const deployed = await run(['deploy', 'model', '--data', 'data', '--json'])
    expect(deployed.exitCode, deployed.stderr).toBe(0)
    const [{ agreement }] = deployed.json<{ files: readonly [{ agreement: Record<string, number> }] }>().files
    expect(tasks.detection.agreement.parse(agreement)).toEqual(agreement)
    expect(agreement['maxScoreError']).toBeLessThan(1e-4)
  })
})
