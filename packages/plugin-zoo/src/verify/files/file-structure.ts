import type { FileOperator, FileTensor } from '@mnas/core/contracts'

/** What a file computes, as far as it can be told without running it. */
export interface FileStructure {
  readonly inputs: readonly Pick<FileTensor, 'name' | 'shape'>[]
  readonly outputs: readonly Pick<FileTensor, 'name' | 'shape'>[]
  readonly operators: readonly FileOperator[]
}
