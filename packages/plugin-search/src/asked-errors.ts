import { defineErrors } from '@mnas/core/errors'

/** Errors of runs whose candidates somebody else trains. */
export const askedErrors = defineErrors({
  MNAS_SEARCH_UNFINISHED: {
    exit: 'invalid',
    summary: 'A run that is to be asked has not been begun to the end.',
    message: (d: { folder: string }) =>
      `The run "${d.folder}" cannot be asked yet: its first measurements are not complete. ` +
      'Expected a run that "mnas search new" ' +
      'has finished, received one that was interrupted; repeat that command.',
  },
  MNAS_SEARCH_TRAINS: {
    exit: 'invalid',
    summary: 'A run was asked or told that trains its candidates itself.',
    message: (d: { folder: string; command: string }) =>
      `"${d.command}" is for runs whose candidates you train. Expected a run that "mnas search new" made, ` +
      `received "${d.folder}", ` +
      'which trains its own; repeat its search command to go on with it.',
  },
  MNAS_SEARCH_TRIAL: {
    exit: 'invalid',
    summary: 'A trial was told or renewed that the run has not given away.',
    message: (d: { trial: number; expected: string; received: string }) =>
      `Trial ${d.trial} cannot be told. Expected ${d.expected}, received ${d.received}. "mnas search ask" gives trials away.`,
  },
  MNAS_SEARCH_TOLD: {
    exit: 'invalid',
    summary: 'A trial was told twice, with two outcomes.',
    message: (d: { trial: number; known: string; received: string }) =>
      `Trial ${d.trial} was told before. Expected one outcome for each trial, which is ${d.known}, received ${d.received}. ` +
      'Nothing was changed; ask for another trial.',
  },
  MNAS_SEARCH_RUNG: {
    exit: 'usage',
    summary: 'A trial was told at another rung than it was given for.',
    message: (d: { trial: number; expected: string; received: string }) =>
      `Trial ${d.trial} cannot be told at that rung. Expected ${d.expected}, received ${d.received}. ` +
      '"mnas search ask" says the rung of each trial.',
  },
  MNAS_SEARCH_TOLD_LEASE: {
    exit: 'invalid',
    summary: 'A trial was told as failed by a lease that is over, or told by one that it never had.',
    message: (d: { trial: number; lease: string; expected: string; received: string }) =>
      `Trial ${d.trial} cannot be told by lease "${d.lease}". Expected ${d.expected}, received ${d.received}. ` +
      'Nothing was changed; what a training came to is heard also when its lease is over.',
  },
  MNAS_SEARCH_METRIC: {
    exit: 'usage',
    summary: 'A trial was told without the metric that the run learns, or with one that cannot be.',
    message: (d: { expected: string; received: string }) =>
      `The metric cannot be learned. Expected --metric ${d.expected}, received ${d.received}.`,
  },
  MNAS_SEARCH_LEASE: {
    exit: 'invalid',
    summary: 'A lease cannot be renewed: it is unknown, its trial has ended, or another has it by now.',
    message: (d: { lease: string; received: string }) =>
      `Lease ${d.lease} cannot be renewed. Expected the last lease of a trial that has not ended, received ${d.received}. ` +
      'Stop training it, and ask for another trial.',
  },
  MNAS_SEARCH_TRIAL_FAILED: {
    exit: 'training',
    summary: 'A trial that somebody else trained was told as failed.',
    message: (d: { reason: string }) =>
      `The training failed: ${d.reason}. Expected a metric, received that; the network is not proposed again.`,
  },
})
