import { defineErrors } from '../errors/index.js'

export const cliErrors = defineErrors({
  MNAS_USAGE: {
    exit: 'usage',
    summary: 'A command, flag or argument does not exist, is missing or has a value that it cannot have.',
    message: (d: { what: string; help: string }) => `${sentence(d.what)} Run "${d.help}" to see what it takes.`,
  },
  MNAS_INTERRUPTED: {
    exit: 'interrupted',
    summary: 'The command was stopped by Ctrl-C, SIGTERM, or the end of its terminal. What was recorded is kept.',
    message: (d: { resume: string | undefined }) =>
      d.resume === undefined
        ? 'Interrupted. Run the same command again.'
        : `Interrupted; nothing recorded is lost. Continue with: ${d.resume}`,
  },
})

/** Ends with a full stop unless it is a question already. */
const sentence = (text: string) => (/[.?!]$/.test(text) ? text : `${text}.`)
