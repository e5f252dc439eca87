/** What a contender that is our engine says of its steps; torch_timing.py says the same of PyTorch's. */
import { readFileSync } from 'node:fs'

const warmUps = 3

/** Steps on one batch: the time of each and the processor's per step after three to warm up, the losses of all. */
export async function timedSteps(session, inputs, scalars, steps) {
  const stepMs = []
  const losses = []
  let processorStart
  for (let i = 0; i < warmUps + steps; i++) {
    if (i === warmUps) processorStart = process.cpuUsage()
    const start = performance.now()
    const { loss } = await session.step(inputs, scalars)
    if (i >= warmUps) stepMs.push(performance.now() - start)
    losses.push(loss)
  }
  const { user, system } = process.cpuUsage(processorStart)
  return { stepMs, processorMs: (user + system) / 1000 / steps, losses }
}

/** The largest resident set so far. */
export function peakMegabytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
}
