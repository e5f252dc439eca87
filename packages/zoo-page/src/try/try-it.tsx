import type { MnasError } from '@mnas/core/errors'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { ErrorNote } from '../parts/error-note.js'
import { Bytes } from '../parts/quantity.js'
import { AnswerView } from './answer-view.js'
import { Camera } from './camera.js'
import { type ModelSession, openSession } from './model-session.js'
import type { OpenedModel, Picture, PictureAnswer } from './protocol.js'
import type { Route } from './routes.js'

/** What LiteRT.js weighs, gzipped. */
const liteRtBytes = 2.9e6

type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'busy'; readonly what: string }
  | { readonly kind: 'answered'; readonly opened: OpenedModel; readonly answer: PictureAnswer; readonly picture: Picture }
  | { readonly kind: 'failed'; readonly error: MnasError }

/** A model answers for a photo of whoever reads the page, on his own computer. Nothing is fetched before the first photo. */
export function TryIt({ routes }: { readonly routes: readonly Route[] }) {
  const [route, setRoute] = useState(() => routes.find(({ runtime }) => runtime === 'tfjs') ?? routes[0])
  const [state, setState] = useState<State>({ kind: 'waiting' })
  const [last, setLast] = useState<Picture | null>(null)
  const session = useSession(route)
  const title = useId()
  const asked = useRef(0)

  async function ask(picture: Picture, chosen = session) {
    const mine = ++asked.current
    setLast(picture.kind === 'file' ? picture : null)
    setState({ kind: 'busy', what: 'The model is fetched and answers …' })
    try {
      const { opened, ask: answerFor } = chosen()
      const [answer, about] = await Promise.all([answerFor(picture), opened])
      if (mine === asked.current) setState({ kind: 'answered', opened: about, answer, picture })
    } catch (error) {
      if (mine === asked.current) setState({ kind: 'failed', error: error as MnasError })
    }
  }
  usePasted((blob) => void ask(fileOf(blob)))

  if (!route) return <NoRoute title={title} />
  return (
    <section class="try" aria-labelledby={title}>
      <h2 id={title}>Try it on a photo of yours</h2>
      <p class="quiet">The photo stays on this device: the model comes here, and nothing is uploaded.</p>
      <RoutePicker
        routes={routes}
        route={route}
        choose={(next) => {
          setRoute(next)
          asked.current++
          setState({ kind: 'waiting' })
        }}
      />
      <Drop take={(blob) => void ask(fileOf(blob))} />
      <Camera take={(bitmap) => void ask({ kind: 'frame', bitmap })} />
      {state.kind === 'waiting' && last && (
        <button type="button" onClick={() => void ask(last)}>
          Ask about the same photo
        </button>
      )}
      <div role="status" class="try-answer" data-state={state.kind}>
        {state.kind === 'busy' && <p>{state.what}</p>}
        {state.kind === 'answered' && <AnswerView {...state} />}
        {state.kind === 'failed' && <ErrorNote error={state.error} />}
      </div>
    </section>
  )
}

const fileOf = (blob: Blob): Picture => ({ kind: 'file', name: blob instanceof File ? blob.name : 'the pasted picture', blob })

function NoRoute({ title }: { readonly title: string }) {
  return (
    <section class="try" aria-labelledby={title}>
      <h2 id={title}>Try it</h2>
      <p>
        No file of this release runs in a browser: the page runs graph models of TensorFlow.js (
        <code>mnas export --format tfjs</code>) and .tflite files.
      </p>
    </section>
  )
}

/** The session of a route, opened when it is first asked for, closed with the page or another route. */
function useSession(route: Route | undefined): () => ModelSession {
  const open = useRef<ModelSession | null>(null)
  useEffect(
    () => () => {
      open.current?.close()
      open.current = null
    },
    [route],
  )
  return () => {
    open.current ??= openSession(route!)
    // One that did not open is begun anew.
    const session = open.current
    session.opened.catch(() => {
      if (open.current === session) open.current = null
    })
    return session
  }
}

function usePasted(take: (blob: Blob) => void) {
  const current = useRef(take)
  current.current = take
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => {
      const file = [...(clipboardData?.files ?? [])][0]
      if (file) current.current(file)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [])
}

interface RoutePickerProps {
  readonly routes: readonly Route[]
  readonly route: Route
  choose(route: Route): void
}

function RoutePicker({ routes, route, choose }: RoutePickerProps) {
  const name = useId()
  return (
    <fieldset class="routes">
      <legend>Which file answers</legend>
      {routes.map((one) => (
        <label key={one.id}>
          <input type="radio" name={name} checked={one === route} onChange={() => choose(one)} /> {one.label}{' '}
          <span class="quiet">
            <Bytes value={one.sizeBytes} />
            {one.runtime === 'litert' && (
              <>
                , and <Bytes value={liteRtBytes} /> for LiteRT.js
              </>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Drop({ take }: { take(blob: Blob): void }) {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer?.files[0]
    if (file) take(file)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for pointers; the file field inside is the same for a keyboard
    <div
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label>
        <span>Choose a photo</span>
        <input
          type="file"
          accept="image/*"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0]
            currentTarget.value = ''
            if (file) take(file)
          }}
        />
      </label>
      <p class="quiet">or drop one here, or paste one</p>
    </div>
  )
}
