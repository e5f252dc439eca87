import { fileIdentifier } from '../flatbuffer/schema.js'
import { ModelRefused } from './loaded-model.js'

/** A FlatBuffer bears its identifier behind the offset of its root table. @throws ModelRefused */
export function checkIdentifier(bytes: Uint8Array): void {
  const identifier = new TextDecoder('latin1').decode(bytes.subarray(4, 8))
  if (identifier !== fileIdentifier) throw new ModelRefused('it is not a .tflite file')
}
