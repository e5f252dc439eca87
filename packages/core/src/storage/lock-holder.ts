import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Says beside a lock file that this process holds it alone, for those who wait. It stays when the lock is let go: it counts only while somebody
 * holds the lock.
 */
export function signLock(path: string): void {
  try {
    writeFileSync(holderFile(path), `${process.pid}\n`)
  } catch {
    // The lock holds without it.
  }
}

/**
 * What tells of the holder of a lock, once of each: whoever waits again and again need not hear it each time. Of this process and the one
 * that started it nothing is told: they say themselves what they do.
 * @param tell given `process 1234`
 */
export function tellHolder(path: string, tell: (holder: string) => void): () => void {
  const told = new Set<string>()
  const ours = [process.pid, process.ppid].map(String)
  return () => {
    const pid = holderOf(path)
    if (told.has(pid) || ours.includes(pid)) return
    told.add(pid)
    tell(pid === '' ? 'another process' : `process ${pid}`)
  }
}

/** Its process id; empty: it has not said yet, or cannot. */
function holderOf(path: string): string {
  try {
    return /^\d+(?=\n$)/.exec(readFileSync(holderFile(path), 'utf8'))?.[0] ?? ''
  } catch {
    return ''
  }
}

const holderFile = (path: string) => `${path}.holder`
