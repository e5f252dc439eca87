import type { ZooStoreFactory } from '@mnas/core/contracts'
import { HfStore } from './hf-store.js'
import { hubAccess } from './hub-access.js'

/** A model repository of the Hugging Face hub as a zoo: `hf:OWNER/NAME`, or `hf:OWNER/NAME@REVISION` to read one state of it. */
const hf: ZooStoreFactory = {
  async open(location, { signal }) {
    return new HfStore(hubAccess(location, signal))
  },
}
export default hf
