import { open } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { maxHeaderBytes } from '../weights/index.js'
import { importErrors } from './errors.js'

const zip = Buffer.from('PK\x03\x04', 'latin1')
/** The opcode PROTO, behind which the version stands. */
const pickle = Buffer.from([0x80])
const pickleVersions = 5

/**
 * A pickle is a program; mnas runs none to read weights. What PyTorch can do with it is said.
 * @param target what to convert it to. Default: the same name with the right ending
 * @throws MNAS_IMPORT_PICKLE. A file that cannot be opened is the reader's to report.
 */
export async function refusePickles(path: string, target = besides(path)): Promise<void> {
  const what = whatItIs(await firstBytes(path, 8))
  if (what === undefined) return
  throw importErrors.MNAS_IMPORT_PICKLE({ file: path, what, target })
}

function besides(path: string): string {
  const name = basename(path, extname(path)).replace(/\.pth$/, '')
  return path.endsWith('.safetensors') ? `${name}-converted.safetensors` : `${name}.safetensors`
}

/** torch.save writes a zip of a pickle, before version 1.6 a bare pickle. */
function whatItIs(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 4).equals(zip)) return 'a zip file, as torch.save writes them'
  if (bytes.length < 8 || !bytes.subarray(0, 1).equals(pickle) || bytes[1]! > pickleVersions) return undefined
  // A safetensors file begins with the length of its header, whose last byte may be the same.
  return bytes.readBigUint64LE() > maxHeaderBytes ? 'a pickle, as torch.save wrote them before PyTorch 1.6' : undefined
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return Buffer.alloc(0)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } catch {
    return Buffer.alloc(0)
  } finally {
    await file.close()
  }
}
