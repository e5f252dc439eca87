import { settings } from '@oclif/core'

/** Without this oclif tries to load .ts sources through the workspace links. */
settings.enableAutoTranspile = false

/** Stacks of the built packages point at their sources. */
process.setSourceMapsEnabled(true)
