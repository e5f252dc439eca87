import { distance } from 'fastest-levenshtein'
import { settingNames, variableOf } from './settings.js'

/** A variable of the environment that nobody reads, and the one that was probably meant. */
export interface MisspeltVariable {
  readonly name: string
  readonly meant: string
}

/**
 * `MNAS_…` variables that are none and look like one. What looks like none is left alone: it may be another program's.
 * @param others variables besides those of settings: the plug-ins'
 */
export function misspeltVariables(
  environment: Readonly<Record<string, string | undefined>>,
  others: readonly string[],
): readonly MisspeltVariable[] {
  const known = [...settingNames.map(variableOf), ...others]
  const unknown = Object.keys(environment).filter((name) => /^mnas_/i.test(name) && !known.includes(name))
  return unknown.flatMap((name) => {
    const written = name.toUpperCase()
    const far = (other: string) => distance(written, other)
    const meant = known.reduce((nearest, other) => (far(other) < far(nearest) ? other : nearest))
    const allowed = Math.max(2, Math.floor((written.length - 'MNAS_'.length) / 3))
    return far(meant) <= allowed ? [{ name, meant }] : []
  })
}
