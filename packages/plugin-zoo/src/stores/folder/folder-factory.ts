import type { ZooStoreFactory } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { absolutePath } from '@mnas/core/files'
import { folderStore } from './folder-store.js'

/** A zoo in a folder of this computer, of a disk that it reaches, or of a web server's files. It is made by the first publish. */
const folder: ZooStoreFactory = {
  async open(location) {
    if (location === '' || /^[a-z][a-z0-9+.-]+:/i.test(location))
      throw storeErrors.MNAS_ZOO_LOCATION({ expected: 'a folder', received: location })
    return folderStore(absolutePath(location), location)
  },
}
export default folder
