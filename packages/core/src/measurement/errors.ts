import { defineErrors } from '../errors/index.js'

/** Mistakes around devices and measurements. */
export const measurementErrors = defineErrors({
  MNAS_DEVICE_UNREACHABLE: {
    exit: 'device',
    summary: 'A device cannot be opened: not there, not allowed, or nothing on it can run the model.',
    message: (d: { device: string; reason: string }) =>
      `Cannot use device "${d.device}": ${d.reason}. "mnas device list" shows what is there.`,
  },
  MNAS_DEVICE_LOST: {
    exit: 'device',
    summary: 'A device vanished in the middle of a measurement.',
    message: (d: { device: string; reason: string }) =>
      `Lost device "${d.device}" during a measurement: ${d.reason}. Connect it again and repeat the command.`,
  },
  MNAS_DEVICES_DIFFERENT: {
    exit: 'usage',
    summary: 'Devices that are to share measurements are not of one make, or one of them has become another.',
    message: (d: { devices: readonly string[]; differences: readonly string[] }) =>
      `${d.devices.map((device) => `"${device}"`).join(' and ')} cannot share measurements: ` +
      'expected the same model, system and tool, ' +
      `received differences: ${d.differences.join('; ')}. Name devices of one make, or one alone; undo ` +
      'what has changed on a device, or begin another run.',
  },
  MNAS_DEVICES_APART: {
    exit: 'device',
    summary: 'Devices of one make that are to share measurements are not equally fast.',
    message: (d: {
      fastest: { readonly device: string; readonly ms: number }
      slowest: { readonly device: string; readonly ms: number }
      apart: number
      most: number
    }) =>
      `"${d.slowest.device}" takes ${(100 * d.apart).toFixed(1)} % longer than "${d.fastest.device}" for the same model ` +
      `(${d.slowest.ms.toPrecision(3)} and ${d.fastest.ms.toPrecision(3)} ms). Expected at most ${100 * d.most} % ` +
      'between devices that share measurements. Let them cool, charge them, close apps; or name one alone.',
  },
  MNAS_DEVICE_NO_SETUP: {
    exit: 'usage',
    summary: '`device setup` was asked for a device that needs no set-up.',
    message: (d: { device: string }) =>
      `Device "${d.device}" has nothing to set up. Expected a device that installs something; this one is used as it is.`,
  },
  MNAS_DEVICE_NO_PROFILE: {
    exit: 'usage',
    summary: 'A device was asked where the time of a model goes, and cannot tell.',
    message: (d: { device: string }) =>
      `Device "${d.device}" cannot tell where the time goes. Expected one with a profiler, such as a phone ` +
      `with TensorFlow Lite's benchmark_model; received one that times models as a whole. Use "mnas device benchmark".`,
  },
  MNAS_DEVICE_FORMAT: {
    exit: 'invalid',
    summary: 'A device cannot run the format of a file, or no installed exporter writes a format that it runs.',
    message: (d: { device: string; received: string; formats: readonly string[] }) =>
      `Device "${d.device}" cannot run this model. Expected one of the formats ${d.formats.join(', ')}, received ` +
      `${d.received}. ` +
      'Give a file of such a format, or install a plug-in that writes one.',
  },
  MNAS_CONFIRMATION_NEEDED: {
    exit: 'usage',
    summary: 'A command must ask before it acts, and nobody can be asked: no terminal.',
    message: (d: { action: string }) =>
      `Nobody can be asked whether to ${d.action}: expected a terminal, received none. Add --yes to agree beforehand.`,
  },
  MNAS_DECLINED: {
    exit: 'usage',
    summary: 'The question whether to go on was answered with no.',
    message: (d: { action: string }) =>
      `Did not ${d.action}: the answer was no. Nothing was changed; repeat the command to go on.`,
  },
  MNAS_MEASUREMENT_CACHE: {
    exit: 'invalid',
    summary: 'The cache of measurements cannot be read or written.',
    message: (d: { path: string; reason: string }) =>
      `The measurement cache "${d.path}" cannot be used: ${d.reason}. Delete this file; models will be measured afresh.`,
  },
})
