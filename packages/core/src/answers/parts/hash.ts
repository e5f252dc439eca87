import { z } from 'zod'

/** sha256, 64 hexadecimal digits. */
export const hash = z.string().regex(/^[0-9a-f]{64}$/)
