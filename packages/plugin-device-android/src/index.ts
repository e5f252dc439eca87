export { androidDriver as default, androidDriver } from './android-driver.js'
export { androidErrors } from './errors.js'
