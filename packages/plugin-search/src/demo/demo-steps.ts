import { type Program, runCommand } from './run-command.js'

/** Runs the demo's commands one after another, each told before as a user would type it. @returns a command's `--json` answer */
export function demoSteps({ program, onCommand }: { readonly program: Program; readonly onCommand: (command: string) => void }) {
  return <Answer extends object>(...words: readonly string[]): Promise<Answer> => {
    onCommand(`mnas ${words.join(' ')}`)
    return runCommand<Answer>(program, words)
  }
}
