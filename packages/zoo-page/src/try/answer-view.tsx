import { useEffect, useRef, useState } from 'preact/hooks'
import type { OpenedModel, Picture, PictureAnswer } from './protocol.js'

/** Rows before «all». */
const few = 5

interface AnswerProps {
  readonly opened: OpenedModel
  readonly answer: PictureAnswer
  readonly picture: Picture
}

/** What the model says, what it saw, and what it took. */
export function AnswerView({ opened, answer, picture }: AnswerProps) {
  const [all, setAll] = useState(false)
  const { labels, probabilities, pictureMs, modelMs } = answer
  const ranked = labels
    .map((label, index) => ({ label, probability: probabilities[index]! }))
    .sort((a, b) => b.probability - a.probability)
  const shown = all ? ranked : ranked.slice(0, few)
  const name = picture.kind === 'file' ? picture.name : 'the picture of the camera'
  return (
    <>
      <div class="pictures">
        <Photo picture={picture} />
        <Seen answer={answer} />
      </div>
      <table class="answers">
        <caption>
          The model says of {name}: <strong>{ranked[0]?.label}</strong>
        </caption>
        <thead class="unseen">
          <tr>
            <th scope="col">label</th>
            <th scope="col">probability</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ label, probability }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>
                <data value={String(probability)}>{(100 * probability).toFixed(1)} %</data>
                <meter min={0} max={1} value={probability} aria-hidden="true" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {ranked.length > few && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `The first ${few}` : `All ${ranked.length} labels`}
        </button>
      )}
      <p class="quiet took">
        {opened.backend}: {milliseconds(modelMs)}, after {milliseconds(pictureMs)} for reading and scaling the picture; model
        ready after {milliseconds(opened.openMs)}. Nothing was uploaded.
        {!opened.checked && ' The hashes of the files could not be compared: this page did not come over https.'}
      </p>
    </>
  )
}

const milliseconds = (ms: number) =>
  ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`

function Photo({ picture }: { readonly picture: Picture }) {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (picture.kind === 'frame') return setUrl(null)
    const made = URL.createObjectURL(picture.blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [picture])
  if (url === null) return null
  return (
    <figure>
      <img src={url} alt="Yours" />
      <figcaption>your photo</figcaption>
    </figure>
  )
}

function Seen({ answer: { pixels, side } }: { readonly answer: PictureAnswer }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const image = new ImageData(side, side)
    image.data.fill(255)
    for (let pixel = 0; pixel < side * side; pixel++)
      for (let channel = 0; channel < 3; channel++) image.data[4 * pixel + channel] = pixels[3 * pixel + channel]!
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0)
  }, [pixels, side])
  return (
    <figure>
      <canvas ref={canvas} width={side} height={side} role="img" aria-label={`What the model saw, ${side} by ${side} pixels`} />
      <figcaption>
        what the model saw, {side} × {side}
      </figcaption>
    </figure>
  )
}
