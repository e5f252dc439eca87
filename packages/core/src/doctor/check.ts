import type { Check } from '../contracts/index.js'

/** A check and whose it is. */
export interface Finding extends Check {
  /** A failure of a plug-in ends the command with 4, another one with 1. */
  readonly plugin?: true
}

/** Runs one check; what it throws is its failure. */
export async function attempt(name: string, fix: string, check: () => Promise<string>): Promise<Check> {
  try {
    return { name, status: 'ok', detail: await check() }
  } catch (error) {
    return { name, status: 'failed', detail: firstLine(error), fix }
  }
}

export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}
