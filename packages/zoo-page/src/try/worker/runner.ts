import type { Preprocessing } from '@mnas/core/contracts'
import type { FetchedFile } from '../../zoo/fetch-file.js'

/** The files of an export by their names in its folder. */
export type ExportFiles = ReadonlyMap<string, FetchedFile['bytes']>

/** A model that is ready to answer. */
export interface Runner {
  readonly backend: string
  /** How its pixels are to be normalised: not every file wants what its model wants. */
  readonly normalization: Pick<Preprocessing, 'mean' | 'std'>
  /** @param input of one picture, side · side · 3 @returns probabilities by class index */
  run(input: Float32Array<ArrayBuffer>): Promise<Float32Array>
}

export interface RunnerRequest {
  readonly files: ExportFiles
  readonly side: number
  readonly preprocessing: Preprocessing
}

/** @throws MNAS_PAGE_WASM, MNAS_PAGE_MODEL */
export type OpenRunner = (request: RunnerRequest) => Promise<Runner>
