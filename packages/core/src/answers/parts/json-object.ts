import { z } from 'zod'

/** What belongs to somebody else: a device, an engine, a task. */
export const jsonObject = z.record(z.string(), z.json())
