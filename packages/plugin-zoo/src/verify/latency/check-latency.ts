import type { DeviceInfo, FileStructure, JsonObject, LatencyMeasurement, ModelFile, Surroundings } from '@mnas/core/contracts'
import { type DeployableModel, factsBeside } from '@mnas/core/deployment'
import type { Reporter } from '@mnas/core/events'
import { hashJson } from '@mnas/core/files'
import { fullBenchmark, measureLatency, modelFileAt, type OpenedDevice } from '@mnas/core/measurement'
import type { LatencyClaim } from '../../entry/claims.js'
import { type About, type CheckedClaim, judged, notComparable, reasonInWords } from '../claim.js'
import type { EntryFolder } from '../entry-folder.js'
import type { SoundModel } from '../files/asked-file.js'
import { exportOfHash, pathIn } from '../files/exports-of.js'

/** How far a latency may be off; more where its own processes differed by more, by as much as a stable measurement's may. */
export const tolerableShare = 0.1
export const tolerableSpreads = 3

export interface LatencyCheckRequest {
  readonly opened: OpenedDevice
  /** Default: as each was claimed. */
  readonly threads: number | null
  readonly around: Surroundings
  readonly reporter: Reporter
}

export interface MeasuredLatency {
  readonly claim: LatencyClaim
  readonly info: DeviceInfo
  readonly measurement: LatencyMeasurement
  readonly file: ModelFile
}

export interface CheckedLatency {
  readonly rows: readonly CheckedClaim[]
  /** What was measured here, each once, for who attests it. */
  readonly measured: readonly MeasuredLatency[]
}

/**
 * Times the files of an entry again on a device. Where it is the device of the claim, with its runtime and flags, the times are
 * compared; else what was measured is told beside what differs.
 * @param request null: no device was named
 */
export async function checkLatency(
  at: EntryFolder,
  sound: SoundModel | null,
  request: LatencyCheckRequest | null,
): Promise<CheckedLatency> {
  const info = request && at.entry.latency.length > 0 ? await request.opened.device.describe() : null
  const rows: CheckedClaim[] = []
  const measured = new Map<string, MeasuredLatency>()
  for (const claim of at.entry.latency) {
    request?.around.signal.throwIfAborted()
    const about = aboutOf(at, claim)
    const reason = whyNot(at, claim, sound, request, info)
    if (reason !== null || !sound || !request || !info) {
      rows.push(notComparable(about, reason ?? ''))
      continue
    }
    const key = hashJson({
      file: claim.file,
      threads: claim.threads,
      flags: claim.flags,
      runs: claim.runs,
      processes: claim.processes,
    })
    try {
      const found = measured.get(key) ?? { claim, info, ...(await measure(at, claim, sound, request)) }
      measured.set(key, found)
      rows.push(judge(about, claim, found, endsInOperator(sound.model, found.file)))
    } catch (error) {
      rows.push(notComparable(about, reasonInWords(error)))
    }
  }
  return { rows, measured: [...measured.values()] }
}

