/**
 * A line whose last output is its status behind a mark. A connection that breaks takes the mark with it, while the program that held the
 * connection may say that all went well.
 */
export function sealed(line: string, mark: string): string {
  return `{ ${line}\n} </dev/null; printf '\\n${mark} %d\\n' $?`
}

/**
 * The same for one program that must not outlive this call: when standard input ends, because we closed it, were killed or lost the
 * connection, the program is killed.
 * @param words program and arguments; it takes the place of its shell, so that the id that is killed is its own
 */
export function guarded(words: string, mark: string): string {
  return [
    'exec 3<&0',
    `{ exec 3<&-; exec ${words}; } </dev/null & p=$!`,
    // The guard lets go of the output: whoever reads it must not wait for the guard.
    '{ read -r line <&3; kill -9 $p; } >/dev/null 2>&1 & g=$!',
    'exec 3<&-',
    'wait $p; s=$?',
    'kill $g 2>/dev/null; wait $g 2>/dev/null',
    `printf '\\n${mark} %d\\n' $s`,
  ].join('\n')
}

export interface Unsealed {
  readonly stdout: string
  readonly exitCode: number
}

/** What was said before the seal, and the status; null when there is none. */
export function unseal(stdout: string, mark: string): Unsealed | null {
  const text = stdout.replaceAll('\r\n', '\n')
  const at = text.lastIndexOf(`\n${mark} `)
  const status = at === -1 ? null : /^(\d+)\n$/.exec(text.slice(at + mark.length + 2))
  return status ? { stdout: text.slice(0, at), exitCode: Number(status[1]) } : null
}
