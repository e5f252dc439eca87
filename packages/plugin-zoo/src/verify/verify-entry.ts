import type { Surroundings } from '@mnas/core/contracts'
import type { DataSource } from '@mnas/core/data'
import type { MnasError } from '@mnas/core/errors'
import type { Reporter } from '@mnas/core/events'
import type { OpenedDevice } from '@mnas/core/measurement'
import type { Registry } from '@mnas/core/plugins'
import { subjectOf } from '../signatures/sign-files.js'
import type { TrustList } from '../signatures/trust-list.js'
import { type CheckedAccuracy, checkAccuracy } from './accuracy/check-accuracy.js'
import { checkAttestations } from './check-attestations.js'
import { checkEntrySignature } from './check-entry-signature.js'
import { type BrokenKind, brokenKinds, type CheckedClaim, type Level, levels, notComparable } from './claim.js'
import type { EntryFolder } from './entry-folder.js'
import { verifyErrors } from './errors.js'
import type { SoundModel } from './files/asked-file.js'
import { checkHashes } from './files/check-hashes.js'
import { checkModel } from './files/check-model.js'
import { checkStructures } from './files/check-structure.js'
import { type CheckedLatency, checkLatency } from './latency/check-latency.js'
import { checkOutputs } from './outputs/check-outputs.js'

export interface VerifyRequest {
  readonly registry: Registry
  readonly at: EntryFolder
  /** Besides `files`, which are always looked at: nothing is run that is not what the entry says. */
  readonly levels: readonly Level[]
  readonly trust: TrustList
  /** Name of the engine that answers with the weights. */
  readonly engine: string
  /** Of the engine; 0 = all. */
  readonly threads: number
  /** Images to count right answers on; null: none. */
  readonly data: DataSource | null
  /** What to time on; null: nothing. */
  readonly device: OpenedDevice | null
  /** Of the runtime that is timed; null: as each latency was claimed. */
  readonly deviceThreads: number | null
  readonly around: Surroundings
  readonly reporter: Reporter
}

export interface Verification {
  readonly entry: EntryFolder
  /** One for each claim, cheap ones first. */
  readonly rows: readonly CheckedClaim[]
  readonly accuracy: CheckedAccuracy['measured']
  readonly latency: CheckedLatency['measured']
  /** Of the first kind that does not hold, cheap ones first; null: whatever could be compared holds. */
  readonly failure: MnasError | null
}

/**
 * Looks at every claim of an entry again, on this computer. What does not hold is a row of the answer and no error; files that
 * are not what the entry says are run by nothing, and where the trust list enforces a signature that is not there nothing is
 * looked at at all.
 * @throws what has nothing to do with the entry: a device that is lost, Ctrl-C
 */
export async function verifyEntry(request: VerifyRequest): Promise<Verification> {
  const { at, trust, registry, around, reporter } = request
  const signature = checkEntrySignature(at, trust)
  const signatures = [signature.row, ...checkAttestations(at, trust)]
  if (signature.barred) {
    const rows = [...signatures, ...notLookedAt(at, request.levels)]
    return { entry: at, rows, accuracy: [], latency: [], failure: failureOf(at, rows) }
  }
  reporter.stage('Verify', `files of ${subjectOf(at.entry)}`)
  const hashes = await checkHashes(at, around.signal)
  const hashesBroken = brokenPaths(at, hashes)
  const whole = ![...hashesBroken].some((path) => isOfModel(at, path))
  const checked = whole ? await checkModel(at, registry) : { rows: [], model: null }
  const structures = await checkStructures(at, checked.model, { registry, around, broken: hashesBroken })
  const broken = new Set([...hashesBroken, ...brokenPaths(at, structures.rows)])
  const files = [...hashes, ...checked.rows, ...structures.rows]
  const sound = checked.model && { model: checked.model, structures: structures.known }
  const later = await checkAnswers(request, sound, broken)
  const rows = [...signatures, ...files, ...later.rows]
  return { entry: at, rows, ...later.measured, failure: failureOf(at, rows) }
}

function notLookedAt({ entry }: EntryFolder, wanted: readonly Level[]): readonly CheckedClaim[] {
  const expected = 'a signature that the trust list enforces'
  return levels
    .filter((level) => level === 'files' || wanted.includes(level))
    .map((kind) => notComparable({ kind, claim: `${kind} of ${subjectOf(entry)}`, expected }, 'not looked at'))
}

async function checkAnswers(request: VerifyRequest, sound: SoundModel | null, broken: ReadonlySet<string>) {
  const { at, levels, registry, around, reporter, threads, data, device } = request
  const rows: CheckedClaim[] = []
  if (levels.includes('outputs')) {
    reporter.stage('Verify', 'answers to the drawn pictures')
    const engine = await registry.get('engine', request.engine)
    rows.push(...(await checkOutputs(at, sound, { registry, engine, threads, around, broken })))
  }
  const nothing = { rows: [], measured: [] }
  const images = data && { registry, data, engine: request.engine, threads, around, reporter }
  const accuracy = levels.includes('accuracy') ? await checkAccuracy(at, sound, images, broken) : nothing
  const timing = device && { opened: device, threads: request.deviceThreads, around, reporter }
  const latency = levels.includes('latency') ? await checkLatency(at, sound, timing) : nothing
  rows.push(...accuracy.rows, ...latency.rows)
  return { rows, measured: { accuracy: accuracy.measured, latency: latency.measured } }
}

/** Paths of files whose rows do not hold. */
function brokenPaths({ entry }: EntryFolder, rows: readonly CheckedClaim[]): ReadonlySet<string> {
  const wrong = rows.flatMap(({ holds, path }) => (holds === false && path !== undefined ? [path] : []))
  const under = (path: string) => wrong.some((one) => one === path || path.startsWith(`${one}/`))
  return new Set(entry.files.map(({ path }) => path).filter(under))
}

const isOfModel = ({ entry }: EntryFolder, path: string): boolean =>
  entry.files.some((file) => file.path === path && (file.role === 'model' || file.role === 'weights'))

function failureOf({ entry }: EntryFolder, rows: readonly CheckedClaim[]): MnasError | null {
  const wrong = (kind: BrokenKind) => rows.filter((row) => row.kind === kind && row.holds === false).map(({ claim }) => claim)
  const kind = brokenKinds.find((one) => wrong(one).length > 0)
  if (kind === undefined) return null
  const about = { entry: subjectOf(entry), claims: wrong(kind) }
  switch (kind) {
    case 'signature':
      return verifyErrors.MNAS_ZOO_BROKEN_SIGNATURE(about)
    case 'files':
      return verifyErrors.MNAS_ZOO_BROKEN_FILES(about)
    case 'outputs':
      return verifyErrors.MNAS_ZOO_BROKEN_OUTPUTS(about)
    case 'accuracy':
      return verifyErrors.MNAS_ZOO_BROKEN_ACCURACY(about)
    case 'latency':
      return verifyErrors.MNAS_ZOO_BROKEN_LATENCY(about)
    default:
      return kind satisfies never
  }
}
