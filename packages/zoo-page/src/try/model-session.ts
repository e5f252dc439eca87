import { fromErrorRecord, type MnasError } from '@mnas/core/errors'
import { pageErrors } from '@mnas/plugin-zoo'
import type { OpenedModel, Picture, PictureAnswer, Question, Reply } from './protocol.js'
import type { Route } from './routes.js'

/** A model in a worker of its own. */
export interface ModelSession {
  readonly opened: Promise<OpenedModel>
  ask(picture: Picture): Promise<PictureAnswer>
  close(): void
}

interface Waiting<T> {
  resolve(value: T): void
  reject(error: MnasError): void
}

/** Fetches and starts nothing but what the route needs. Rejections are errors of the catalogues. */
export function openSession({ runtime, source }: Route): ModelSession {
  const worker = startWorker(runtime)
  const opening = Promise.withResolvers<OpenedModel>()
  const waiting = new Map<number, Waiting<PictureAnswer>>()
  opening.promise.catch(() => undefined)
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => receive(data))
  worker.addEventListener('error', () => {
    const error = pageErrors.MNAS_PAGE_FETCH({ url: 'the worker of this page', reason: 'it does not start' })
    opening.reject(error)
    for (const { reject } of waiting.values()) reject(error)
  })
  tell({ kind: 'open', model: source })
  let asked = 0
  return {
    opened: opening.promise,
    async ask(picture) {
      await opening.promise
      const id = asked++
      const { promise, ...settle } = Promise.withResolvers<PictureAnswer>()
      waiting.set(id, settle)
      tell({ kind: 'ask', id, picture }, picture.kind === 'frame' ? [picture.bitmap] : [])
      return promise
    },
    close: () => worker.terminate(),
  }

  function tell(question: Question, transfer: readonly Transferable[] = []) {
    worker.postMessage(question, [...transfer])
  }

  function receive(reply: Reply) {
    switch (reply.kind) {
      case 'opened':
        return opening.resolve(reply.opened)
      case 'answered':
        return settle(reply.id)?.resolve(reply.answer)
      case 'failed': {
        const error = fromErrorRecord(reply.error)
        return reply.id === null ? opening.reject(error) : settle(reply.id)?.reject(error)
      }
      default:
        return reply satisfies never
    }
  }

  function settle(id: number) {
    const one = waiting.get(id)
    waiting.delete(id)
    return one
  }
}

function startWorker(runtime: Route['runtime']): Worker {
  switch (runtime) {
    case 'tfjs':
      return new Worker(new URL('./worker/tfjs-worker.ts', import.meta.url))
    case 'litert':
      return new Worker(new URL('./worker/litert-worker.ts', import.meta.url))
    default:
      return runtime satisfies never
  }
}
