import './buffer-global.js'
import { openLiteRt } from './litert-runner.js'
import { serveModel } from './serve-model.js'

serveModel(openLiteRt)
