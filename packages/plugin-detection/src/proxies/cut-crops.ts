import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hash, OpenOptions, ProxyData } from '@mnas/core/contracts'
import { coreErrors, isMnasError } from '@mnas/core/errors'
import { exists, jsonText, reasonOf, removeTemporaries, writeAtomic } from '@mnas/core/files'
import { whileLocked } from '@mnas/core/storage'
import { encodedPng, wholePicture } from '@mnas/images/decoding'
import { cutSquare } from '@mnas/images/fitting'
import { z } from 'zod'
import type { AnnotatedData, AnnotatedExample } from '../data/annotated-data.js'
import { type ChosenCrop, type ChosenCrops, chooseCrops } from './choose-crops.js'
import { leastSide } from './plan-crops.js'

/** Raised whenever the same photos give other crops. */
const version = 1
/** Pixels of a crop's side at the most: short trainings read them at `cropInputSize` or less. */
const mostSide = 128

const factsSchema = z.strictObject({ notes: z.array(z.string()) })

/**
 * The objects of annotated photos, each cut out with some of what is around it, as an image folder: `train/LABEL/…` of the photos to train on,
 * `val/LABEL/…` of those held out; photos for validation are not looked at. In the cache folder, made once: whole or not at all.
 * @throws MNAS_FILE_WRITE, the signal's reason
 */
export async function cutCrops(data: AnnotatedData, fingerprint: Hash, options: OpenOptions): Promise<ProxyData> {
  const folder = join(options.cacheFolder, 'crops')
  const own = join(folder, `${fingerprint.slice(0, 24)}-${version}`)
  const facts = join(own, 'crops.json')
  try {
    await mkdir(folder, { recursive: true })
    await whileLocked(join(options.cacheFolder, 'crops.db'), async () => {
      if (await exists(facts)) return
      await removeTemporaries(folder)
      // The form of name that removeTemporaries knows, when this process is killed.
      const temporary = `${own}.${fingerprint.slice(0, 8)}.tmp`
      const notes = await writeCrops(temporary, data, options)
      await writeAtomic(join(temporary, 'crops.json'), jsonText({ notes }))
      await rm(own, { recursive: true, force: true })
      await rename(temporary, own)
    })
  } catch (error) {
    if (isMnasError(error) || options.signal?.aborted) throw error
    throw coreErrors.MNAS_FILE_WRITE({ path: own, reason: reasonOf(error) }, error)
  }
  const { notes } = factsSchema.parse(JSON.parse(await readFile(facts, 'utf8')))
  return { place: { folder: join(own, 'pictures') }, notes }
}

async function writeCrops(folder: string, data: AnnotatedData, options: OpenOptions): Promise<readonly string[]> {
  const { train, heldOut } = data.splits
  const chosen = chooseCrops({ train, val: heldOut }, data.labels)
  const total = train.length + heldOut.length
  let [done, unreadable] = [0, 0]
  for (const part of ['train', 'val'] as const) {
    const counts = new Map<string, number>()
    for (const [example, crops] of byExample(chosen[part].crops)) {
      options.signal?.throwIfAborted()
      const squares = await (options.whileWorking ?? atOnce)(() => cutAll(example, crops))
      if (squares === null) unreadable += crops.length
      for (const { bytes, folder: label } of squares ?? []) {
        const number = (counts.get(label) ?? 0) + 1
        counts.set(label, number)
        const place = join(folder, 'pictures', part, label)
        if (number === 1) await mkdir(place, { recursive: true })
        await writeFile(join(place, `${String(number).padStart(6, '0')}.png`), bytes)
      }
      options.report?.({ done: ++done, total })
    }
  }
  return notesOf(chosen, unreadable)
}

const atOnce = <T>(work: () => Promise<T>) => work()

function byExample(crops: readonly ChosenCrop[]): ReadonlyMap<AnnotatedExample, readonly ChosenCrop[]> {
  const examples = new Map<AnnotatedExample, ChosenCrop[]>()
  for (const crop of crops) {
    const known = examples.get(crop.example)
    if (known) known.push(crop)
    else examples.set(crop.example, [crop])
  }
  return examples
}

/** @returns null for a picture that cannot be decoded */
async function cutAll({ file }: AnnotatedExample, crops: readonly ChosenCrop[]) {
  const picture = await readFile(file)
    .then(wholePicture)
    .catch(() => null)
  if (!picture) return null
  return Promise.all(
    crops.map(async ({ crop, folder }) => ({ folder, bytes: await encodedPng(cutSquare(picture, crop, mostSide)) })),
  )
}

function notesOf({ train, val }: Readonly<Record<'train' | 'val', ChosenCrops>>, unreadable: number): readonly string[] {
  const [objects, ground] = [true, false].map(
    (isObject) => [...train.crops, ...val.crops].filter(({ crop }) => (crop.label !== null) === isObject).length,
  )
  const sum = (why: keyof ChosenCrops['leftOut']) => train.leftOut[why] + val.leftOut[why]
  const leftOut = [
    [sum('tooSmall'), `are smaller than ${leastSide} px`],
    [sum('unclear'), 'are crowds or difficult'],
    [sum('tooMany'), 'are of labels with enough others'],
    [sum('tooRare'), 'are of labels that hardly occur'],
    [unreadable, 'are in pictures that cannot be read'],
  ] as const
  const reasons = leftOut.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`)
  return [
    `${objects} objects and ${ground} pieces of ground cut out of the photos`,
    ...(reasons.length > 0 ? [`Left out: ${reasons.join(', ')}`] : []),
  ]
}
