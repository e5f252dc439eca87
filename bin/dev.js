#!/usr/bin/env node
// As run.js, with stacks that point at the sources, and oclif's own warnings.
process.setSourceMapsEnabled(true)
process.env.DEBUG ??= 'mnas'
const { settings } = await import('@oclif/core')
const { runCli } = await import('@mnas/core/cli')
settings.debug = true
await runCli(import.meta.url)
