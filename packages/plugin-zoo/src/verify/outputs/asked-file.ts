import type { AskedFile, ModelRuntime, Surroundings } from '@mnas/core/contracts'
import { type DeployableModel, factsBeside } from '@mnas/core/deployment'

/**
 * A file of an entry as whoever runs it has to know it: what it takes and gives it says itself; how its pixels are normalised stand in the facts beside
 * it, else they are the model's.
 */
export async function askedFile(
  runtime: ModelRuntime,
  file: Pick<AskedFile, 'path' | 'format'>,
  { preprocessing }: Pick<DeployableModel, 'preprocessing'>,
  around: Surroundings,
): Promise<AskedFile> {
  const { mean, std } = (await factsBeside(file))?.preprocessing ?? preprocessing
  return { ...file, ...(await runtime.describe(file, around)), preprocessing: { ...preprocessing, mean, std } }
}
