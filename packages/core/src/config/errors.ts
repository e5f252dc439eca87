import { defineErrors, didYouMean } from '../errors/index.js'

export const configErrors = defineErrors({
  MNAS_CONFIG_FILE: {
    exit: 'invalid',
    summary: 'The configuration file cannot be read or is not valid JSON or YAML.',
    message: (d: { path: string; reason: string }) =>
      `Cannot read the configuration ${d.path}: ${d.reason}. Expected JSON or YAML with an object of settings. ` +
      'Correct the file; "mnas config show --origin" lists the settings.',
  },
  MNAS_CONFIG_FIELD: {
    exit: 'invalid',
    summary: 'The configuration file has a setting that does not exist.',
    message: (d: { source: string; field: string; known: readonly string[] }) =>
      `Unknown setting "${d.field}" in ${d.source}.${didYouMean(d.field, d.known)} "mnas config show" lists them all.`,
  },
  MNAS_CONFIG_VALUE: {
    exit: 'invalid',
    summary: 'A setting from a file, the environment or a flag has a value that it cannot have.',
    message: (d: { source: string; field: string; expected: string; received: unknown }) =>
      `Wrong value for "${d.field}" in ${d.source}. Expected ${d.expected}, received ${JSON.stringify(d.received)}. ` +
      'Correct it there; "mnas config show --origin" shows where each value comes from.',
  },
  MNAS_CONFIG_PAIR: {
    exit: 'usage',
    summary: 'An option of a task or a device on the command line is no NAME=VALUE, or was said twice.',
    message: (d: { received: string }) =>
      `Wrong option ${JSON.stringify(d.received)}. Expected NAME=VALUE with each name once, for example classes=6. ` +
      'Correct it or leave it out.',
  },
  MNAS_OPTION_UNKNOWN: {
    exit: 'usage',
    summary: 'An option was given that the device or strategy does not have.',
    message: (d: { of: string; name: string; known: readonly string[] }) =>
      `Unknown option "${d.name}" of ${d.of}. Expected ${d.known.length > 0 ? d.known.join(', ') : 'none: it has no options'}.` +
      `${didYouMean(d.name, d.known)} "mnas device describe" lists those of a device.`,
  },
  MNAS_OPTION_VALUE: {
    exit: 'usage',
    summary: 'An option of a device or strategy was given a value that it cannot have.',
    message: (d: { of: string; name: string; expected: string; received: string }) =>
      `Wrong value of the option "${d.name}" of ${d.of}. Expected ${d.expected}, received ${JSON.stringify(d.received)}. ` +
      'Correct it or leave it out.',
  },
  MNAS_UNIT: {
    exit: 'usage',
    summary: 'A size, a duration or a fraction on the command line has no unit, is no number or out of range.',
    message: (d: { what: string; expected: string; received: string }) =>
      `Wrong ${d.what}. Expected ${d.expected}, received ${JSON.stringify(d.received)}. ` +
      'Write the unit directly behind the number.',
  },
})
