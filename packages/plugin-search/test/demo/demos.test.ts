import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createReporter } from '@mnas/core/events'
import { expect, it, onTestFinished } from 'vitest'
import { classificationDemo } from '#internal/demo/classification-demo.js'
import { detectionDemo } from '#internal/demo/detection-demo.js'
import { type Demo, runDemo } from '#internal/demo/run-demo.js'

/** Says what each command would. */
const entry = `
const answers = {
  search: { best: 'c4', candidates: [{}, {}] },
  train: { metrics: { top1: 0.9 } },
  evaluate: { metrics: { map50: 0.8 } },
  predict: { drawings: ['seen.png'] },
  deploy: { files: [{ file: 'm.tflite', latencyMs: 2, agreement: null, sizeBytes: 5 }] },
}
console.log(JSON.stringify(answers[process.argv[2]]))
`

async function told<Made extends object>(demo: Demo<Made>) {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-demo-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const last = join(folder, demo.pictures, demo.lastPicture)
  await mkdir(dirname(last), { recursive: true })
  await writeFile(last, 'drawn before')
  await writeFile(join(folder, 'program.mjs'), entry)
  const commands: string[] = []
  const program = { entry: join(folder, 'program.mjs'), signal: new AbortController().signal }
  const onCommand = (command: string) => void commands.push(command.replaceAll(folder, 'demo'))
  const result = await runDemo(demo, { folder, device: 'host', seed: 3, program, reporter: createReporter('silent'), onCommand })
  return { result: JSON.parse(JSON.stringify(result).replaceAll(folder, 'demo')), commands }
}

it('tells pictures apart: search, train the best, deploy', async () => {
  const { result, commands } = await told(classificationDemo)
  expect(commands).toEqual([
    'mnas search --data demo/pictures --size 48 --width 0.5 --trials 4 --proxy-epochs 3 --objective soft --retrain-top 0 --seed 3 --device host --out demo/run',
    'mnas train demo/run --candidate c4 --data demo/pictures --epochs 20 --seed 3 --out demo/model',
    'mnas deploy demo/model --device host',
  ])
  const made = { pictures: 'demo/pictures', run: 'demo/run', model: 'demo/model', candidates: 2, metrics: { top1: 0.9 } }
  expect(result).toEqual({ ...made, file: 'm.tflite', latencyMs: 2, agreement: null })
})

it('finds shapes: train, evaluate, look, deploy', async () => {
  const { result, commands } = await told(detectionDemo)
  const how = '--data demo/shapes --size 128 --epochs 70 --seed 3'
  expect(commands).toEqual([
    `mnas train mnasnet-a1@0.5 --task detection ${how} --out demo/detector`,
    'mnas evaluate demo/detector --data demo/shapes',
    'mnas predict demo/detector demo/shapes/val/0001.png --draw demo/drawn',
    'mnas deploy demo/detector --data demo/shapes --device host',
  ])
  const made = { pictures: 'demo/shapes', model: 'demo/detector', metrics: { map50: 0.8 }, drawing: 'seen.png' }
  expect(result).toEqual({ ...made, file: 'm.tflite', latencyMs: 2, agreement: null })
})
