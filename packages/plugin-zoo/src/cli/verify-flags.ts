import { classFoldersFlag, dataFlag, deviceOptionsFlag, settingFlags } from '@mnas/core/cli'
import { Flags } from '@oclif/core'
import { zooFlags } from './zoo-flags.js'

/** Of commands that look at the claims of an entry again. */
export const verifyFlags = () => ({
  data: dataFlag({ summary: 'folder of images to count right answers on' }),
  'class-folders': classFoldersFlag(),
  threads: Flags.integer({ summary: 'threads of the runtime on the device (default: as each was claimed)', min: 1, max: 64 }),
  option: deviceOptionsFlag(),
  ...zooFlags(),
  ...settingFlags('device', 'engine', 'workers', 'cacheLimit'),
})
