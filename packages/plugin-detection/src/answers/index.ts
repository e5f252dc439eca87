import { agreement } from './agreement.js'
import { look } from './look.js'
import { metrics } from './metrics.js'
import { output } from './output.js'

/** What in the answers of commands is this task's business; docs/json.md is made of it. */
export const tasks = { detection: { metrics, output, agreement, look } } as const
