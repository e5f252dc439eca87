import { quote, remoteErrors } from '@mnas/remote-device'
import { execa } from 'execa'
import { sshErrors } from '../errors.js'

export interface SshOptions {
  /** Path of the client; default: `ssh` of the path. */
  readonly program?: string
  /** `ssh -F`: settings instead of the user's. */
  readonly config?: string
  readonly port?: number
}

export interface SshLimits {
  readonly limitMs: number
  readonly signal: AbortSignal
}

export interface SshAnswer {
  readonly stdout: string
  readonly stderr: string
  /** 255: ssh's own failure, else the command's. */
  readonly exitCode: number
}

/**
 * Nothing is ever asked on a terminal; a cable that was pulled is noticed within 15 seconds. An open connection of the user's is used, none is
 * left open: the process of one that stays would hold our pipes. Over the user's none of the times here count, and it may never notice: then
 * the limit of the call ends the wait, and a board that answers nothing after it is lost (`unlessLost` of @mnas/remote-device).
 */
const settings = {
  BatchMode: 'yes',
  ConnectTimeout: '10',
  ServerAliveInterval: '5',
  ServerAliveCountMax: '3',
  ControlMaster: 'no',
  ClearAllForwardings: 'yes',
  RemoteCommand: 'none',
  LogLevel: 'ERROR',
} as const

/** From the end of standard input to the end of the process, when no answer is wanted any more: the board ends its side meanwhile. */
const graceMs = 3000
const mostOutput = 256 * 2 ** 20

/** The words that a person would type to reach the same place. */
export function sshWords({ program = 'ssh', config, port }: SshOptions, host: string): readonly string[] {
  return [program, ...(config === undefined ? [] : ['-F', config]), ...(port === undefined ? [] : ['-p', `${port}`]), host]
}

/** The real client of OpenSSH, with a limit on every call. */
export class SshClient {
  readonly options: SshOptions
  readonly host: string
  /** For messages: as behind `--device`. */
  readonly device: string

  /** @param host `HOST` or `USER@HOST`, checked */
  constructor(options: SshOptions, host: string) {
    this.options = options
    this.host = host
    this.device = `ssh:${host}`
  }

  /**
   * Runs one line of POSIX shell there, whatever the user's login shell is. Whatever it ends with is an answer.
   * @param input a file for its standard input; default: one that says nothing and stays open until the call ends
   * @throws MNAS_SSH_MISSING, MNAS_REMOTE_TIMEOUT, the signal's reason
   */
  async exec(line: string, { limitMs, signal }: SshLimits, input?: string): Promise<SshAnswer> {
    signal.throwIfAborted()
    const [program = 'ssh', ...words] = sshWords(this.options, this.host)
    const host = words.pop()!
    const set = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
    const child = execa(program, ['-T', ...set, ...words, '--', host, `exec sh -c ${quote(line)}`], {
      reject: false,
      ...(input === undefined ? { stdin: 'pipe' } : { inputFile: input }),
      stripFinalNewline: false,
      maxBuffer: mostOutput,
    })
    let expired = false
    let killing: NodeJS.Timeout | undefined
    const stop = () => {
      child.stdin?.end()
      killing ??= setTimeout(() => child.kill('SIGKILL'), input === undefined ? graceMs : 0)
    }
    const limit = setTimeout(() => {
      expired = true
      stop()
    }, limitMs)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const { stdout, stderr, exitCode = 255, code } = await child
      signal.throwIfAborted()
      if (code === 'ENOENT') throw sshErrors.MNAS_SSH_MISSING({ ssh: program, received: 'no such program' })
      if (!expired) return { stdout, stderr, exitCode }
      const what = input === undefined ? 'A command' : 'Copying a file'
      throw remoteErrors.MNAS_REMOTE_TIMEOUT({ device: this.device, what, limitSeconds: limitMs / 1000 })
    } finally {
      clearTimeout(limit)
      clearTimeout(killing)
      signal.removeEventListener('abort', stop)
    }
  }
}
