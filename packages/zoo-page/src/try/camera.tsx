import { useEffect, useRef, useState } from 'preact/hooks'

/** A picture from the camera: asked for by a click, and switched off as soon as the picture is taken. */
export function Camera({ take }: { take(bitmap: ImageBitmap): void }) {
  const [stream, setStream] = useState<MediaStream | null>(null)
  const [refused, setRefused] = useState(false)
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current) video.current.srcObject = stream
    return () => {
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [stream])
  // Browsers give it to pages of https and of this computer alone.
  if (!navigator.mediaDevices) return null

  async function start() {
    try {
      setStream(await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }))
      setRefused(false)
    } catch {
      setRefused(true)
    }
  }

  async function shoot() {
    if (!video.current) return
    take(await createImageBitmap(video.current))
    setStream(null)
  }

  return (
    <div class="camera">
      {stream ? (
        <>
          <video ref={video} autoplay playsInline muted aria-label="What the camera sees" />
          <button type="button" onClick={() => void shoot()}>
            Take the picture
          </button>
          <button type="button" onClick={() => setStream(null)}>
            Switch the camera off
          </button>
        </>
      ) : (
        <button type="button" onClick={() => void start()}>
          Use the camera
        </button>
      )}
      {refused && <p role="alert">The browser gave no camera: none is there, or it was refused.</p>}
    </div>
  )
}
