import type { Split, Task } from '@mnas/core/contracts'
import { splitNames } from '@mnas/core/data'
import type { AccuracyClaim } from '../../entry/claims.js'
import { wilsonInterval } from '../../publish/claims/wilson-interval.js'
import { type About, type CheckedClaim, judged, notComparable, reasonInWords } from '../claim.js'
import type { EntryFolder } from '../entry-folder.js'
import { askedFile, type SoundModel } from '../files/asked-file.js'
import { exportOfHash } from '../files/exports-of.js'
import { type AccuracyRequest, type MeasuredAccuracy, measureFile, measureWeights } from './measure-accuracy.js'

/**
 * Right answers that may be others: rounding differs from processor to processor, and two pictures of a class may lie on the
 * border.
 */
export const tolerableImages = 2

export interface CheckedAccuracy {
  readonly rows: readonly CheckedClaim[]
  /** What was measured here, each once, for who attests it. */
  readonly measured: readonly { readonly claim: AccuracyClaim; readonly result: MeasuredAccuracy }[]
}

/**
 * Counts right answers again. On the very images of the claim the count is judged; on others it is told, with the interval that
 * so many images leave open.
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
    const about = aboutOf(at, claim, sound?.model.task)
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

function aboutOf(at: EntryFolder, { file, dataset, metrics, right, basis }: AccuracyClaim, task: Task | undefined): About {
  const what = file === null ? at.entry.architectureName : nameOf(at, file)
  const name = task?.headlines[0].name ?? Object.keys(metrics)[0] ?? ''
  const counted = right === null ? '' : `${right} right, `
  return {
    kind: 'accuracy',
    claim: `accuracy of ${what} on ${dataset.name}, ${dataset.split}`,
    expected: `${counted}${name} ${metrics[name] ?? 'unsaid'} on ${dataset.images} images (${basis})`,
  }
}

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
  if (!one) return measureWeights(folder, sound.model, split, request)
  const asked = await askedFile(folder, one, sound)
  return asked && measureFile(asked, sound.model, split, request)
}

function judge(about: About, claim: AccuracyClaim, found: MeasuredAccuracy, task: Task): CheckedClaim {
  const { dataset, metrics, right } = claim
  const { name } = task.headlines[0]
  const value = found.metrics[name] ?? Number.NaN
  const counted = task.rightAnswers?.(found.metrics) ?? null
  const interval = counted === null ? '' : ` (${wilsonInterval(counted, found.images).map(share).join('–')} by 95 %)`
  const got = `${counted === null ? '' : `${counted} right, `}${name} ${value}${interval} on ${found.images} images`
  if (found.fingerprint !== dataset.fingerprint) return notComparable(about, `${got}, which are not those of the claim`)
  if (found.images !== dataset.images) return notComparable(about, `${got}, of ${dataset.images} that were judged`)
  const offBy = (claimed: number | undefined, now: number, unit: number) =>
    claimed === undefined || Math.abs(claimed - now) * unit <= tolerableImages * (1 + 1e-9)
  const sameCount = right === null || counted === null || offBy(right, counted, 1)
  return judged(about, got, sameCount && offBy(metrics[name], value, found.images))
}

const share = (value: number) => value.toFixed(3)
