import type { BoardEntry, RungPolicyFactory, RungStep } from '@mnas/core/contracts'

export type RungPolicyDefect =
  | 'blind'
  | 'endless'
  | 'forgetful'
  | 'idle'
  | 'nobodyOnTop'
  | 'promotesAll'
  | 'promotesEnded'
  | 'writesOnBoard'

const last = (entry: BoardEntry): number => entry.estimates.at(-1)?.metrics['top1'] ?? 0

/** Of each three that wait behind a rung the best goes on, and the others stop. */
export function toyRungPolicy(defect?: RungPolicyDefect): RungPolicyFactory {
  return {
    name: 'toy',
    create({ fidelities }) {
      let asked = 0
      return {
        name: 'toy',
        next(board, _goal, mayAsk): RungStep {
          asked++
          if (defect === 'idle' && board.length > 2) return 'wait'
          if (defect === 'endless' && !mayAsk) return 'ask'
          if (defect === 'forgetful' && asked % 5 === 0 && mayAsk) return 'ask'
          if (defect === 'writesOnBoard') Object.assign(board[0] ?? {}, { state: 'running' })
          const ended = board.find(({ state, estimates }) => state === 'ended' && estimates.length === 1)
          if (defect === 'promotesEnded' && ended) return { promote: ended.trial }
          const isOver = !mayAsk && board.every(({ state }) => state !== 'running')
          if (isOver && defect === 'nobodyOnTop') return 'wait'
          for (let rung = fidelities.length - 2; rung >= 0; rung--) {
            const waiting = board.filter(({ state, estimates }) => state === 'paused' && estimates.length === rung + 1)
            if (waiting.length === 0 || (waiting.length < 3 && !isOver)) continue
            const order = defect === 'blind' ? waiting : waiting.toSorted((a, b) => last(b) - last(a))
            const wentOn = board.filter(({ estimates }) => estimates.length > rung + 1).length
            const stopped = board.filter(({ state, estimates }) => state === 'ended' && estimates.length === rung + 1).length
            if (2 * wentOn <= stopped || defect === 'promotesAll') return { promote: order[0]!.trial }
            if (order.length > 1) return { stop: order.at(-1)!.trial }
          }
          return mayAsk ? 'ask' : 'wait'
        },
      }
    },
  }
}
