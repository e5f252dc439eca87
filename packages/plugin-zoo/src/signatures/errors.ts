import { defineErrors } from '@mnas/core/errors'

/** What can be wrong with keys, with signatures, and with the list of who is trusted. */
export const signatureErrors = defineErrors({
  MNAS_ZOO_KEY_FILE: {
    exit: 'invalid',
    summary: 'A file is no key that a zoo can be signed with, or one that cannot be read.',
    message: (d: { path: string; expected: string; received: string }) =>
      `"${d.path}" cannot be used as a key. Expected ${d.expected}, received ${d.received}. "mnas zoo key" makes one.`,
  },
  MNAS_ZOO_KEY_EXISTS: {
    exit: 'invalid',
    summary: 'A new key was to be written where a file is already: whatever it signed could not be signed again.',
    message: (d: { path: string }) => `"${d.path}" is there already. Expected a new file. Choose another --out.`,
  },
  MNAS_ZOO_UNSIGNED: {
    exit: 'signature',
    summary: 'Something without a signature was to be used, and the trust list asks for one.',
    message: (d: { name: string; pattern: string }) =>
      `${d.name} has no signature. Expected one by a key that is trusted for "${d.pattern}". ` +
      'Ask its publisher, or look at "mnas zoo trust list".',
  },
  MNAS_ZOO_SIGNATURE_DAMAGED: {
    exit: 'signature',
    summary: 'A signature is truncated, or no signature in the format of OpenSSF Model Signing at all.',
    message: (d: { name: string; reason: string }) =>
      `The signature of ${d.name} is damaged: ${d.reason}. Expected a sigstore bundle of version 0.3. Fetch it again.`,
  },
  MNAS_ZOO_KEY_UNKNOWN: {
    exit: 'signature',
    summary: 'A signature was made with a key that nobody has said to trust for this name.',
    message: (d: { name: string; key: string; trusted: readonly string[] }) =>
      `${d.name} is signed with the key ${d.key}. Expected ${d.trusted.join(' or ') || 'a key of the trust list'}. ` +
      'Where the key is the publisher\'s: "mnas zoo trust add".',
  },
  MNAS_ZOO_SIGNATURE_WRONG: {
    exit: 'signature',
    summary: 'A signature was not made with the key that it names, or what was signed has been changed.',
    message: (d: { name: string; key: string }) =>
      `The signature of ${d.name} is not one of the key ${d.key}, which it names. Somebody has changed it. Do not use it.`,
  },
  MNAS_ZOO_SIGNATURE_OTHER: {
    exit: 'signature',
    summary: 'A signature is one of another model, or of another release.',
    message: (d: { name: string; received: string }) =>
      `The signature beside ${d.name} is one of something else. Expected one of ${d.name}, received one of ${d.received}. ` +
      'Do not use it.',
  },
  MNAS_ZOO_SIGNATURE_CHANGED: {
    exit: 'signature',
    summary: 'A file is not the one that was signed.',
    message: (d: { name: string; path: string; expected: string; received: string }) =>
      `"${d.path}" of ${d.name} is not what was signed. Expected ${d.expected}, received ${d.received}. ` +
      'Do not use it; fetch it again.',
  },
  MNAS_ZOO_TRUST_FILE: {
    exit: 'invalid',
    summary: 'The list of trusted keys is damaged.',
    message: (d: { path: string; reason: string }) =>
      `Cannot read the list of trusted keys "${d.path}": ${d.reason}. Expected what "mnas zoo trust add" wrote. ` +
      'Correct it, or remove it and add the keys again.',
  },
  MNAS_ZOO_TRUST_UNKNOWN: {
    exit: 'usage',
    summary: 'A pattern was to be taken off the list of trusted keys and does not stand there.',
    message: (d: { pattern: string; known: readonly string[] }) =>
      `No key is trusted for "${d.pattern}". Expected ${d.known.join(' or ') || 'a list with something in it'}, ` +
      `received "${d.pattern}". ` +
      '"mnas zoo trust list" shows all.',
  },
})
