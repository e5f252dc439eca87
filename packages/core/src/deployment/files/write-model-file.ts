import type { Exporter, ExportRequest, JsonObject, ModelFile, Precision } from '../../contracts/index.js'
import { contractErrors } from '../../errors/index.js'
import { parseOptions } from '../parse-options.js'

/** What an exporter is to write; what is left out is its own default. */
export interface WriteRequest extends Omit<ExportRequest, 'precision' | 'options'>, Partial<Pick<ExportRequest, 'precision'>> {
  /** As the user gave them. */
  readonly options?: JsonObject
}

/**
 * Has an exporter write a file, after what can be wrong with the wish itself: every exporter's options are checked here, by its schema.
 * @throws MNAS_EXPORT_PRECISION, MNAS_EXPORT_OPTION, MNAS_EXPORT_POSTPROCESSING, and what the exporter throws
 */
export async function writeModelFile(exporter: Exporter, request: WriteRequest): Promise<ModelFile> {
  return exporter.write(completeRequest(exporter, request))
}

/** With what was left out. @throws MNAS_EXPORT_PRECISION, MNAS_EXPORT_OPTION, MNAS_EXPORT_POSTPROCESSING */
export function completeRequest(exporter: Exporter, request: WriteRequest): ExportRequest {
  const { precision = exporter.precisions[0], postProcessing } = request
  requirePrecision(exporter, precision)
  if (postProcessing) requirePostProcessing(exporter, postProcessing.operator)
  return { ...request, precision, options: optionsOf(exporter, request.options ?? {}) }
}

/** @throws MNAS_EXPORT_PRECISION */
export function requirePrecision({ format, precisions }: Exporter, precision: Precision): void {
  if (!precisions.includes(precision))
    throw contractErrors.MNAS_EXPORT_PRECISION({ format, known: precisions, received: precision })
}

function optionsOf({ format, options: schema }: Exporter, options: JsonObject): JsonObject {
  return parseOptions(schema, options, (wrong, cause) => contractErrors.MNAS_EXPORT_OPTION({ format, ...wrong }, cause))
}

/** @throws MNAS_EXPORT_POSTPROCESSING */
function requirePostProcessing({ format, postProcessing = [], programs = [] }: Exporter, operator: string): void {
  const known = [...postProcessing, ...programs]
  if (!known.includes(operator)) throw contractErrors.MNAS_EXPORT_POSTPROCESSING({ format, known, received: operator })
}
