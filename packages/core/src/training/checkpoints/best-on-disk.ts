import { readSafetensorsMetadata } from '../../weights/index.js'
import { bestWeightsFile, type Checkpoint } from './checkpoint.js'
import { isDamage, isMissing } from './read-failures.js'

/**
 * What a checkpoint says of the best weights; null where their file holds others, so that the next evaluated ones are kept. The file is written
 * before the checkpoint: ended between the two, a training whose bits do not repeat need not come to the file's weights again.
 * @throws MNAS_FILE_MISSING when the file cannot be read at the moment
 */
export async function bestOnDisk({ best }: Pick<Checkpoint, 'best'>, folder: string): Promise<Checkpoint['best']> {
  if (best === null) return null
  try {
    const { step } = await readSafetensorsMetadata(bestWeightsFile(folder))
    return step === String(best.step) ? best : null
  } catch (error) {
    if (isMissing(error) || isDamage(error)) return null
    throw error
  }
}
