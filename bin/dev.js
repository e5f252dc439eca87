#!/usr/bin/env node
import { runCli } from '@mnas/core/cli'
// As run.js, with stacks and oclif's own warnings.
import { settings } from '@oclif/core'

process.env.DEBUG ??= 'mnas'
settings.debug = true
await runCli(import.meta.url)
