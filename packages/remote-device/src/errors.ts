import { defineErrors } from '@mnas/core/errors'

/** Mistakes around devices that are a shell far away. */
export const remoteErrors = defineErrors({
  MNAS_REMOTE_TIMEOUT: {
    exit: 'device',
    summary: 'A command on a phone or board did not end in time; it was ended there too.',
    message: (d: { device: string; what: string; limitSeconds: number }) =>
      `${d.what} on "${d.device}" did not end within ${d.limitSeconds} s and was ended there. ` +
      'Expected an answer, received none. Give a slow model more time with --option limit=SECONDS, or restart the device.',
  },
  MNAS_REMOTE_PUSH: {
    exit: 'device',
    summary: 'A file could not be copied to a phone or board.',
    message: (d: { device: string; file: string; reason: string }) =>
      `Cannot copy "${d.file}" to "${d.device}": ${d.reason}. Check the connection and the folder on the device.`,
  },
  MNAS_REMOTE_SPACE: {
    exit: 'device',
    summary: 'A file did not fit onto a phone or board.',
    message: (d: { device: string; file: string; place: string; needed: string; free: string; ours: string; remove: string }) =>
      `No space on "${d.device}" in ${d.place} for "${d.file}": expected ${d.needed} free, received ${d.free}. ` +
      `Files of mnas take ${d.ours} there; this removes them: ${d.remove}`,
  },
  MNAS_REMOTE_CORRUPT: {
    exit: 'device',
    summary: 'A file arrived on a phone or board with other content than it left, twice.',
    message: (d: { device: string; file: string; remote: string; sha256: string; found: string }) =>
      `"${d.file}" arrives damaged on "${d.device}" as ${d.remote}: expected sha256 ${d.sha256}, received ${d.found}, twice. ` +
      'Try another cable, port or network.',
  },
  MNAS_REMOTE_TOOL: {
    exit: 'device',
    summary: 'The program that times models on a phone or board cannot be run there.',
    message: (d: { device: string; reason: string }) =>
      `The tool cannot be run on "${d.device}": ${d.reason}. Expected a program for this device ` +
      'in a folder that allows programs.',
  },
  MNAS_REMOTE_RUN: {
    exit: 'device',
    summary: 'The program that times models on a phone or board failed.',
    message: (d: { device: string; exitCode: number; said: string; kept: string }) =>
      `The tool failed on "${d.device}" with status ${d.exitCode}: ${d.said}. Expected a timing. ` +
      `All that it said is in "${d.kept}".`,
  },
  MNAS_REMOTE_NO_TIMING: {
    exit: 'device',
    summary: 'The program that times models on a phone or board ended, but said no time that can be believed.',
    message: (d: { device: string; kept: string }) =>
      `No timing in the output of the tool on "${d.device}": expected its lines whole, received others or ` +
      `half of them. What it said is in "${d.kept}"; use another build of the tool.`,
  },
  MNAS_REMOTE_DELEGATE: {
    exit: 'device',
    summary: 'A model did not run where it was asked to: a delegate was missing, refused it, or took a part of it only.',
    message: (d: { device: string; asked: string; ran: string }) =>
      `Asked "${d.device}" to run the whole model on ${d.asked}; expected that or nothing, received ${d.ran}. ` +
      'Time it with --option delegate=cpu, or write a file that the delegate takes whole.',
  },
})
