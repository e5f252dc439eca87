import { cliErrors } from './errors.js'

export interface InterruptOptions {
  /** The command that continues; part of the error. */
  readonly resume?: string | undefined
  /** Told once, at the first signal. */
  readonly onInterrupt?: () => void
  /** Ends the process at the second signal. */
  readonly kill?: () => void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * What comes so soon after the first signal is the same one by another way: `timeout` sends SIGTERM to the program and to its group, npx hands on the
 * Ctrl-C that the terminal sent to both.
 */
const sameSignalMs = 500

/**
 * Runs work that Ctrl-C, SIGTERM or the end of the terminal (SIGHUP) may end: the first signal aborts and lets `run` come to a clean end, the second ends the process at once.
 * @returns what `run` returns, when no signal came
 * @throws MNAS_INTERRUPTED (exit 130) whenever a signal came, whatever `run` made of it: what children and streams say while they are being
 * stopped is noise
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>, options: InterruptOptions = {}): Promise<T> {
  const controller = new AbortController()
  let interruptedAt = Number.NEGATIVE_INFINITY
  const kill = options.kill ?? (() => process.exit(130))
  const onSignal = () => {
    const now = performance.now()
    if (controller.signal.aborted) return now - interruptedAt < sameSignalMs ? undefined : kill()
    interruptedAt = now
    controller.abort(cliErrors.MNAS_INTERRUPTED({ resume: options.resume }))
    options.onInterrupt?.()
  }
  for (const name of signals) process.on(name, onSignal)
  try {
    const result = await run(controller.signal)
    controller.signal.throwIfAborted()
    return result
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    for (const name of signals) process.off(name, onSignal)
  }
}
