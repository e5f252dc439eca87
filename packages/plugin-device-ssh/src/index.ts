export { sshErrors } from './errors.js'
export { sshDriver as default, sshDriver } from './ssh-driver.js'
