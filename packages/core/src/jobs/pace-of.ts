import { fromErrorRecord } from '../errors/index.js'
import type { TrainingPace } from '../training/index.js'
import type { TrainingSource } from './assignment.js'
import { startProcess } from './start-process.js'

/**
 * How fast a job trains: measured on a few of its steps in a process like the one that will train it, whose memory settings are worth up to a
 * quarter of the speed.
 * @throws what opening the images or compiling the training throws, MNAS_TRAIN_MEMORY, the signal's reason
 */
export async function paceOf(source: TrainingSource, signal: AbortSignal): Promise<TrainingPace> {
  signal.throwIfAborted()
  let answer: TrainingPace | undefined
  let failure: unknown
  const { ended, cancel } = startProcess({ kind: 'measurePace', source }, (heard) => {
    if (heard.kind === 'pace') answer = heard.pace
    if (heard.kind === 'failed' || heard.kind === 'lost') failure = fromErrorRecord(heard.error)
  })
  signal.addEventListener('abort', cancel, { once: true })
  await ended
  signal.removeEventListener('abort', cancel)
  signal.throwIfAborted()
  if (answer) return answer
  throw failure
}
