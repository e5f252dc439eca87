import { basename, join } from 'node:path'
import type { DeviceInfo, Exporter, LatencyMeasurement, ModelFile } from '../../contracts/index.js'
import { hashJson, jsonText, readJson, writeAtomic } from '../../files/index.js'
import { runsOf } from '../../measurement/index.js'
import { whileLocked } from '../../storage/index.js'
import type { DeployableModel } from '../load-model.js'
import { deploymentOf } from './export-model.js'
import { type FileFacts, fileFactsSchema, type OperatorTime } from './file-facts.js'

/** A file that an exporter has just written, and of what. */
export interface WrittenFile {
  readonly file: ModelFile
  readonly model: DeployableModel
  readonly exporter: Pick<Exporter, 'format' | 'version' | 'postProcessing' | 'programs'>
  /** Version of mnas. */
  readonly mnasVersion: string
  /** Where the lock lies under which it is written down. */
  readonly cacheFolder: string
}

/** What was found out about it. */
export interface Findings {
  readonly agreement?: NonNullable<FileFacts['agreement']>
  readonly measured?: {
    readonly device: DeviceInfo
    readonly measurement: LatencyMeasurement
    /** Absent, null: the file ends in no operator. */
    readonly operator?: OperatorTime | null
  }
}

/**
 * Writes down beside a file what is known of it, whole or not at all. What was known before stays as far as it still holds: latencies of the same
 * structure (with an operator behind the graph, whose time the weights move: of the same bytes), the agreement of the same bytes. Two that deploy into
 * one folder at once take turns, so that neither loses what the other found.
 * @throws MNAS_FILE_WRITE
 */
export async function recordFile(written: WrittenFile, findings: Findings = {}): Promise<void> {
  const path = factsPathOf(written.file)
  await whileRecording(written.cacheFolder, async () => {
    const before = await readFacts(path)
    await writeAtomic(path, jsonText(factsOf(written, findings, before, new Date().toISOString())))
  })
}

/** While nobody else on this computer writes down what is known of files. */
export const whileRecording = <T>(cacheFolder: string, work: () => Promise<T>): Promise<T> =>
  whileLocked(join(cacheFolder, 'facts.db'), work)

/** `photos-224px.tflite.json` beside `photos-224px.tflite`. */
export const factsPathOf = ({ path }: Pick<ModelFile, 'path'>): string => `${path}.json`

/** What stands beside a file of ours. null: nothing, or nothing that can be read. */
export const factsBeside = (file: Pick<ModelFile, 'path'>): Promise<FileFacts | null> => readFacts(factsPathOf(file))

/** null for none, and for one that cannot be read: it is written anew, and its latencies can be measured again. */
async function readFacts(path: string): Promise<FileFacts | null> {
  const json = await readJson(path, ({ reason }) => new Error(reason)).catch(() => null)
  return fileFactsSchema.safeParse(json).data ?? null
}

function factsOf(
  { file, model, exporter, mnasVersion }: WrittenFile,
  { agreement, measured }: Findings,
  before: FileFacts | null,
  now: string,
): FileFacts {
  const { path, ...facts } = file
  const deployment = deploymentOf(exporter, model)
  const same = before?.sha256 === file.sha256
  const earlier =
    before?.structure === file.structure ? before.latencies.filter((latency) => same || !latency.postProcessing) : []
  return {
    version: 1,
    file: basename(path),
    ...facts,
    recipe: facts.recipe ?? null,
    ...(deployment && { deployment }),
    labels: model.labels,
    model: {
      name: model.name,
      task: model.task.name,
      inputSize: model.architecture.input.size,
      parameters: model.costs.parameters,
      macs: model.costs.macs,
      randomWeights: !model.trained,
    },
    agreement: agreement ?? (same ? before.agreement : null),
    latencies: measured ? withLatency(earlier, latencyOf(measured, now)) : earlier,
    provenance: {
      mnas: mnasVersion,
      exporter: { format: exporter.format, version: exporter.version },
      writtenAt: same ? before.provenance.writtenAt : now,
    },
  }
}

type Latency = FileFacts['latencies'][number]

function latencyOf({ device, measurement, operator }: NonNullable<Findings['measured']>, measuredAt: string): Latency {
  const { fingerprint, runtime, flags, latencyMs, spread, stable, statistic, processes, doubts, before, after } = measurement
  const { name, kind, details, emulated } = device
  return {
    ...{ device: name, kind, details, emulated, fingerprint, runtime, flags, latencyMs, spread, stable, statistic },
    ...{ processes: processes.length, runs: runsOf(processes) },
    ...(doubts && { doubts }),
    ...{ before, after, measuredAt },
    ...(operator && { postProcessing: operator }),
  }
}

/** One for each device, runtime and flags, the newest last. */
function withLatency(earlier: readonly Latency[], added: Latency): readonly Latency[] {
  const keyOf = ({ fingerprint, runtime, flags }: Latency) => hashJson({ fingerprint, runtime, flags })
  return [...earlier.filter((latency) => keyOf(latency) !== keyOf(added)), added]
}
