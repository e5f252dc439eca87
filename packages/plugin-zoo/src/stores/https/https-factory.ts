import type { ZooStoreFactory } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { tokenFor } from '../http/tokens.js'
import { httpsStore } from './https-store.js'

/** A zoo among the files of any web server. */
const https: ZooStoreFactory = {
  async open(location, { signal }) {
    const url = URL.canParse(location) ? new URL(location) : null
    const plain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password
    if (!plain)
      throw storeErrors.MNAS_ZOO_LOCATION({
        expected: 'an address such as https://example.org/zoo, without a password, a "?" or a "#"',
        received: location.replace(/\/\/[^/@]*@/, '//…@'),
      })
    return httpsStore(url, await tokenFor(url), signal)
  },
}
export default https
