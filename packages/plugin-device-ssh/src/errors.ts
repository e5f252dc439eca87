import { defineErrors } from '@mnas/core/errors'

/** Mistakes around boards over ssh. */
export const sshErrors = defineErrors({
  MNAS_SSH_MISSING: {
    exit: 'device',
    summary: 'The program ssh is not there.',
    message: (d: { ssh: string; received: string }) =>
      `Cannot use ssh: expected OpenSSH's client as "${d.ssh}", received ${d.received}. Install it, or say where it is: ` +
      '--option ssh=PATH.',
  },
  MNAS_SSH_TARGET: {
    exit: 'usage',
    summary: 'A board was not named, or not in a way that ssh can read.',
    message: (d: { received: string }) =>
      `Which board is meant? Expected --device ssh:USER@HOST or ssh:HOST, where HOST may stand in ~/.ssh/config; ` +
      `received "${d.received}". Give a port with --option port=NUMBER.`,
  },
  MNAS_SSH_HOST_KEY: {
    exit: 'device',
    summary: 'The key of a board is not known, or is another than before.',
    message: (d: { device: string; changed: boolean; command: string }) =>
      `The host key of "${d.device}" is ${d.changed ? 'another than before' : 'not known'}. ` +
      'Expected one that you have accepted, received one that nobody vouches for. ' +
      `${d.changed ? 'Find out why it changed; then type' : 'Look at it by logging in once'}: ${d.command}`,
  },
  MNAS_SSH_DENIED: {
    exit: 'device',
    summary: 'A board does not let this user in without a password.',
    message: (d: { device: string; said: string; command: string }) =>
      `"${d.device}" does not let you in: ${d.said}. Expected a key that opens it, for mnas types no password; ` +
      `received a refusal. Check the user, and put your key there: ${d.command}`,
  },
  MNAS_SSH_SYSTEM: {
    exit: 'device',
    summary: "A board's system cannot run LiteRT's library under python3.",
    message: (d: { device: string; received: string; advice: string }) =>
      `LiteRT's library does not run on "${d.device}": expected 64-bit Linux on x86-64 or arm64 with glibc 2.27 and ` +
      `python3 3.7 or later, received ${d.received}. ${d.advice}: --option benchmark-model=PATH.`,
  },
  MNAS_SSH_LIBRARY: {
    exit: 'device',
    summary: "LiteRT's library for a board was not fetched yet.",
    message: (d: { device: string; platform: string }) =>
      `No LiteRT library for "${d.device}": expected one for ${d.platform}, received none. ` +
      `Run "mnas device setup ${d.device}", which gets it, or give one with --option library=PATH.`,
  },
})
