import { join } from 'node:path'
import type { DeployAnswer } from '@mnas/core/answers'
import type { Reporter } from '@mnas/core/events'
import { exists } from '@mnas/core/files'
import { type Program, runCommand } from './run-command.js'

/** A job from drawn pictures to a file. Each step is a command of its own; repeated, it goes on where it stopped. */
export interface Demo<Made extends object> {
  /** Name of the folder of the pictures. */
  readonly pictures: string
  /** The file of the set that is written last. */
  readonly lastPicture: string
  draw(folder: string, seed: number, onPicture: (done: number, total: number) => void): Promise<void>
  /** All that comes before the file is deployed. */
  make(step: DemoStep, about: DemoPlace): Promise<Made & { readonly model: string }>
  /** What `mnas deploy` is told besides the model and the device. */
  deployWords(data: string): readonly string[]
}

export interface DemoPlace {
  readonly folder: string
  /** Folder of the pictures. */
  readonly data: string
  readonly device: string
  readonly seed: number
}

/** Runs a command, told before as a user would type it. @returns its `--json` answer */
export type DemoStep = <Answer extends object>(...words: readonly string[]) => Promise<Answer>

export interface DemoOptions extends Omit<DemoPlace, 'data'> {
  readonly program: Program
  readonly reporter: Reporter
  /** Called with each command before it runs, as a user would type it. */
  readonly onCommand: (command: string) => void
}

/** A demo from beginning to end. */
export async function runDemo<Made extends object>(demo: Demo<Made>, options: DemoOptions) {
  const { folder, device, seed, reporter, program, onCommand } = options
  const data = join(folder, demo.pictures)
  // A set that is there stays: its files' dates may be part of what a run remembers.
  if (!(await exists(join(data, demo.lastPicture)))) {
    reporter.stage('pictures', data)
    await demo.draw(data, seed, (done, total) => reporter.progress({ done, total, unit: 'pictures' }))
  }
  const step: DemoStep = (...words) => {
    onCommand(`mnas ${words.join(' ')}`)
    return runCommand(program, words)
  }
  const made = await demo.make(step, { folder, data, device, seed })
  const { files } = await step<DeployAnswer>('deploy', made.model, ...demo.deployWords(data), '--device', device)
  const { file, latencyMs, agreement } = files[0]!
  return { pictures: data, ...made, file, latencyMs, agreement }
}
