import { defineErrors } from '../errors/index.js'

export const pluginErrors = defineErrors({
  MNAS_PLUGIN_API: {
    exit: 'plugin',
    summary: 'A plug-in was written for another version of the plug-in interface.',
    message: (d: { plugin: string; expected: number; received: unknown }) =>
      `Plug-in ${d.plugin} speaks another interface. Expected "mnas.api": ` +
      `${d.expected} in its package.json, received ${JSON.stringify(d.received)}. ` +
      `Install a version that fits, or "mnas plugins uninstall ${d.plugin}".`,
  },
  MNAS_PLUGIN_MANIFEST: {
    exit: 'plugin',
    summary: "A plug-in's package.json declares its contributions wrongly.",
    message: (d: { plugin: string; field: string; expected: string; received: unknown }) =>
      `Plug-in ${d.plugin} declares its contributions wrongly. ` +
      `Expected ${d.expected} at "${d.field}" of its package.json, received ${JSON.stringify(d.received)}. ` +
      `Update the plug-in, or "mnas plugins uninstall ${d.plugin}".`,
  },
  MNAS_PLUGIN_DUPLICATE: {
    exit: 'plugin',
    summary: 'Two plug-ins contribute the same name.',
    message: (d: { kind: string; name: string; plugins: readonly [string, string] }) =>
      `Two plug-ins contribute the ${d.kind} "${d.name}": ${d.plugins[0]} and ${d.plugins[1]}. Expected one. ` +
      'Remove either with "mnas plugins uninstall".',
  },
  MNAS_PLUGIN_LOAD: {
    exit: 'plugin',
    summary: "A contribution's module cannot be imported or exports nothing by default.",
    message: (d: { plugin: string; kind: string; name: string; reason: string }) =>
      `The ${d.kind} "${d.name}" of plug-in ${d.plugin} does not load: ${d.reason}. ` +
      `Expected a module with a default export. Reinstall it ("npm ci", or "mnas plugins install ${d.plugin}"); ` +
      '"mnas doctor" shows more.',
  },
  MNAS_PLUGIN_MISSING: {
    exit: 'plugin',
    summary: 'What was asked for belongs to a plug-in that is not installed or does not load.',
    message: (d: { what: string; plugins: readonly string[] }) =>
      d.plugins.length === 0
        ? `No installed plug-in provides the ${d.what}. Install the one that does with "mnas plugins install PACKAGE".`
        : `Nothing provides the ${d.what}, and ${d.plugins.join(', ')} cannot be loaded. ` +
          'Expected every plug-in of this installation to load. Reinstall ("npm ci"); "mnas doctor" shows the reason.',
  },
  MNAS_DEVICE_NAME: {
    exit: 'usage',
    summary: 'A new device was given a name that none can have, or that another one has.',
    message: (d: { received: string; taken: readonly string[] }) =>
      `No device can be called "${d.received}". Expected lower-case letters, digits and dashes, ` +
      `other than ${d.taken.join(', ')}; received ` +
      `${d.taken.includes(d.received) ? 'a name that is taken' : 'one with other characters'}. Choose another name.`,
  },
  MNAS_DEVICE_FOLDER: {
    exit: 'usage',
    summary: 'The folder for the package of a new device is not empty.',
    message: (d: { folder: string; found: string }) =>
      `Nothing was written into "${d.folder}": expected an empty folder or none, received one with "${d.found}". ` +
      'Choose another with --out.',
  },
})
