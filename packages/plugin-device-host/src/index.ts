export { hostDriver as default, hostDriver } from './host-driver.js'
export { type HostFacts, hostFacts, hostFingerprint, hostState } from './host-facts.js'
