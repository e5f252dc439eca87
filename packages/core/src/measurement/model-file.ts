import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { ModelFile } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { hashFile, hashJson } from '../files/index.js'

/** Whether an argument names a file of one of these formats (`model.tflite` → `tflite`) rather than a MODEL. */
export function formatOfPath(path: string, formats: readonly string[]): string | undefined {
  const extension = extname(path).slice(1).toLowerCase()
  return formats.find((format) => format === extension)
}

/**
 * A model file that no exporter of ours wrote just now: its content stands for its structure, and what it takes and gives is not known yet.
 * @throws MNAS_FILE_MISSING
 */
export async function modelFileAt(path: string, format: string): Promise<ModelFile> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) throw coreErrors.MNAS_FILE_MISSING({ path, what: 'Model file' })
  const sha256 = await hashFile(path)
  const structure = hashJson({ format, sha256 })
  const unknown = { precision: null, inputs: [], outputs: [], preprocessing: null }
  return { format, path, sizeBytes: found.size, sha256, structure, graphHash: sha256, ...unknown }
}
