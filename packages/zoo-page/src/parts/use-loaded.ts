import { type MnasErrorRecord, toErrorRecord } from '@mnas/core/errors'
import { useEffect, useState } from 'preact/hooks'

export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: MnasErrorRecord }

/** What a promise gives, begun anew when `keys` change. */
export function useLoaded<T>(load: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<Loaded<T>>({ kind: 'loading' })
  useEffect(() => {
    let left = false
    const set = (next: Loaded<T>) => !left && setState(next)
    set({ kind: 'loading' })
    load().then(
      (value) => set({ kind: 'loaded', value }),
      (error: unknown) => set({ kind: 'failed', error: toErrorRecord(error) }),
    )
    return () => {
      left = true
    }
  }, keys)
  return state
}
