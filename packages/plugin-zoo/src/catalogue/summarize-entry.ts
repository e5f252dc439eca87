import { hashBytes } from '@mnas/core/files'
import type { EntryFile, ZooEntry } from '../entry/entry-schema.js'
import type { EntrySummary } from './catalogue-schema.js'

/**
 * What a search needs to know of an entry.
 * @param bytes of entry.json
 * @param about when it is published, YYYY-MM-DD, and whether it is signed
 */
export function summarizeEntry(
  entry: ZooEntry,
  bytes: Uint8Array,
  about: { readonly date: string; readonly signed: boolean },
): EntrySummary {
  const { name, release, task, architectureName, inputSize, classes, parameters, multiplyAdds, files, card } = entry
  const ofFile = (hash: string | null) => {
    const file = files.find(({ sha256 }) => sha256 === hash)
    return { file: file?.path ?? null, precision: file?.precision ?? null }
  }
  return {
    ...{
      name,
      release,
      digest: hashBytes(bytes),
      entryBytes: bytes.length,
      date: about.date,
      yanked: null,
      signed: about.signed,
    },
    ...{ task, architectureName, summary: card.summary.replace(/\s+/g, ' ').trim(), licence: entry.licence.weights },
    ...{ inputSize, classes, parameters, multiplyAdds, sizeBytes: sizeOf(files) },
    accuracy: entry.accuracy.map(({ basis, dataset, metrics, file }) => ({
      ...{ basis, dataset: dataset.name, images: dataset.images, ...ofFile(file), metrics },
    })),
    // Without the operator behind its graph a file takes less than it does in an app.
    latency: entry.latency
      .filter(({ operator }) => operator?.timed !== false)
      .map(({ basis, device, accelerator, threads, ms, file }) => ({
        ...{ basis, device: device.model, soc: device.soc, emulated: device.emulated },
        ...{ accelerator, threads, ...ofFile(file), ms: ms.p50 },
      })),
  }
}

/** Of the smallest export, a folder's files together, or else of the weights. */
function sizeOf(files: readonly EntryFile[]): number | null {
  const exports = new Map<string, number>()
  for (const { path, role, sizeBytes } of files) {
    if (role !== 'export') continue
    const whole = path.split('/').slice(0, 2).join('/')
    exports.set(whole, (exports.get(whole) ?? 0) + sizeBytes)
  }
  if (exports.size > 0) return Math.min(...exports.values())
  return files.find(({ role }) => role === 'weights')?.sizeBytes ?? null
}
