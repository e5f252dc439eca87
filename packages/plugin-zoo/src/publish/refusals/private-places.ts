/** What a computer must not tell of itself. */
export interface OwnPlaces {
  /** The user's home folder. */
  readonly home: string
  /** The computer's name. */
  readonly host: string
}

/** What was found, and where. */
export interface PrivatePlace {
  readonly what: string
  /** From 1. */
  readonly line: number
  /** As it stands there. */
  readonly received: string
}

/** Folders at the top of file systems; a path below one of them is of a computer, and not a label that begins with a slash. */
const roots = [
  'home',
  'Users',
  'root',
  'tmp',
  'var',
  'mnt',
  'media',
  'opt',
  'srv',
  'usr',
  'etc',
  'private',
  'Volumes',
  'data',
  'work',
  'run',
]
/** Not within an address (https://host/home/x), and not a part of a longer path. */
const unixPath = new RegExp(`(?<![\\w.~:/\\\\-])/(?:${roots.join('|')})/[\\w.@~+-][^\\s"'\`<>)]*`)
/** Backslashes are doubled in JSON. */
const windowsPath = /(?<![A-Za-z0-9])[A-Za-z]:(?:\\{1,2}|\/(?!\/))[A-Za-z0-9][^\s"'`<>)]*/
const fileAddress = /\bfile:\/\/[^\s"'`<>)]*/i
const shortestName = 3
const names = ['localhost']

/**
 * The first thing in a text that belongs to one computer: an absolute path, the home folder, the computer's name. null: nothing
 * does.
 */
export function privatePlaceIn(text: string, { home, host }: OwnPlaces): PrivatePlace | null {
  const looks: readonly (readonly [string, RegExp | null])[] = [
    ['the home folder', literal(home)],
    ['an absolute path', unixPath],
    ['an absolute path', windowsPath],
    ['an absolute path', fileAddress],
    ["the computer's name", names.includes(host.toLowerCase()) ? null : literal(host)],
  ]
  for (const [what, pattern] of looks) {
    const found = pattern?.exec(text)
    if (found)
      return { what, line: text.slice(0, found.index).split('\n').length, received: JSON.stringify(found[0].slice(0, 80)) }
  }
  return null
}

/** As a whole word; a name of one or two letters stands everywhere. */
function literal(word: string): RegExp | null {
  const text = word.replace(/[/\\]+$/, '')
  if (text.length < shortestName) return null
  return new RegExp(`(?<![\\w-])${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'i')
}
