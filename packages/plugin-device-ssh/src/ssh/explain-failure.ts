import { measurementErrors } from '@mnas/core/measurement'
import { quoteAll } from '@mnas/remote-device'
import { sshErrors } from '../errors.js'
import { type SshClient, sshWords } from './ssh-client.js'

/**
 * What ssh's own failure (status 255) means, with what to do.
 * @param reached whether the board has answered before: then it is lost, not unreachable
 */
export function explainFailure({ options, host, device }: SshClient, stderr: string, reached: boolean): Error {
  const words = sshWords(options, host)
  const said = lastLine(stderr)
  const changed = /IDENTIFICATION HAS CHANGED/i.test(stderr)
  if (changed || /host key verification failed|no \S+ host key is known/i.test(stderr)) {
    const { port } = options
    const name = host.slice(host.lastIndexOf('@') + 1)
    const forget = quoteAll(['ssh-keygen', '-R', port === undefined ? name : `[${name}]:${port}`])
    return sshErrors.MNAS_SSH_HOST_KEY({
      device,
      changed,
      command: changed ? `${forget}, then ${quoteAll(words)}` : quoteAll(words),
    })
  }
  if (/permission denied|too many authentication failures/i.test(stderr)) {
    const [, ...rest] = words
    return sshErrors.MNAS_SSH_DENIED({ device, said, command: quoteAll(['ssh-copy-id', ...rest]) })
  }
  if (reached) return measurementErrors.MNAS_DEVICE_LOST({ device, reason: said })
  return measurementErrors.MNAS_DEVICE_UNREACHABLE({ device, reason: said })
}

/** Whether ssh speaks of a connection that stood already. */
export const isBroken = (stderr: string): boolean => /closed by remote host|server \S+ not responding|broken pipe/i.test(stderr)

const lastLine = (text: string) => text.trim().split(/\r?\n/).at(-1)?.trim().replace(/\.$/, '') || 'ssh ended without words'
