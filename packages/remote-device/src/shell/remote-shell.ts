/** What a command said before its connection ended. Its status is no part of it: adb says 0 when the phone is gone (see run-sealed.ts). */
export interface Said {
  readonly stdout: string
  readonly stderr: string
}

export interface RunLimits {
  readonly limitMs: number
  readonly signal: AbortSignal
}

/**
 * A shell far away: all that a plug-in for another kind of device has to bring, besides its facts.
 * The commands are of POSIX; they may use printf, read, mkdir, rm, chmod, sha256sum and base64.
 */
export interface RemoteShell {
  /** For messages: as behind `--device`. */
  readonly name: string
  /** @throws MNAS_DEVICE_LOST, MNAS_REMOTE_SPACE, MNAS_REMOTE_PUSH, the signal's reason */
  push(local: string, remote: string, limits: RunLimits): Promise<void>
  /**
   * Runs one line. Its standard input says nothing and stays open until the call ends, however that is, a killed mnas included: by its end a
   * command there knows that nobody waits any more.
   * @throws MNAS_DEVICE_LOST, MNAS_REMOTE_TIMEOUT, the signal's reason
   */
  run(line: string, limits: RunLimits): Promise<Said>
  /** Files and folders, there or not. @throws as `run` */
  remove(paths: readonly string[], limits: RunLimits): Promise<void>
}
