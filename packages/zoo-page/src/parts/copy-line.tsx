import { useEffect, useState } from 'preact/hooks'

/** A command to be copied. */
export function CopyLine({ label, text }: { readonly label?: string; readonly text: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 2000)
    return () => clearTimeout(timer)
  }, [state])
  const copy = () => {
    // Not there on a page of plain http.
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))
    written.then(
      () => setState('copied'),
      () => setState('refused'),
    )
  }
  return (
    <div class="copy">
      {label && <span class="quiet">{label}</span>}
      <code>{text}</code>
      <button type="button" onClick={copy} aria-label={`Copy: ${text}`}>
        {labels[state]}
      </button>
      <span class="unseen" role="status">
        {state === 'idle' ? '' : labels[state]}
      </span>
    </div>
  )
}

const labels = { idle: 'Copy', copied: 'Copied', refused: 'Mark it by hand' } as const
