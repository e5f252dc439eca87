import parse from 'spdx-expression-parse'
import { z } from 'zod'

/** Whether it is an SPDX expression, such as `MIT` or `Apache-2.0 OR MIT`. */
export function isLicence(text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}

export const licenceExpression = z.string().max(200).refine(isLicence, 'an SPDX expression such as MIT or Apache-2.0')
