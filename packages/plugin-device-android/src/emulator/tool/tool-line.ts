/** What the phone tells a process of its tool: text, and in the end a status. */
export type ToolLine = { readonly out: string } | { readonly err: string } | { readonly exit: number }

/** What the process tells the phone. */
export interface ToolRequest {
  readonly dialect: string
  readonly words: readonly string[]
}
