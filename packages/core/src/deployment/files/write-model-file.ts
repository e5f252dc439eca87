import type { Exporter, ExportRequest, JsonObject, ModelFile, Precision, Schema } from '../../contracts/index.js'
import { contractErrors } from '../../errors/index.js'

/** What an exporter is to write; what is left out is its own default. */
export interface WriteRequest extends Omit<ExportRequest, 'precision' | 'options'>, Partial<Pick<ExportRequest, 'precision'>> {
  /** As the user gave them. */
  readonly options?: JsonObject
}

/**
 * Has an exporter write a file, after what can be wrong with the wish itself: every exporter's options are checked here, by its schema.
 * @throws MNAS_EXPORT_PRECISION, MNAS_EXPORT_OPTION, and what the exporter throws
 */
export async function writeModelFile(exporter: Exporter, request: WriteRequest): Promise<ModelFile> {
  return exporter.write(completeRequest(exporter, request))
}

/** With what was left out. @throws MNAS_EXPORT_PRECISION, MNAS_EXPORT_OPTION */
export function completeRequest(exporter: Exporter, request: WriteRequest): ExportRequest {
  const { precision = exporter.precisions[0] } = request
  requirePrecision(exporter, precision)
  return { ...request, precision, options: parseOptions(exporter, request.options ?? {}) }
}

/** @throws MNAS_EXPORT_PRECISION */
export function requirePrecision({ format, precisions }: Exporter, precision: Precision): void {
  if (!precisions.includes(precision))
    throw contractErrors.MNAS_EXPORT_PRECISION({ format, known: precisions, received: precision })
}

/** The parts of a zod error that are used; another schema's error is told by its message. */
interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

function parseOptions({ format, options: schema }: Exporter, options: JsonObject): JsonObject {
  try {
    return schema.parse(options)
  } catch (error) {
    const [issue] = (error as { readonly issues?: readonly Issue[] }).issues ?? []
    const unknown = issue?.keys?.[0]
    const option = unknown ?? issue?.path.join('.') ?? Object.keys(options).join(', ')
    const expected = unknown === undefined ? (issue?.message ?? String(error)) : knownOptions(schema)
    const value = issue?.path.length === 0 ? options[option] : options[String(issue?.path[0])]
    throw contractErrors.MNAS_EXPORT_OPTION({ format, option, expected, received: JSON.stringify(value ?? options) }, error)
  }
}

/** A zod object says which fields it has. */
function knownOptions(schema: Schema<JsonObject>): string {
  const names = Object.keys((schema as { readonly shape?: object }).shape ?? {})
  return names.length > 0 ? `one of ${names.join(', ')}` : 'no options'
}
