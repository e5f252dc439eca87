import { sshErrors } from '../errors.js'

/**
 * `USER@HOST` or `HOST`, which ssh must not take for one of its options. Addresses of IPv6 have colons and may have a zone behind %.
 * @throws MNAS_SSH_TARGET
 */
export function parseTarget(selector: string | undefined): string {
  if (selector !== undefined && /^(?:[\w.][\w.+-]*@)?[\w.:][\w.:%-]*$/.test(selector)) return selector
  throw sshErrors.MNAS_SSH_TARGET({ received: selector === undefined ? 'ssh' : `ssh:${selector}` })
}
