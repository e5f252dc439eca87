import { fromErrorRecord } from '../errors/index.js'
import type { TrainingPace } from '../training/index.js'
import type { PaceRequest } from './assignment.js'
import { runProcess } from './process/run-process.js'

/**
 * How fast a job trains: measured on a few of its steps in a process like the one that will train it, whose memory settings are worth up to a
 * quarter of the speed.
 * @throws what opening the images or compiling the training throws, MNAS_TRAIN_MEMORY, the signal's reason
 */
export async function paceOf(request: PaceRequest, signal: AbortSignal): Promise<TrainingPace> {
  const end = await runProcess({ kind: 'measurePace', order: request }, () => undefined, signal)
  if (end.kind === 'completed') return end.result
  throw fromErrorRecord(end.error)
}
