import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sharedData } from '../../../test/support/shared-data.js'
import { temporaryFolder } from '../../images/test/support/pictures.js'
import { digest, open, take, trainingPlan } from './support/image-folder.js'

const archive = sharedData('trashnet160.tar')
if (!archive) {
  const message = 'TrashNet is not at ../shared/data/trashnet160.tar'
  if (process.env['CI']) throw new Error(message)
  console.warn(`${message}: its tests are skipped`)
}

it.skipIf(!archive)(
  'reads TrashNet: its classes, its val/, a stratified held-out split, the same batches from cache and files',
  async () => {
    const folder = await temporaryFolder()
    execFileSync('tar', ['xf', archive!, '-C', folder])
    const data = join(folder, 'trashnet160')
    const dataset = await open(data)
    expect(dataset.labels).toEqual(['cardboard', 'glass', 'metal', 'paper', 'plastic', 'trash'])
    expect(dataset.skipped).toEqual([])
    expect(dataset.counts('validation')).toEqual([89, 112, 87, 97, 89, 25])
    const training = dataset.labels.map((_, index) => dataset.counts('train')[index]! + dataset.counts('heldOut')[index]!)
    for (const [index, count] of dataset.counts('heldOut').entries()) expect(count).toBe(Math.round(0.15 * training[index]!))
    expect(dataset.size('train') + dataset.size('heldOut')).toBe(2028)
    const plan = { ...trainingPlan, batchSize: 32, inputSize: 64 }
    const cached = (await take(dataset, plan, 4, { epoch: 1, index: 2 }, 2)).map(digest)
    const streamed = await open(data, { cacheLimitBytes: 0 })
    expect((await take(streamed, plan, 4, { epoch: 1, index: 2 }, 1)).map(digest)).toEqual(cached)
  },
)
