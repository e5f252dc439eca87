import './buffer-global.js'
import { serveModel } from './serve-model.js'
import { openTfjs } from './tfjs-runner.js'

serveModel(openTfjs)
