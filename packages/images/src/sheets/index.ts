export { contactSheet, type Mark, type Tile } from './contact-sheet.js'
