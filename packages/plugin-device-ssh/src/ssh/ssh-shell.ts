import { stat } from 'node:fs/promises'
import { dirname } from 'node:path/posix'
import {
  noSpace,
  quote,
  quoteAll,
  type RemoteShell,
  type RunLimits,
  remoteErrors,
  runSealed,
  type Said,
  saysNoSpace,
} from '@mnas/remote-device'
import { explainFailure, isBroken } from './explain-failure.js'
import { type SshAnswer, type SshClient, sshWords } from './ssh-client.js'

/** Status of a failure of ssh itself. */
const failed = 255

/** A board's shell through ssh. Files go through `cat`: small boards have neither scp nor sftp. */
export class SshShell implements RemoteShell {
  readonly name: string
  readonly #client: SshClient
  #reached = false

  constructor(client: SshClient) {
    this.name = client.device
    this.#client = client
  }

  async run(line: string, limits: RunLimits): Promise<Said> {
    const { stdout, stderr } = this.#answered(await this.#client.exec(line, limits))
    return { stdout, stderr }
  }

  async push(local: string, remote: string, limits: RunLimits): Promise<void> {
    const [part, whole] = [quote(`${remote}.part`), quote(remote)]
    // A connection that breaks is the end of a file for `cat`, like any other.
    const isWhole = `[ "$(wc -c < ${part})" -eq ${(await stat(local)).size} ]`
    const line = `cat > ${part} && ${isWhole} && mv -f ${part} ${whole} || { rm -f ${part}; exit 1; }`
    const { stderr, exitCode } = this.#answered(await this.#client.exec(line, limits, local))
    if (exitCode === 0) return
    if (saysNoSpace(stderr)) throw await this.#noSpace(local, dirname(remote), limits)
    const reason = stderr.trim().split('\n').at(-1) || `status ${exitCode}`
    throw remoteErrors.MNAS_REMOTE_PUSH({ device: this.name, file: local, reason })
  }

  async remove(paths: readonly string[], limits: RunLimits): Promise<void> {
    await runSealed(this, `rm -rf ${quoteAll(paths)}`, limits)
  }

  #answered(answer: SshAnswer): SshAnswer {
    // A sealed command ends with 0 and says its own status: this one is ssh's.
    const { exitCode, stderr } = answer
    this.#reached ||= exitCode !== failed || isBroken(stderr)
    if (exitCode === failed) throw explainFailure(this.#client, stderr, this.#reached)
    return answer
  }

  #noSpace(local: string, folder: string, { signal }: RunLimits): Promise<Error> {
    return noSpace({
      ...{ shell: this, local, place: folder, signal },
      free: `df -Pk ${quote(folder)}`,
      ours: `du -sk ${quote(folder)}`,
      remove: quoteAll([...sshWords(this.#client.options, this.#client.host), 'rm', '-r', quote(folder)]),
    })
  }
}
