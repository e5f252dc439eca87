import { readdir, readFile } from 'node:fs/promises'

/** The processes that a process started, by what their command line holds (Linux). */
export async function childrenOf(pid: number, holding: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const children = pids.map(async (name) => {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '')
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    return status.includes(`\nPPid:\t${pid}\n`) && command.includes(holding) ? [Number(name)] : []
  })
  return (await Promise.all(children)).flat()
}
