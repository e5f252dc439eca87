import type { JsonObject } from '@mnas/core/contracts'
import type { LatencyClaim } from '../../entry/claims.js'
import type { DraftExport } from '../contents/read-exports.js'
import { publishErrors } from '../errors.js'
import { commandLine, sizeWords } from './command-line.js'
import { deviceOf, driverOf } from './device-of.js'

type Latency = DraftExport['facts']['latencies'][number]

export interface LatencyContext {
  /** Of the bundle. */
  readonly name: string
  /** Of the bundle's network, in pixels. */
  readonly inputSize: number
  readonly allowEmulated: boolean
}

/** How long the exports take where `mnas deploy` timed them. @throws MNAS_ZOO_EMULATED */
export function latencyClaims(exports: readonly DraftExport[], context: LatencyContext): readonly LatencyClaim[] {
  return exports.flatMap((file) => file.facts.latencies.map((latency) => claimOf(file, latency, context)))
}

function claimOf({ facts, path, sha256 }: DraftExport, latency: Latency, context: LatencyContext): LatencyClaim {
  if (latency.emulated && !context.allowEmulated) throw publishErrors.MNAS_ZOO_EMULATED({ file: path, device: driverOf(latency) })
  const command = commandOf(context, facts, latency)
  return { basis: 'measured', command, mnas: facts.provenance.mnas, file: sha256, ...timedAs(latency) }
}

/** What a claim says of a measurement, whoever claims it. */
export function timedAs(latency: Latency): Omit<LatencyClaim, 'basis' | 'source' | 'command' | 'mnas' | 'file'> {
  const { runtime, runs, spread, processes, latencyMs, measuredAt } = latency
  const { threads, ...flags } = latency.flags
  return {
    date: measuredAt.slice(0, 10),
    device: deviceOf(latency),
    runtime: { ...runtime },
    accelerator: acceleratorOf(flags),
    threads: typeof threads === 'number' ? threads : 1,
    flags: flags as LatencyClaim['flags'],
    ms: { p50: latencyMs, p90: runs?.p90Ms ?? null, p99: runs?.p99Ms ?? null, min: runs?.minMs ?? null },
    spread,
    runs: runs?.count ?? null,
    processes,
    thermal: thermalOf(latency),
    ...(latency.postProcessing && { operator: operatorOf(latency.postProcessing) }),
  }
}

const operatorOf = ({ operator, latencyMs, photos }: NonNullable<Latency['postProcessing']>) => ({
  ...{ name: operator, timed: latencyMs !== null, photos },
})

function commandOf({ name, inputSize }: LatencyContext, { precision, model }: DraftExport['facts'], latency: Latency): string {
  const { threads: _, ...flags } = latency.flags
  const options = Object.entries(flags).flatMap(([flag, value]) => ['--option', `${flag}=${value}`])
  const quantize = precision && precision !== 'float32' ? ['--quantize', precision] : []
  return commandLine(
    'deploy',
    name,
    '--device',
    driverOf(latency),
    ...sizeWords(model.inputSize, inputSize),
    ...quantize,
    ...options,
  )
}

/** What the whole model ran on, where the driver can be told. */
const acceleratorOf = ({ delegate, accelerator }: JsonObject): string =>
  [delegate, accelerator].find((unit): unit is string => typeof unit === 'string') ?? 'cpu'

/** State of the device and what speaks against the number, where anything was asked. */
function thermalOf({ stable, doubts, before, after }: Latency): LatencyClaim['thermal'] {
  if (before === undefined || after === undefined) return null
  return JSON.parse(JSON.stringify({ stable, doubts, before, after })) as LatencyClaim['thermal']
}
