import type { z } from 'zod'
import { deviceEmulatorAnswer } from './device-emulator-answer.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  'device emulator': deviceEmulatorAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
