/** What a schema says of a value: an error of zod's, also of another copy of it. */
interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
}

/**
 * All of it on one line: `crop.area: expected a number; flip: expected a boolean`.
 * @param whole what stands for the place of an issue that is of the value as a whole. Default: nothing does
 */
export function describeIssues({ issues }: SchemaError, whole?: string): string {
  const describe = ({ path, message }: SchemaError['issues'][number]) => {
    const place = path.length > 0 ? path.join('.') : whole
    return place === undefined ? message : `${place}: ${message}`
  }
  return issues.map(describe).join('; ')
}
