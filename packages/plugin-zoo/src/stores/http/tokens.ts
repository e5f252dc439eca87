import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseJson } from '@mnas/core/files'
import { tokenErrors } from '../errors.js'

const variable = 'MNAS_ZOO_TOKENS'
const tokenFile = (env: NodeJS.ProcessEnv) =>
  join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'mnas', 'zoo-tokens.json')

/** Whether a token may go there: by TLS, or to this computer itself. */
export const mayHaveToken = ({ hostname, protocol }: URL): boolean =>
  protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)

/**
 * The token for a host, or null: from MNAS_ZOO_TOKENS (`host=token`, several with commas between), else from ~/.config/mnas/zoo-tokens.json
 * (`{"host": "token"}`), which only its owner may read. Without TLS nobody gets one but this computer itself.
 * @param host with its port where it is not the usual one
 * @throws MNAS_ZOO_TOKENS
 */
export async function tokenFor(url: URL, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  if (!mayHaveToken(url)) return null
  const { host } = url
  return inVariable(host, env[variable] ?? '') ?? (await inFile(host, tokenFile(env)))
}

function inVariable(host: string, text: string): string | null {
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    if (at < 1) throw tokenErrors.MNAS_ZOO_TOKENS({ source: variable, expected: 'HOST=TOKEN, several with commas between' })
    if (pair.slice(0, at) === host) return pair.slice(at + 1)
  }
  return null
}

async function inFile(host: string, path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null)
  if (found === null) return null
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    throw tokenErrors.MNAS_ZOO_TOKENS({ source: path, expected: 'a file that only its owner may read (chmod 600)' })
  const tokens = await readTokens(path)
  return Object.hasOwn(tokens, host) ? tokens[host]! : null
}

async function readTokens(path: string): Promise<Readonly<Record<string, string>>> {
  const wrong = (cause?: unknown) =>
    tokenErrors.MNAS_ZOO_TOKENS({ source: path, expected: 'JSON such as {"zoo.example.org": "token"}' }, cause)
  let found: unknown
  try {
    found = parseJson(await readFile(path, 'utf8'))
  } catch (error) {
    throw wrong(error)
  }
  const isText = typeof found === 'object' && found !== null && Object.values(found).every((token) => typeof token === 'string')
  if (!isText) throw wrong()
  return found as Readonly<Record<string, string>>
}
