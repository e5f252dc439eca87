import type { FileTensor } from '@mnas/core/contracts'
import { atInputSize, type DeployableModel } from '@mnas/core/deployment'

/** What a file takes, as it says itself or as its facts do. */
export interface FedFile {
  readonly inputs: readonly Pick<FileTensor, 'shape'>[]
}

/**
 * A model as it is in a file that was made of it, whose input may have another size (`mnas deploy --size`).
 * @throws MNAS_ARCHITECTURE_… when the file takes a picture of a size that no network has
 */
export function modelOfFile(model: DeployableModel, file: FedFile): DeployableModel {
  return atInputSize(model, inputSizeOf(file) ?? model.architecture.input.size)
}

/**
 * Side of the square picture that a file takes, in pixels; null: it takes something else. Files hold the batch in front and
 * channels last.
 */
function inputSizeOf({ inputs }: FedFile): number | null {
  const [, height, width] = inputs[0]?.shape ?? []
  return height !== undefined && height === width && Number.isInteger(height) ? height : null
}
