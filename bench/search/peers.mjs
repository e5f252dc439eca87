import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('./peers/serve.py', import.meta.url))
/** So many proposals in a row that are known already end a search. */
const patience = 500

/**
 * Strategies in Python as factories of ours. One process serves one search after the other, a JSON value a line each way:
 *
 *   {"start": {method, seed, trials, constrained, decisions: [{name, choices: how many, ordered}]}}
 *   {"ask": 1}              answered by {"genome": [index, …], "cpuSeconds": of the process so far}
 *   {"tell": {genome, reward, overrun}}      reward null: too slow by `overrun` of the target, not observed
 *
 * A network that is known already is told again and not counted, as the product does it for its own.
 * @param python interpreter with the packages of requirements.txt
 */
export function openPeers(python) {
  let server = null
  const started = () => {
    server ??= serve(python)
    return server
  }
  return {
    factoryOf: (method) => ({ name: method, create: (context) => createPeer(started(), method, context) }),
    close: () => server?.close(),
  }
}

function createPeer(server, method, { space, goal, history, seed, trials, targetMs, facts }) {
  const constrained = goal.objective.name === 'hard'
  const decisions = space.decisions.map(({ name, choices }) => ({
    name,
    choices: choices.length,
    ordered: choices.every((choice) => typeof choice === 'number'),
  }))
  server.send({ start: { method, seed, trials, constrained, decisions } })
  let nextId = 0
  let asked = null
  const cpu = { from: null, to: 0 }
  const tell = (outcome) => {
    const { latencyMs } = facts(outcome.genome).latency
    const reward = outcome.status === 'completed' ? outcome.reward : null
    server.send({ tell: { genome: asked, reward, overrun: latencyMs / targetMs - 1 } })
  }
  return {
    async ask() {
      for (let known = 0; known < patience; known++) {
        const { genome, cpuSeconds } = await server.answer({ ask: 1 })
        asked = genome
        cpu.from ??= cpuSeconds
        cpu.to = cpuSeconds
        const canonical = space.canonical(genome)
        const outcome = history.outcomeOf(canonical)
        if (!outcome) return [{ id: nextId++, genome: canonical }]
        tell(outcome)
      }
      return []
    },
    async tell([outcome]) {
      tell(outcome)
    },
    /** Of the peer, from its first answer to its last. */
    cpuSeconds: () => cpu.to - cpu.from,
  }
}

function serve(python) {
  const child = spawn(python, ['-u', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const died = once(child, 'exit').then(([code]) => ({ done: true, code }))
  // Whoever waits for an answer is told that there is none.
  child.stdin.on('error', () => {})
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`)
  return {
    send,
    async answer(message) {
      send(message)
      const line = await Promise.race([lines.next(), died])
      if (line.done) throw new Error(`Expected an answer of ${script}, received none: it ended with status ${line.code ?? 0}`)
      return JSON.parse(line.value)
    },
    close: () => child.stdin.end(),
  }
}
