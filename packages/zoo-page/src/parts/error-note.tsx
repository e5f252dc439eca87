import type { MnasErrorRecord } from '@mnas/core/errors'

/** An error as `mnas` prints it: its code, and one sentence that says what to do. */
export function ErrorNote({ error }: { readonly error: Pick<MnasErrorRecord, 'code' | 'message'> }) {
  return (
    <p class="error" role="alert">
      <strong>{error.code}</strong>: {error.message}
    </p>
  )
}
