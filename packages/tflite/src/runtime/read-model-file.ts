import { readFile } from 'node:fs/promises'
import { coreErrors } from '@mnas/core/errors'
import { type ReadModel, readModel } from '../flatbuffer/read-model.js'
import { fileIdentifier } from '../flatbuffer/schema.js'
import { ModelRefused } from './loaded-model.js'

export interface ModelBytes extends ReadModel {
  /** Its open batch closed. */
  readonly bytes: Uint8Array
}

/**
 * A .tflite file and what it says of itself. A FlatBuffer bears its identifier behind the offset of its root table.
 * @throws MNAS_FILE_MISSING, ModelRefused
 */
export async function readModelFile(path: string): Promise<ModelBytes> {
  const bytes = await readFile(path).catch((error) => {
    throw coreErrors.MNAS_FILE_MISSING({ path, what: 'Model file' }, error)
  })
  if (bytes.toString('latin1', 4, 8) !== fileIdentifier) throw new ModelRefused('it is not a .tflite file')
  try {
    return { bytes, ...readModel(bytes) }
  } catch (error) {
    throw new ModelRefused(
      error instanceof RangeError ? 'it is damaged: its tables lead out of the file' : (error as Error).message,
    )
  }
}
