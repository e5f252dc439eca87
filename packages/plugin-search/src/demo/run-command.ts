import { spawn } from 'node:child_process'
import type { FailureAnswer } from '@mnas/core/answers'
import { fromErrorRecord } from '@mnas/core/errors'
import { searchErrors } from '../errors.js'

/** How to start mnas itself. */
export interface Program {
  /** bin/run.js */
  readonly entry: string
  readonly signal: AbortSignal
}

/**
 * Runs one command of mnas as a user would, its progress on our stderr. @returns its `--json` answer
 * @throws the command's own error
 */
export async function runCommand<Answer extends object>(program: Program, words: readonly string[]): Promise<Answer> {
  program.signal.throwIfAborted()
  // In a process group of its own: Ctrl-C reaches it once, through us, and not a second time from the terminal.
  const child = spawn(process.execPath, [program.entry, ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const stop = () => void child.kill('SIGINT')
  program.signal.addEventListener('abort', stop, { once: true })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
    program.signal.throwIfAborted()
    return answerOf<Answer>(words, stdout, code)
  } finally {
    program.signal.removeEventListener('abort', stop)
  }
}

function answerOf<Answer extends object>(words: readonly string[], stdout: string, code: number | null): Answer {
  let answer: Answer | FailureAnswer
  try {
    answer = JSON.parse(stdout) as Answer | FailureAnswer
  } catch (error) {
    throw searchErrors.MNAS_DEMO_STEP({ command: `mnas ${words.join(' ')}`, code }, error)
  }
  if ('error' in answer) throw fromErrorRecord(answer.error)
  return answer
}
