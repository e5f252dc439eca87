import type { z } from 'zod'
import { archListAnswer, archSchemaAnswer, archShowAnswer } from './arch-answers.js'
import { configShowAnswer } from './config-show-answer.js'
import { dataCheckAnswer } from './data-check-answer.js'
import {
  deviceBenchmarkAnswer,
  deviceCompareAnswer,
  deviceCreateAnswer,
  deviceDescribeAnswer,
  deviceListAnswer,
  deviceProfileAnswer,
  deviceSetupAnswer,
} from './device-answers.js'
import { doctorAnswer } from './doctor-answer.js'
import { evaluateAnswer } from './evaluate-answer.js'
import { deployAnswer, exportAnswer } from './export-answers.js'
import { importAnswer } from './import-answer.js'
import { predictAnswer } from './predict-answer.js'
import { trainAnswer } from './train-answer.js'

/** What each command of this package answers with `--json`; of these docs/json.md is made, in this order. */
export const answers = {
  'arch list': archListAnswer,
  'arch show': archShowAnswer,
  'arch schema': archSchemaAnswer,
  'config show': configShowAnswer,
  doctor: doctorAnswer,
  'device list': deviceListAnswer,
  'device describe': deviceDescribeAnswer,
  'device doctor': doctorAnswer,
  'device setup': deviceSetupAnswer,
  'device benchmark': deviceBenchmarkAnswer,
  'device profile': deviceProfileAnswer,
  'device compare': deviceCompareAnswer,
  'device create': deviceCreateAnswer,
  'data check': dataCheckAnswer,
  train: trainAnswer,
  import: importAnswer,
  evaluate: evaluateAnswer,
  predict: predictAnswer,
  deploy: deployAnswer,
  export: exportAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>
