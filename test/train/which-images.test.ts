import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'

interface Evaluation {
  readonly split: string
  readonly images: number
  readonly trainedOn: number | null
  readonly metrics: Readonly<Record<string, number>>
}

let folder: string
let env: Readonly<Record<string, string>>
/** What train said of each model. */
const told = new Map<string, Evaluation['metrics']>()
const place = (name: string) => join(folder, name)
const train = (data: string, out: string, ...flags: readonly string[]) =>
  mnas(
    [
      'train',
      'mnasnet-small@0.35',
      '--data',
      place(data),
      '--size',
      '32',
      '--epochs',
      '1',
      '--batch',
      '8',
      '--out',
      place(out),
      '--json',
      ...flags,
    ],
    { env },
  )
const evaluate = (model: string, ...flags: readonly string[]) => mnas(['evaluate', place(model), '--json', ...flags], { env })

/** The files of all parts of one folder in class folders alone. */
function flatten(from: string, to: string): void {
  for (const part of readdirSync(place(from)))
    for (const label of readdirSync(join(place(from), part)))
      for (const file of readdirSync(join(place(from), part, label))) {
        mkdirSync(join(place(to), label), { recursive: true })
        cpSync(join(place(from), part, label, file), join(place(to), label, `${part}-${file}`))
      }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-which-images-'))
  env = { MNAS_CACHE_FOLDER: place('cache') }
  await smallPictures(place('divided'))
  await smallPictures(place('other'), { training: 4, validation: 2, seed: 6 })
  flatten('divided', 'plain')
  flatten('other', 'test')
  for (const data of ['divided', 'plain']) {
    const { json } = await train(data, `models/${data}`)
    told.set(`models/${data}`, json<Evaluation>().metrics)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('mnas evaluate', () => {
  it('judges by all images of a folder that the model was not trained on', async () => {
    const { stderr, json } = await evaluate('models/plain', '--data', place('test'))
    expect(json<Evaluation>()).toMatchObject({ split: 'all', images: 24, trainedOn: 0 })
    expect(stderr).toContain('4 classes, 24 images')
    expect(stderr).toContain('plain on 24 images, all there are')
  })

  it('judges by validation images of the folder that it was trained on, wherever that lies by now, to the digits that train told', async () => {
    renameSync(place('plain'), place('moved'))
    for (const [model, data] of [
      ['models/plain', 'moved'],
      ['models/divided', 'divided'],
    ] as const) {
      const { json } = await evaluate(model, '--data', place(data))
      expect(json<Evaluation>()).toMatchObject({ split: 'validation', trainedOn: 0 })
      expect(json<Evaluation>().metrics).toEqual(told.get(model))
    }
  })

  it('counts images that the weights to begin with were trained on, too, and the training says so', async () => {
    for (const [from, to] of [
      ['train', 'val'],
      ['val', 'train'],
    ] as const)
      cpSync(join(place('divided'), from), join(place('exchanged'), to), { recursive: true })
    const wish = ['--init', place('models/divided'), '--data', place('exchanged'), '--epochs', '1', '--batch', '8']
    const { stderr, exitCode } = await mnas(['train', ...wish, '--out', place('models/again'), '--json'], { env })
    expect(exitCode).toBe(0)
    expect(stderr).toContain('The weights to begin with were trained on 64 of the 64 validation images')
    const all = (await evaluate('models/again', '--split', 'all')).json<Evaluation>()
    expect(all).toMatchObject({ images: 80, trainedOn: 80 })
  })

  it('counts images that the model was trained on, whatever they are called, and says so', async () => {
    cpSync(place('test'), place('mixed'), { recursive: true })
    const label = readdirSync(join(place('divided'), 'train'))[0]!
    for (const [index, file] of readdirSync(join(place('divided'), 'train', label))
      .slice(0, 3)
      .entries())
      cpSync(join(place('divided'), 'train', label, file), join(place('mixed'), label, `new-name-${index}.jpg`))
    const { stderr, json } = await evaluate('models/divided', '--data', place('mixed'))
    expect(json<Evaluation>()).toMatchObject({ split: 'all', images: 27, trainedOn: 3 })
    expect(stderr).toContain('The model was trained on 3 of these 27 images')
    const all = (await evaluate('models/divided', '--split', 'all')).json<Evaluation>()
    expect(all).toMatchObject({ images: 80, trainedOn: 64 })
    rmSync(join(place('models/divided'), 'local/trained-on.bin'))
    expect((await evaluate('models/divided', '--data', place('mixed'))).json<Evaluation>().trainedOn).toBeNull()
  })

  it('takes the split that is asked for, and says when it is empty', async () => {
    const heldOut = (await evaluate('models/divided', '--split', 'heldOut')).json<Evaluation>()
    expect(heldOut).toMatchObject({ split: 'heldOut', images: 8 })
    const none = await evaluate('models/divided', '--split', 'test')
    expect([none.exitCode, none.json<{ error: { code: string } }>().error.code]).toEqual([7, 'MNAS_EVALUATE_SPLIT'])
    cpSync(place('test'), join(place('divided'), 'test'), { recursive: true })
    expect((await evaluate('models/divided', '--split', 'test')).json<Evaluation>()).toMatchObject({ split: 'test', images: 24 })
    // The test part is no part of what identifies the data: the training is told again, not refused.
    expect((await train('divided', 'models/divided')).exitCode).toBe(0)
  })
})

describe('a command', () => {
  it('says classes and counts before it works, and where they come from', async () => {
    const { stderr } = await train('divided', 'models/divided')
    expect(stderr).toContain('4 classes, 56 train from train/, 8 held out, 16 validation from val/')
    expect(stderr).toContain('4 of 4 classes have under 20 photos')
  })

  it('remembers which folders are the classes', async () => {
    for (const day of ['day1', 'day2']) cpSync(place('moved'), join(place('days'), day), { recursive: true })
    const refused = await train('days', 'models/days')
    expect(refused.json<{ error: { code: string } }>().error.code).toBe('MNAS_DATA_LAYOUT')
    expect((await train('days', 'models/days', '--class-folders', 'leaf')).exitCode).toBe(0)
    expect((await evaluate('models/days')).json<Evaluation>()).toMatchObject({ split: 'validation' })
  })
})
