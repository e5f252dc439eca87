import type { ErrorDefinition, ExitKind } from '@mnas/core/errors'

export interface ErrorCatalogue {
  /** Relative to the root. */
  readonly source: string
  /** As it is exported. */
  readonly name: string
  readonly definitions: Readonly<Record<string, ErrorDefinition<never>>>
}

export const root: string
export const errorPage: string
export const advisedCodes: readonly string[]
export function catalogueSources(): readonly string[]
export function readCatalogues(): Promise<readonly ErrorCatalogue[]>
export function messageTemplate(definition: ErrorDefinition<never>): string
export function errorReference(exitCodes: Readonly<Record<ExitKind, number>>): Promise<string>
