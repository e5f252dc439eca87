import parse from 'spdx-expression-parse'

type Expression = ReturnType<typeof parse>

/**
 * Whether a user who may use some licences may use what stands under an expression: of `A OR B` one of them is enough, of `A AND B` both are needed.
 * @param allowed names as SPDX writes them, in any case; `mit with x` names one with an exception
 */
export function isLicenceAllowed(expression: string, allowed: readonly string[]): boolean {
  const names = new Set(allowed.map((name) => name.toLowerCase()))
  const tree = parsed(expression)
  return tree !== null && isAllowed(tree, names)
}

function isAllowed(tree: Expression, names: ReadonlySet<string>): boolean {
  if ('conjunction' in tree) {
    const [left, right] = [isAllowed(tree.left, names), isAllowed(tree.right, names)]
    return tree.conjunction === 'or' ? left || right : left && right
  }
  const { license, plus, exception } = tree
  return names.has(`${license}${plus ? '+' : ''}${exception ? ` with ${exception}` : ''}`.toLowerCase())
}

function parsed(expression: string): Expression | null {
  try {
    return parse(expression)
  } catch {
    return null
  }
}
