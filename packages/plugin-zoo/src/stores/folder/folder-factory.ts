import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ZooStoreFactory } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { folderStore } from './folder-store.js'

/** A zoo in a folder of this computer, of a disk that it reaches, or of a web server's files. It is made by the first publish. */
const folder: ZooStoreFactory = {
  async open(location) {
    if (location === '' || /^[a-z][a-z0-9+.-]+:/i.test(location))
      throw storeErrors.MNAS_ZOO_LOCATION({ expected: 'a folder', received: location })
    return folderStore(location.startsWith('~/') ? join(homedir(), location.slice(2)) : resolve(location), location)
  },
}
export default folder
