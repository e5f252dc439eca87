import { liesWithin } from '../../files/index.js'
import { deploymentErrors } from '../errors.js'

/**
 * A file among images, or its folder, would be a class of the next training.
 * @param out where the user wants it; undefined: beside the model
 * @throws MNAS_EXPORT_FOLDER
 */
export async function requireOutsideImages(out: string | undefined, images: string | null): Promise<void> {
  if (out === undefined || images === null || !(await liesWithin(out, images))) return
  throw deploymentErrors.MNAS_EXPORT_FOLDER({ folder: out, images })
}