function aboutOf({ entry }: EntryFolder, { file, device, threads, runtime, ms, basis }: LatencyClaim): About {
  const what = file === null ? entry.architectureName : (exportOfHash(entry.files, file)?.path ?? file)
  const emulated = device.emulated ? ', emulated' : ''
  return {
    kind: 'latency',
    claim: `latency of ${what} on ${device.model}${emulated}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    expected: `${milliseconds(ms.p50)} with ${runtime.name} ${runtime.version} (${basis})`,
  }
}

const milliseconds = (value: number) => `${value.toPrecision(4)} ms`

function whyNot(
  { entry }: EntryFolder,
  { file, source }: LatencyClaim,
  sound: SoundModel | null,
  request: LatencyCheckRequest | null,
  info: DeviceInfo | null,
): string | null {
  if (file === null) return `published by ${source}, of no file here`
  const one = exportOfHash(entry.files, file)
  if (!one || !sound?.structures.has(one.path)) return 'its file is not what the entry says'
  if (!request || !info) return 'no device was named (--device DEVICE)'
  return info.formats.includes(one.format) ? null : `${info.name} runs no ${one.format} files`
}

async function measure(
  { folder, entry }: EntryFolder,
  { file: hash, threads, flags, runs, processes }: LatencyClaim,
  { structures }: SoundModel,
  { opened, threads: wished, reporter }: LatencyCheckRequest,
): Promise<Pick<MeasuredLatency, 'measurement' | 'file'>> {
  const { path, format } = exportOfHash(entry.files, hash!)!
  const place = pathIn(folder, path)
  const facts = await factsBeside({ path: place })
  const file: ModelFile = {
    ...(await modelFileAt(place, format)),
    // By it devices know what was measured before; the facts beside the file are files of the entry.
    ...(facts && { structure: facts.structure }),
    ...portsOf(structures.get(path)),
  }
  reporter.stage('Measure latency', path)
  // Claims count the runs of all processes.
  const each = runs === null ? null : Math.min(10_000, Math.ceil(runs / (processes ?? 1)))
  const effort = { ...(each !== null && { runs: each }), ...(processes !== null && { processes: Math.min(processes, 100) }) }
  const told = { ...(flags as JsonObject), ...opened.flags }
  const measurement = await measureLatency({
    device: opened.device,
    file,
    options: { ...fullBenchmark, ...effort, threads: wished ?? threads, flags: told },
    onRepeat: (spread) => reporter.note(`Unstable: the processes differ by ${(100 * spread).toFixed(1)} %; measuring again`),
    onWait: ({ reason, seconds }) => reporter.note(`Waiting ${seconds} s: ${reason}`),
  })
  return { measurement, file }
}

const portsOf = (structure: FileStructure | undefined) => structure && { inputs: structure.inputs, outputs: structure.outputs }

/** Then its time depends on what the model says, and here it is run on drawn inputs. */
const endsInOperator = ({ postProcessing }: DeployableModel, { outputs }: ModelFile): boolean =>
  postProcessing?.outputs.every(({ name }) => outputs.some((output) => output.name === name)) ?? false

function judge(about: About, claim: LatencyClaim, { info, measurement }: MeasuredLatency, drawn: boolean): CheckedClaim {
  const { latencyMs, spread, stable, runtime } = measurement
  const got = `${milliseconds(latencyMs)} ± ${(50 * spread).toFixed(1)} % on ${info.name} with ${runtime.name} ${runtime.version}`
  const differences = [
    ...differencesOf(claim, info, measurement),
    ...(drawn ? ['on drawn inputs, claimed on photos, and its time depends on what it sees'] : []),
  ]
  if (differences.length > 0) return notComparable(about, `not comparable: ${differences.join('; ')}. A new measurement: ${got}`)
  if (!stable) return notComparable(about, `not comparable: the machine is not quiet. A new measurement: ${got}`)
  return judged(about, got, isNear(claim, measurement))
}

/** Whether a measurement is so near to a claim that it may be the same. A claim's own spread is its publisher's word. */
export function isNear(
  { ms, spread: claimed }: Pick<LatencyClaim, 'ms' | 'spread'>,
  { latencyMs, spread }: Pick<LatencyMeasurement, 'latencyMs' | 'spread'>,
): boolean {
  const between = Math.min(Math.max(claimed ?? 0, spread), fullBenchmark.maxSpread)
  return Math.abs(latencyMs / ms.p50 - 1) <= Math.max(tolerableShare, tolerableSpreads * between)
}

/** What the claim belongs to and is another one here, in words. */
function differencesOf(
  { device, runtime, threads, flags }: LatencyClaim,
  info: DeviceInfo,
  { fingerprint, runtime: used, flags: usedFlags }: LatencyMeasurement,
): readonly string[] {
  const { threads: usedThreads, ...others } = usedFlags
  return [
    ...(device.fingerprint === fingerprint
      ? []
      : [
          `on ${info.name}, claimed on ${device.model}${device.fingerprint === null ? ' of which no fingerprint is known' : ' or one like it'}`,
        ]),
    ...(runtime.sha256 === used.sha256 ? [] : [`${used.name} ${used.version}, claimed with ${runtime.name} ${runtime.version}`]),
    ...(usedThreads === threads ? [] : [`threads ${usedThreads}, claimed with ${threads}`]),
    ...(hashJson(others) === hashJson(flags) ? [] : [`options ${JSON.stringify(others)}, claimed with ${JSON.stringify(flags)}`]),
  ]
}
