import { hashJson } from '@mnas/core/files'
import type { AccuracyClaim, LatencyClaim } from '../entry/claims.js'
import type { ZooEntry } from '../entry/entry-schema.js'

/** A number or a word of two entries; null: it has none. */
export interface Changed<T> {
  readonly a: T | null
  readonly b: T | null
}

export interface FieldChange extends Changed<string> {
  readonly field: string
}

/** A claim of both, or of one: only what is claimed of the same thing stands in one row. */
export interface NumberChange extends Changed<number> {
  readonly basis: AccuracyClaim['basis']
  /** Of which file: `weights`, `tflite int8`, `the architecture`. */
  readonly of: string
  /** Images or device, with what else the number belongs to. */
  readonly on: string
  readonly metric: string
}

export interface FileChange {
  readonly path: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly a: number | null
  readonly b: number | null
}

export interface EntryDiff {
  readonly fields: readonly FieldChange[]
  readonly accuracy: readonly NumberChange[]
  readonly latency: readonly NumberChange[]
  readonly files: readonly FileChange[]
}

/**
 * What two entries say otherwise. Numbers are compared where basis, file, images (by fingerprint) or device, runtime and flags
 * are the same.
 */
export function diffEntries(a: ZooEntry, b: ZooEntry): EntryDiff {
  return {
    fields: fieldChanges(fieldsOf(a), fieldsOf(b)),
    accuracy: paired(
      a.accuracy.flatMap((claim) => accuracyNumbers(a, claim)),
      b.accuracy.flatMap((claim) => accuracyNumbers(b, claim)),
    ),
    latency: paired(
      a.latency.map((claim) => latencyNumber(a, claim)),
      b.latency.map((claim) => latencyNumber(b, claim)),
    ),
    files: fileChanges(a, b),
  }
}

function fieldsOf({ lineage, licence, ...entry }: ZooEntry): ReadonlyMap<string, string> {
  const training = lineage.kind === 'training' ? lineage : null
  const all: readonly (readonly [string, string | number | null | undefined])[] = [
    ['name', entry.name],
    ['release', entry.release],
    ['task', entry.task],
    ['architecture', `${entry.architectureName} ${entry.architecture.slice(0, 12)}`],
    ['input size', `${entry.inputSize} px`],
    ['parameters', entry.parameters],
    ['multiply-adds', entry.multiplyAdds],
    ['classes', entry.classes],
    ['licence', licence.weights],
    ['origin', lineage.kind],
    ['recipe', training?.recipe],
    ['seed', training?.seed],
    ['images', training?.data.slice(0, 12)],
    ['parent', lineage.kind === 'published' ? null : lineage.parent?.name],
    ['search', training?.search && `run ${training.search.run.slice(0, 12)}, candidate ${training.search.candidate}`],
    ['summary', entry.card.summary],
  ]
  return new Map(all.flatMap(([field, value]) => (value === null || value === undefined ? [] : [[field, `${value}`] as const])))
}

function fieldChanges(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly FieldChange[] {
  const fields = [...new Set([...a.keys(), ...b.keys()])]
  return fields.flatMap((field) => {
    const [was, is] = [a.get(field) ?? null, b.get(field) ?? null]
    return was === is ? [] : [{ field, a: was, b: is }]
  })
}

/** A number with what it belongs to; two of the same key are about the same thing. */
interface Claimed {
  readonly key: string
  readonly row: Omit<NumberChange, 'a' | 'b'>
  readonly value: number
}

function accuracyNumbers(entry: ZooEntry, { basis, file, dataset, metrics }: AccuracyClaim): readonly Claimed[] {
  const { name, split, fingerprint, images } = dataset
  const of = kindOf(entry, file)
  const known = fingerprint ?? `published ${name}`
  return Object.entries(metrics)
    .filter(([metric]) => metric !== 'count')
    .map(([metric, value]) => ({
      key: hashJson([basis, of, known, split, metric]),
      row: {
        basis,
        of,
        on: `${name}, ${split}, ${images} images${fingerprint === null ? '' : ` (${fingerprint.slice(0, 8)})`}`,
        metric,
      },
      value,
    }))
}

function latencyNumber(entry: ZooEntry, claim: LatencyClaim): Claimed {
  const { basis, file, device, runtime, accelerator, threads, flags, ms, operator = null } = claim
  const of = kindOf(entry, file)
  const known = [
    device.fingerprint ?? device.model,
    runtime.name,
    runtime.version,
    runtime.sha256,
    accelerator,
    threads,
    flags,
    operator,
  ]
  const words = [device.emulated ? `${device.model} (emulated)` : device.model, `${runtime.name} ${runtime.version}`, accelerator]
  const on = [
    ...words,
    `${threads} thread${threads === 1 ? '' : 's'}`,
    ...Object.entries(flags).map(([flag, value]) => `${flag}=${value}`),
  ]
  const said = operator?.timed === false ? [...on, `without ${operator.name}`] : on
  return { key: hashJson([basis, of, known]), row: { basis, of, on: said.join(', '), metric: 'ms' }, value: ms.p50 }
}

/** Files of two releases have other hashes: what is the same of them is how they were made. */
function kindOf({ files }: ZooEntry, hash: string | null): string {
  if (hash === null) return 'the architecture'
  const file = files.find(({ sha256 }) => sha256 === hash)
  if (file?.role !== 'export') return file?.role ?? hash.slice(0, 12)
  return [file.format, file.precision].filter((word) => word !== undefined).join(' ') || file.path
}

/** Several of one key (a model deployed at two sizes) stand one below the other. */
function paired(a: readonly Claimed[], b: readonly Claimed[]): readonly NumberChange[] {
  const left = [...b]
  const both = a.map(({ key, row, value }) => {
    const at = left.findIndex((other) => other.key === key)
    const [other] = at === -1 ? [] : left.splice(at, 1)
    return { ...row, a: value, b: other?.value ?? null }
  })
  return [...both, ...left.map(({ row, value }) => ({ ...row, a: null, b: value }))]
}

function fileChanges(a: ZooEntry, b: ZooEntry): readonly FileChange[] {
  const [before, after] = [a, b].map(({ files }) => new Map(files.map((file) => [file.path, file])))
  const paths = [...new Set([...before!.keys(), ...after!.keys()])]
  return paths.flatMap((path): readonly FileChange[] => {
    const [was, is] = [before!.get(path), after!.get(path)]
    if (was?.sha256 === is?.sha256) return []
    const change = was ? (is ? 'changed' : 'removed') : 'added'
    return [{ path, change, a: was?.sizeBytes ?? null, b: is?.sizeBytes ?? null }]
  })
}
