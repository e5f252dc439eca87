import { check, checkJson } from '../check.js'
import { answersOf, inputSize, type TaskBench } from './task-bench.js'

export async function checkAnswers({ task, materials, dataset, options, model, weights, targets }: TaskBench): Promise<void> {
  const { inputs, frame } = await task.readInput(materials.file, inputSize)
  const { graph } = task.deployed(model, options)
  const output = task.describeOutput(answersOf(graph, inputs, weights), { labels: dataset.labels, frame, targets })
  checkJson(output, 'an answer')
  const line = task.formatOutput(output, 3)
  check(line.length > 0 && !line.includes('\n'), 'an answer for people', 'one line', line)
  const drawing = await task.draw?.(materials.file, output)
  if (drawing !== undefined) check(/^<svg\b/.test(drawing), 'an answer drawn', 'an SVG', drawing.slice(0, 40))
}
