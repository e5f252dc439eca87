import { toErrorRecord } from '@mnas/core/errors'
import { fitPicture } from '@mnas/images/fitting'
import type { Resampler } from '@mnas/images/resampling'
import { fetchFile } from '../../zoo/fetch-file.js'
import type { ModelSource, OpenedModel, Picture, PictureAnswer, Question, Reply, SourceFile } from '../protocol.js'
import { decodePicture } from './decode-picture.js'
import { openResampler } from './open-resampler.js'
import { type BundleFacts, readBundle } from './read-bundle.js'
import { readPixels } from './read-pixels.js'
import type { OpenRunner, Runner } from './runner.js'

interface Model {
  readonly bundle: BundleFacts
  readonly resampler: Resampler
  readonly runner: Runner
}

/** Answers the questions of a page, in the order in which they come. The whole of a worker. */
export function serveModel(openRunner: OpenRunner): void {
  let model: Model | undefined
  let last = Promise.resolve()
  addEventListener('message', ({ data }: MessageEvent<Question>) => {
    last = last.then(() => reply(data))
  })

  async function reply(question: Question): Promise<void> {
    const id = question.kind === 'ask' ? question.id : null
    try {
      if (question.kind === 'open') {
        const { opened, ...rest } = await open(question.model, openRunner)
        model = rest
        send({ kind: 'opened', opened })
      } else if (model) {
        const answer = await answerFor(model, question.picture)
        send({ kind: 'answered', id: question.id, answer }, [answer.pixels.buffer])
      }
    } catch (error) {
      send({ kind: 'failed', id, error: toErrorRecord(error) })
    }
  }
}

const send = (reply: Reply, transfer: readonly Transferable[] = []): void => postMessage(reply, { transfer: [...transfer] })

async function open(source: ModelSource, openRunner: OpenRunner): Promise<Model & { readonly opened: OpenedModel }> {
  const start = performance.now()
  const fetching = Promise.all([source.bundle, ...source.files].map(fetchFile))
  const [[first, ...others], resampler] = await Promise.all([fetching, openResampler()])
  const bundle = readBundle(first!.bytes)
  const files = new Map(others.map(({ bytes }, index) => [nameOf(source.files[index]!), bytes]))
  const runner = await openRunner({ files, side: bundle.side, preprocessing: bundle.preprocessing })
  const checked = [first!, ...others].every((file) => file.checked)
  const opened = { backend: runner.backend, openMs: performance.now() - start, checked }
  return { bundle, resampler, runner, opened }
}

const nameOf = ({ path }: SourceFile) => path.slice(path.lastIndexOf('/') + 1)

async function answerFor({ bundle, resampler, runner }: Model, picture: Picture): Promise<PictureAnswer> {
  const { side, labels, preprocessing } = bundle
  const start = performance.now()
  const bitmap = await decodePicture(picture)
  const pixels = new Uint8Array(3 * side * side)
  const photo = readPixels(bitmap, side, preprocessing.fit)
  bitmap.close()
  fitPicture(resampler, photo, side, preprocessing.fit, pixels)
  const input = new Float32Array(pixels.length)
  resampler.normalize(pixels, runner.normalization, input, 0)
  const prepared = performance.now()
  const probabilities = await runner.run(input)
  return { labels, probabilities, pixels, side, pictureMs: prepared - start, modelMs: performance.now() - prepared }
}
