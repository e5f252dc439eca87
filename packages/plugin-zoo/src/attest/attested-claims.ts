import { basename } from 'node:path'
import type { Task } from '@mnas/core/contracts'
import { runsOf } from '@mnas/core/measurement'
import type { AccuracyClaim, LatencyClaim } from '../entry/claims.js'
import { commandLine } from '../publish/claims/command-line.js'
import { timedAs } from '../publish/claims/latency-claims.js'
import { wilsonInterval } from '../publish/claims/wilson-interval.js'
import { subjectOf } from '../signatures/sign-files.js'
import type { MeasuredLatency } from '../verify/latency/check-latency.js'
import type { Verification } from '../verify/verify-entry.js'
import type { AttestedClaims } from './attestation.js'

export interface AttestContext {
  readonly task: Pick<Task, 'rightAnswers'>
  /** Folder of the images; null: there were none. */
  readonly data: string | null
  /** Version of mnas. */
  readonly mnas: string
  readonly now: Date
}

/** What a verification measured, as claims of whoever ran it. Each file once, though several claims were about it. */
export function attestedClaims(verification: Verification, context: AttestContext): AttestedClaims {
  return {
    accuracy: uniqueOf(verification.accuracy.map((one) => accuracyOf(one, verification, context))),
    latency: uniqueOf(verification.latency.map((one) => latencyOf(one, verification, context))),
  }
}

const uniqueOf = <T>(claims: readonly T[]): T[] => [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()]

const said = ({ mnas, now }: AttestContext) => ({ basis: 'attested', mnas, date: now.toISOString().slice(0, 10) }) as const

function accuracyOf(
  { claim, result }: Verification['accuracy'][number],
  { entry }: Verification,
  context: AttestContext,
): AccuracyClaim {
  const { fingerprint, split, images, engine } = result
  const metrics = Object.fromEntries(Object.entries(result.metrics).filter(([name]) => !name.includes('.') && name.length <= 60))
  const right = context.task.rightAnswers?.(metrics) ?? null
  // Of the images at hand only what their folder is called: where it lies is nobody's business.
  const name = fingerprint === claim.dataset.fingerprint ? claim.dataset.name : basename(context.data ?? 'images')
  return {
    ...said(context),
    command: commandLine('zoo', 'attest', subjectOf(entry.entry), '--data', name),
    file: claim.file,
    dataset: { name, split, fingerprint, images },
    ...{ metrics, right, seeds: [], decoder: 'exact', engine },
    interval95: right === null ? null : wilsonInterval(right, images),
  }
}

function latencyOf({ claim, info, measurement }: MeasuredLatency, { entry }: Verification, context: AttestContext): LatencyClaim {
  const { name, kind, details, emulated } = info
  const { processes, doubts, ...measured } = measurement
  const timed = timedAs({
    ...{ device: name, kind, details, emulated, processes: processes.length, runs: runsOf(processes) },
    ...measured,
    ...(doubts && { doubts: [...doubts] }),
    measuredAt: context.now.toISOString(),
  })
  const [driver = 'host'] = name.split(':')
  return {
    ...said(context),
    command: commandLine('zoo', 'attest', subjectOf(entry.entry), '--device', driver, '--threads', String(timed.threads)),
    file: claim.file,
    ...timed,
    // It was run as it is, on drawn inputs.
    ...(claim.operator && { operator: { ...claim.operator, timed: true, photos: 0 } }),
  }
}
