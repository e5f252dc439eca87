import type { Split, Task } from '@mnas/core/contracts'
import { splitNames } from '@mnas/core/data'
import type { AccuracyClaim } from '../../entry/claims.js'
import { wilsonInterval } from '../../publish/claims/wilson-interval.js'
import { type About, type CheckedClaim, judged, notComparable, reasonInWords } from '../claim.js'
import type { EntryFolder } from '../entry-folder.js'
import { askedFile, type SoundModel } from '../files/asked-file.js'
import { exportOfHash } from '../files/exports-of.js'
import { modelOfFile } from '../files/model-of-file.js'
import { type ComparedNumber, compareMetrics, tolerableImages } from './compare-metrics.js'
import { type AccuracyRequest, type MeasuredAccuracy, measureFile, measureWeights } from './measure-accuracy.js'

export interface CheckedAccuracy {
  readonly rows: readonly CheckedClaim[]
  /** What was measured here, each once, for who attests it. */
  readonly measured: readonly { readonly claim: AccuracyClaim; readonly result: MeasuredAccuracy }[]
}

/**
 * Counts right answers again. On the very images of the claim the count and every metric that both sides have are judged; on
 * others they are told, with the interval that so many images leave open.
 * @param request null: no images were given
 * @param broken paths of files that are not what the entry says
 */
export async function checkAccuracy(
  at: EntryFolder,
  sound: SoundModel | null,
  request: AccuracyRequest | null,
  broken: ReadonlySet<string>,
): Promise<CheckedAccuracy> {
  const rows: CheckedClaim[] = []
  const measured: { claim: AccuracyClaim; result: MeasuredAccuracy }[] = []
  const known = new Map<string, Promise<MeasuredAccuracy | null>>()
  for (const claim of at.entry.accuracy) {
    request?.around.signal.throwIfAborted()
    const about = aboutOf(at, claim)
    const reason = whyNot(at, claim, sound, request, broken)
    if (reason !== null || !sound || !request) {
      rows.push(notComparable(about, reason ?? ''))
      continue
    }
    const split = splitOf(claim)
    const key = `${claim.file} ${split}`
    const result = known.get(key) ?? measure(at, claim, sound, split, request)
    known.set(key, result)
    try {
      const found = await result
      rows.push(found ? judge(about, claim, found, sound.model.task) : notComparable(about, 'nothing here runs it'))
      if (found) measured.push({ claim, result: found })
    } catch (error) {
      // Images of other classes, an empty split: nothing that the entry claims.
      rows.push(notComparable(about, reasonInWords(error)))
    }
  }
  return { rows, measured }
}

function aboutOf(at: EntryFolder, { file, dataset, metrics, right, basis }: AccuracyClaim): About {
  const what = file === null ? at.entry.architectureName : nameOf(at, file)
  const words = [...Object.entries(metrics).flatMap(inWords), ...(right === null ? [] : [`${right} right`])]
  return {
    kind: 'accuracy',
    claim: `accuracy of ${what} on ${dataset.name}, ${dataset.split}`,
    expected: `${words.join(', ') || 'nothing'} on ${dataset.images} images (${basis})`,
  }
}

/** The count of images stands behind, and of single classes there may be a thousand. */
const inWords = ([name, value]: readonly [string, number]): readonly string[] =>
  name === 'count' || name.includes('.') ? [] : [`${name} ${value}`]

const nameOf = ({ entry }: EntryFolder, hash: string): string =>
  exportOfHash(entry.files, hash)?.path ?? entry.files.find(({ sha256 }) => sha256 === hash)?.path ?? hash

function whyNot(
  { entry }: EntryFolder,
  { file, basis, source }: AccuracyClaim,
  sound: SoundModel | null,
  request: AccuracyRequest | null,
  broken: ReadonlySet<string>,
): string | null {
  if (file === null) return `published by ${source}, of no file here`
  const path = entry.files.find(({ sha256 }) => sha256 === file)?.path
  if (!sound || path === undefined || broken.has(path)) return 'its file is not what the entry says'
  if (!request) return 'no images were given (--data DIR)'
  return basis === 'published' ? `published by ${source}: told, not judged` : null
}

const splitOf = ({ dataset }: AccuracyClaim): Split | null =>
  Object.hasOwn(splitNames, dataset.split) ? (dataset.split as Split) : null

async function measure(
  { folder, entry }: EntryFolder,
  { file }: AccuracyClaim,
  sound: SoundModel,
  split: Split | null,
  request: AccuracyRequest,
): Promise<MeasuredAccuracy | null> {
  const one = exportOfHash(entry.files, file!)
  if (!one) {
    const isOfWeights = entry.files.some(({ sha256, role }) => sha256 === file && role === 'weights')
    return isOfWeights ? measureWeights(folder, sound.model, split, request) : null
  }
  const asked = await askedFile(folder, one, sound)
  return asked && measureFile(asked, modelOfFile(sound.model, asked), split, request)
}

function judge(about: About, claim: AccuracyClaim, found: MeasuredAccuracy, task: Task): CheckedClaim {
  const { dataset, metrics, right } = claim
  const counted = task.rightAnswers?.(found.metrics) ?? null
  const interval = counted === null ? '' : ` (${wilsonInterval(counted, found.images).map(share).join('–')} by 95 %)`
  const words = [...Object.entries(found.metrics).flatMap(inWords), ...(counted === null ? [] : [`${counted} right${interval}`])]
  const got = `${words.join(', ')} on ${found.images} images`
  if (found.fingerprint !== dataset.fingerprint) return notComparable(about, `${got}, which are not those of the claim`)
  if (found.images !== dataset.images) return notComparable(about, `${got}, of ${dataset.images} that were judged`)
  const counts =
    right === null || counted === null ? [] : [{ name: 'right', holds: Math.abs(right - counted) <= tolerableImages }]
  const compared: readonly ComparedNumber[] = [...counts, ...compareMetrics(metrics, found, task.headlines[0].name)]
  if (compared.length === 0) return notComparable(about, `${got}, none of them a number of the claim`)
  const names = compared.map(({ name }) => name)
  const unmeasured = Object.keys(metrics).filter((name) => name !== 'count' && !names.includes(name))
  const rest = unmeasured.length === 0 ? '' : `; not compared: ${unmeasured.slice(0, mostNames).join(', ')}`
  return judged(
    about,
    `${got}${rest}`,
    compared.every(({ holds }) => holds),
  )
}

const mostNames = 10
const share = (value: number) => value.toFixed(3)
