import { storeErrors } from '@mnas/core/errors'
import { mayHaveToken } from '../http/tokens.js'

/** Which repository of which hub, and who asks. */
export interface HubAccess {
  /** `OWNER/NAME` */
  readonly repo: string
  /** A branch, tag or commit; null: the newest. */
  readonly revision: string | null
  /** Without a slash at its end. */
  readonly hubUrl: string
  /** null: none was given, or the hub may not have it. */
  readonly token: string | null
  readonly signal: AbortSignal
}

/** As it may be shown. */
export const locationOf = ({ repo, revision }: HubAccess): string => `hf:${repo}${revision === null ? '' : `@${revision}`}`

const publicHub = 'https://huggingface.co'

/**
 * @param location `hf:OWNER/NAME` or `hf:OWNER/NAME@REVISION`; hub and token are those of HF_ENDPOINT and HF_TOKEN. Without TLS no hub gets the token
 * but one on this computer itself.
 * @throws MNAS_ZOO_LOCATION
 */
export function hubAccess(location: string, signal: AbortSignal, env: NodeJS.ProcessEnv = process.env): HubAccess {
  const [, repo, revision] = /^hf:([\w.-]+\/[\w.-]+?)(?:@([\w./-]+))?$/.exec(location) ?? []
  const hubUrl = (env['HF_ENDPOINT'] || publicHub).replace(/\/+$/, '')
  if (repo === undefined || repo.includes('..'))
    throw storeErrors.MNAS_ZOO_LOCATION({ expected: 'hf:OWNER/NAME or hf:OWNER/NAME@REVISION', received: location })
  const url = URL.canParse(hubUrl) ? new URL(hubUrl) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw storeErrors.MNAS_ZOO_LOCATION({
      expected: 'an address such as https://hub.example.org in HF_ENDPOINT',
      received: hubUrl,
    })
  return { repo, revision: revision ?? null, hubUrl, token: (mayHaveToken(url) && env['HF_TOKEN']) || null, signal }
}
