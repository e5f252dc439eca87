/** How a program of somebody else's runs a file. */
export interface ClientExample {
  /** Of the program. */
  readonly title: string
  /** What has to be known beside the code: Markdown. */
  readonly text: string
  /** Of the code, as Markdown's fences have it: `kotlin`. */
  readonly language: string
  /** Whole enough to be pasted: imports, the names of the file and of its tensors. */
  readonly code: string
}
