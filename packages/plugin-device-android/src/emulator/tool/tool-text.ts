/** What a run of the tool measured. All in milliseconds. */
export interface Measured {
  readonly initMs: number
  /** The warm-up: one run. */
  readonly firstMs: number
  /** At least one. */
  readonly samplesMs: readonly number[]
  readonly peakBytes: number
}

const microseconds = (ms: number) => Math.round(1000 * ms)
/** As a C++ stream writes a double: six digits, and an exponent from a million on. */
export function streamed(value: number): string {
  const text = value.toPrecision(6)
  if (!text.includes('e')) return text.includes('.') ? text.replace(/\.?0+$/, '') : text
  const [digits = '', exponent = ''] = text.split('e')
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
  return `${short}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`
}

/** The line of statistics of both dialects. */
export function statisticsLine(samplesMs: readonly number[]): string {
  const us = samplesMs.map(microseconds)
  const [first = 0] = us
  if (us.length === 1) return `count=1 curr=${first}`
  const sorted = us.toSorted((a, b) => a - b)
  const mean = us.reduce((sum, value) => sum + value, 0) / us.length
  const deviation = Math.sqrt(us.reduce((sum, value) => sum + (value - mean) ** 2, 0) / us.length)
  const at = (fraction: number) => sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))]
  return (
    `count=${us.length} first=${first} curr=${us.at(-1)} min=${sorted[0]} max=${sorted.at(-1)} avg=${streamed(mean)} ` +
    `std=${Math.round(deviation)} p5=${at(0.05)} median=${at(0.5)} p95=${at(0.95)}`
  )
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

export function classicText({ initMs, firstMs, samplesMs, peakBytes }: Measured): readonly string[] {
  const us = samplesMs.map(microseconds)
  return [
    `Initialized session in ${initMs.toFixed(3)}ms.`,
    'Running benchmark for at least 1 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.',
    statisticsLine([firstMs]),
    `Running benchmark for at least ${us.length} iterations and at least 0 seconds but terminate if exceeding 150 seconds.`,
    statisticsLine(samplesMs),
    `Inference timings in us: Init: ${microseconds(initMs)}, First inference: ${microseconds(firstMs)}, ` +
      `Warmup (avg): ${streamed(microseconds(firstMs))}, Inference (avg): ${streamed(meanOf(us))}`,
    `Overall peak memory footprint (MB) via periodic monitoring: ${streamed(peakBytes / 2 ** 20)}`,
  ]
}

export function compiledModelText({ initMs, firstMs, samplesMs, peakBytes }: Measured): readonly string[] {
  const meanMs = meanOf(samplesMs)
  const deviation = Math.sqrt(meanOf(samplesMs.map((value) => (value - meanMs) ** 2)))
  const two = (value: number) => value.toFixed(2)
  return [
    statisticsLine([firstMs]),
    statisticsLine(samplesMs),
    '===== BENCHMARK RESULTS =====',
    `Model initialization: ${two(initMs)} ms`,
    `Warmup (first): ${two(firstMs)} ms`,
    `Warmup (avg): ${two(firstMs)} ms`,
    `Inference (avg): ${two(meanOf(samplesMs.map(microseconds)) / 1000)} ms`,
    `Inference (min): ${two(Math.min(...samplesMs))} ms`,
    `Inference (max): ${two(Math.max(...samplesMs))} ms`,
    `Inference (std): ${two(deviation)}`,
    '==============================',
    `Overall peak memory footprint (MB) via periodic monitoring: ${streamed(peakBytes / 2 ** 20)}`,
  ]
}

/** The profile of a model that one delegate runs whole: one line. */
export function profileText(samplesMs: readonly number[], output: string): readonly string[] {
  const mean = meanOf(samplesMs).toFixed(3)
  const columns = ['[node type]', '[start]', '[first]', '[avg ms]', '[%]', '[cdf%]', '[mem KB]', '[times called]', '[Name]']
  return [
    'Operator-wise Profiling Info for Regular Benchmark Runs:',
    '============================== Run Order ==============================',
    `\t${columns.join('\t')}`,
    `\t${['TfLiteXNNPackDelegate', '0.000', mean, mean, '100.000%', '100.000%', '0.000', '1', `[${output}]:0`].join('\t')}`,
    '',
    '============================== Top by Computation Time ==============================',
  ]
}
