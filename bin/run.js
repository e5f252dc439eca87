#!/usr/bin/env node
import { readFileSync } from 'node:fs'

const argv = process.argv.slice(2)
if (argv.length === 1 && argv[0] === '--version') {
  // Answered before oclif loads.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  console.log(`mnas/${version} ${process.platform}-${process.arch} node-${process.version}`)
} else {
  const { runCli } = await import('@mnas/core/cli')
  await runCli(import.meta.url, argv)
}
