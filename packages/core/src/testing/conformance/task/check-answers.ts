import type { Picture } from '../../../contracts/index.js'
import { check, checkEqual, checkJson } from '../check.js'
import { answersOf, inputSize, type TaskBench } from './task-bench.js'

export async function checkAnswers({ task, materials, dataset, options, model, weights, targets }: TaskBench): Promise<void> {
  const { inputs, frame } = await task.readInput(materials.file, inputSize)
  const { graph } = task.deployed(model, options)
  const about = { labels: dataset.labels, frame, targets }
  const outputs = answersOf(graph, inputs, weights)
  const output = task.describeOutput(outputs, about)
  const told = task.answerOptions?.parse({})
  if (told) checkEqual(task.describeOutput(outputs, { ...about, options: told }), output, 'an answer under the defaults')
  checkJson(output, 'an answer')
  const line = task.formatOutput(output, 3)
  check(line.length > 0 && !line.includes('\n'), 'an answer for people', 'one line', line)
  const drawing = await task.draw?.(materials.file, output)
  if (drawing !== undefined) checkPicture(drawing)
}

/** How files of each type begin. */
const beginnings: Readonly<Record<Picture['type'], string>> = { png: '\x89PNG\r\n\x1a\n', svg: '<svg ' }

function checkPicture({ type, bytes }: Picture): void {
  const beginning = Buffer.from(bytes.subarray(0, 40)).toString('latin1')
  check(beginning.startsWith(beginnings[type]), 'an answer drawn', type, JSON.stringify(beginning))
}
