// The readers of headers that the product has speak to bytes as Node's Buffer. Imported before them.
import { Buffer } from 'buffer/'

Object.assign(globalThis, { Buffer })
