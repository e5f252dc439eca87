import { detectionErrors } from '../../errors.js'

export const unreadable = (file: string, format: string, problem: string, cause?: unknown) =>
  detectionErrors.MNAS_DETECTION_ANNOTATIONS({ file, format, problem }, cause)
