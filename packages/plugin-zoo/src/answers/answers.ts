import type { z } from 'zod'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {} as const satisfies Readonly<Record<string, z.ZodType>>
