import { readdir, readFile } from 'node:fs/promises'

/** The processes that were started with a variable, whoever started them, and with what that started (Linux). @param variable `NAME=VALUE` */
export async function processesWith(variable: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = pids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    return environment.split('\0').includes(variable) ? [Number(pid)] : []
  })
  return (await Promise.all(found)).flat()
}
