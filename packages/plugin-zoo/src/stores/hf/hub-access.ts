import { storeErrors } from '@mnas/core/errors'

/** Which repository of which hub, and who asks. */
export interface HubAccess {
  /** `OWNER/NAME` */
  readonly repo: string
  /** A branch, tag or commit; null: the newest. */
  readonly revision: string | null
  /** Without a slash at its end. */
  readonly hubUrl: string
  readonly token: string | null
  readonly signal: AbortSignal
}

/** As it may be shown. */
export const locationOf = ({ repo, revision }: HubAccess): string => `hf:${repo}${revision === null ? '' : `@${revision}`}`

const publicHub = 'https://huggingface.co'

/**
 * @param location `hf:OWNER/NAME` or `hf:OWNER/NAME@REVISION`; hub and token are those of HF_ENDPOINT and HF_TOKEN
 * @throws MNAS_ZOO_LOCATION
 */
export function hubAccess(location: string, signal: AbortSignal, env: NodeJS.ProcessEnv = process.env): HubAccess {
  const [, repo, revision] = /^hf:([\w.-]+\/[\w.-]+?)(?:@([\w./-]+))?$/.exec(location) ?? []
  const hubUrl = (env['HF_ENDPOINT'] || publicHub).replace(/\/+$/, '')
  if (repo === undefined || repo.includes('..'))
    throw storeErrors.MNAS_ZOO_LOCATION({ expected: 'hf:OWNER/NAME or hf:OWNER/NAME@REVISION', received: location })
  if (!URL.canParse(hubUrl)) throw storeErrors.MNAS_ZOO_LOCATION({ expected: 'an address in HF_ENDPOINT', received: hubUrl })
  return { repo, revision: revision ?? null, hubUrl, token: env['HF_TOKEN'] || null, signal }
}
