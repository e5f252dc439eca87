#!/usr/bin/env node
import { execute, settings } from '@oclif/core'

settings.enableAutoTranspile = false
await execute({ development: true, dir: import.meta.url })
