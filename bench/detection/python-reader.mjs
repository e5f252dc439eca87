/** The LiteRT package of PyPI as a runtime: `reader.py` in a process of its own for each file. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('reader.py', import.meta.url))
const elements = (shape) => shape.reduce((product, side) => product * side, 1)

/** @returns a file and its inputs → the outputs of each, in float32 */
export function pythonRuntime(python) {
  return async function* (file, inputs) {
    const names = file.outputs.map(({ name }) => name)
    const child = spawn(python, [script, file.path, names.join(',')], { stdio: ['pipe', 'pipe', 'ignore'] })
    const answers = chunksOf(child.stdout, 4 * file.outputs.reduce((sum, { shape }) => sum + elements(shape), 0))
    try {
      for await (const { [file.inputs[0].name]: picture } of inputs) {
        const { buffer, byteOffset, byteLength } = picture.data
        child.stdin.write(Buffer.from(buffer, byteOffset, byteLength))
        const { value, done } = await answers.next()
        if (done) throw new Error(`${python} gave no answer: it needs bench/deploy/requirements.txt`)
        yield outputsOf(file, value)
      }
    } finally {
      child.kill()
    }
  }
}

async function* chunksOf(stream, size) {
  let held = Buffer.alloc(0)
  for await (const part of stream) {
    held = Buffer.concat([held, part])
    for (; held.length >= size; held = held.subarray(size)) yield held.subarray(0, size)
  }
}

function outputsOf({ outputs }, bytes) {
  const values = new Float32Array(Uint8Array.from(bytes).buffer)
  let from = 0
  return Object.fromEntries(
    outputs.map(({ name, shape }) => {
      const data = values.slice(from, from + elements(shape))
      from += elements(shape)
      return [name, { dtype: 'float32', shape, data }]
    }),
  )
}
