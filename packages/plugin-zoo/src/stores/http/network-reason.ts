const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host, or no network',
  EAI_AGAIN: 'its name cannot be looked up: no network?',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'there is no network',
}
const ofTime = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']

/** Why a server could not be asked, in words. */
export function networkReason(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (ofTime.includes(code))
    return `its certificate is not valid at this computer's time (${new Date().toISOString().slice(0, 16)}): is the clock right?`
  return reasons[code] ?? message
}
