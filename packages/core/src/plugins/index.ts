export { declaredVariables } from './declared-variables.js'
export { createDevicePackage, type DevicePackageRequest } from './device-package/create-device-package.js'
export { pluginErrors } from './errors.js'
export {
  type ContributionPaths,
  discoverManifests,
  type LoadedPlugin,
  type PluginManifest,
  pluginApi,
} from './plugin-manifest.js'
export { createRegistry, type Registry } from './registry.js'
