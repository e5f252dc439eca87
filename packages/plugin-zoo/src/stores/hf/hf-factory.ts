import type { ZooStoreFactory } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hfStore } from './hf-store.js'

const publicHub = 'https://huggingface.co'

/** A model repository of the Hugging Face hub as a zoo: `hf:OWNER/NAME`, or `hf:OWNER/NAME@REVISION` to read one state of it. */
const hf: ZooStoreFactory = {
  async open(location, { signal }) {
    const [, repo, revision] = /^hf:([\w.-]+\/[\w.-]+?)(?:@([\w./-]+))?$/.exec(location) ?? []
    const hubUrl = (process.env['HF_ENDPOINT'] || publicHub).replace(/\/+$/, '')
    if (repo === undefined || repo.includes('..'))
      throw storeErrors.MNAS_ZOO_LOCATION({ expected: 'hf:OWNER/NAME or hf:OWNER/NAME@REVISION', received: location })
    if (!URL.canParse(hubUrl)) throw storeErrors.MNAS_ZOO_LOCATION({ expected: 'an address in HF_ENDPOINT', received: hubUrl })
    const token = process.env['HF_TOKEN'] || null
    return hfStore({ repo, revision: revision ?? null, hubUrl, token, signal })
  },
}
export default hf
