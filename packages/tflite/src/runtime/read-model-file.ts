import { readFile } from 'node:fs/promises'
import { coreErrors } from '@mnas/core/errors'
import { fileIdentifier } from '../flatbuffer/schema.js'
import { ModelRefused } from './loaded-model.js'

/**
 * The bytes of a .tflite file. A FlatBuffer bears its identifier behind the offset of its root table.
 * @throws MNAS_FILE_MISSING, ModelRefused
 */
export async function readModelFile(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error) => {
    throw coreErrors.MNAS_FILE_MISSING({ path, what: 'Model file' }, error)
  })
  const identifier = bytes.toString('latin1', 4, 8)
  if (identifier !== fileIdentifier) throw new ModelRefused('it is not a .tflite file')
  return bytes
}
