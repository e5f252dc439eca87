import { serveBatches } from '@mnas/images/batches'
import { makeBatch } from './make-batch.js'

/** The thread that makes batches of detection. */
serveBatches(makeBatch)
