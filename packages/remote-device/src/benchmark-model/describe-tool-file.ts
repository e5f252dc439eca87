import { hashBytes } from '@mnas/core/files'
import type { ToolFile } from './benchmark-model-tool.js'

/** The program names its sources in what it says, and LiteRT's is one of them. */
const compiledModelMark = 'benchmark_litert_model'

/** A benchmark_model by its content. */
export function describeToolFile(path: string, bytes: Buffer): ToolFile {
  const dialect = bytes.includes(compiledModelMark) ? 'compiled-model' : 'classic'
  return { path, sha256: hashBytes(bytes), sizeBytes: bytes.length, dialect }
}
