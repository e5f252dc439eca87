import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataCheckAnswer } from '@mnas/core/answers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { squarePictures } from './square-pictures.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)
const check = (...words: readonly string[]) =>
  mnas(['data', 'check', ...words], { cwd: folder.path, env: { MNAS_CACHE_FOLDER: path('cache') } })

beforeAll(async () => {
  folder = await temporaryFolder('data-check')
})
afterAll(() => folder.remove())

describe('a look at class folders', () => {
  it('counts the images of each class and split, and draws some', async () => {
    await smallPictures(path('classes'))
    const checked = await check('classes', '--json')
    expect(checked.exitCode, checked.stderr).toBe(0)
    const answer = dataCheckAnswer.parse(checked.json())
    const { task, labels, splits, look, refused, picture } = answer
    expect({ task, look, refused, picture }).toEqual({
      ...{ task: 'classification', look: null, refused: [], picture: 'classes-check.png' },
    })
    const [train, heldOut, validation] = splits.map(({ examples }) => examples) as [number, number, number]
    expect([train + heldOut, validation]).toEqual([16 * labels.length, 4 * labels.length])
    expect(splits[2]!.counts).toEqual(labels.map(() => 4))
    expect(await sharp(path('classes-check.png')).metadata()).toMatchObject({ format: 'png' })
  })

  it('says what is in them although too many files are unusable for a training', async () => {
    await smallPictures(path('broken'), { training: 4, validation: 2 })
    const { labels } = dataCheckAnswer.parse((await check('broken', '--json')).json())
    for (const label of labels) await writeFile(path('broken', 'train', label, 'unusable.jpg'), 'no picture')
    const { exitCode, stdout } = await check('broken', '--json')
    const answer = dataCheckAnswer.parse(JSON.parse(stdout))
    expect([exitCode, answer.refused.map(({ code }) => code)]).toEqual([7, ['MNAS_DATA_BROKEN']])
    expect(answer.skipped).toHaveLength(labels.length)
    expect(answer.splits.reduce((sum, { examples }) => sum + examples, 0)).toBe(6 * labels.length)
  })
})

describe('a look at boxes of which too many are unusable', () => {
  const annotations = () => path('boxes', '_annotations.coco.json')

  it('counts what there is, and says why no training would take it', async () => {
    await squarePictures(path('boxes'))
    const data = JSON.parse(await readFile(annotations(), 'utf8'))
    const away = [1, 2, 3].map((at) => ({ ...data.annotations[at], id: 100 + at, bbox: [500, 500, 9, 9] }))
    await writeFile(annotations(), JSON.stringify({ ...data, annotations: [...data.annotations, ...away] }))
    const { exitCode, stdout } = await check('boxes', '--json')
    const { refused, splits, look, picture } = dataCheckAnswer.parse(JSON.parse(stdout))
    expect(exitCode).toBe(7)
    const message = expect.stringMatching(/^3 of 19 boxes in ".*boxes" cannot be used\. Expected at most 5 %/)
    expect(refused).toEqual([{ code: 'MNAS_DETECTION_BOXES', message, exitCode: 7 }])
    expect(splits.flatMap(({ counts }) => counts!).reduce((sum, boxes) => sum + boxes, 0)).toBe(16)
    expect([look!['pictures'], picture]).toEqual([16, 'boxes-check.png'])

    const told = await check('boxes')
    expect(told.exitCode).toBe(7)
    expect(told.stdout).toMatch(/left out: 3 × |left out: .*, 3 times/)
    expect(told.stdout).toMatch(/no training would take this: 3 of 19 boxes/)
    const trained = await mnas(['train', 'mnasnet-a1', '--task', 'detection', '--data', 'boxes'], { cwd: folder.path })
    expect([trained.exitCode, trained.stderr]).toEqual([7, expect.stringContaining('MNAS_DETECTION_BOXES')])
  })

  it('does so where no box is left', async () => {
    const data = JSON.parse(await readFile(annotations(), 'utf8'))
    await writeFile(annotations(), JSON.stringify({ ...data, annotations: data.annotations.slice(-3) }))
    const { exitCode, stdout } = await check('boxes', '--json')
    const { refused, look } = dataCheckAnswer.parse(JSON.parse(stdout))
    expect(exitCode).toBe(7)
    expect(refused.map(({ code }) => code)).toEqual(['MNAS_DETECTION_BOXES', 'MNAS_DETECTION_TOO_FEW'])
    expect(look).toMatchObject({ pictures: 16, withoutBoxes: 16 })
  })
})
