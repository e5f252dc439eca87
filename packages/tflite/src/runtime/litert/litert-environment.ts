import koffi from 'koffi'
import { check, type LiteRtFunctions, type Pointer, take } from './litert-library.js'

/** LiteRT as all models of a process share it. */
export interface LiteRtEnvironment {
  readonly litert: LiteRtFunctions
  readonly environment: Pointer
  /** For what LiteRT wants to free itself and is not to: it stays ours. */
  readonly noDestructor: Pointer
}

/** LiteRtHwAcceleratorCpu. */
const cpuAccelerator = 1

/** Once in a process. @throws ModelRefused */
export function createLiteRtEnvironment(litert: LiteRtFunctions): LiteRtEnvironment {
  const destructor = koffi.pointer(koffi.proto('void PayloadDestructor(void *payload)'))
  return { litert, environment: createEnvironment(litert), noDestructor: koffi.register(() => undefined, destructor) }
}

/** Environment options (litert_environment_options.h): {int32 tag, int32 value type, int64 value}, 24 bytes each. */
function createEnvironment(litert: LiteRtFunctions): Pointer {
  const [integer, errorsOnly, cpuOnly] = [2, 3n, 1n]
  const options = [
    { tag: 25, value: errorsOnly },
    { tag: 24, value: cpuOnly },
  ]
  const bytes = Buffer.alloc(24 * options.length)
  for (const [position, { tag, value }] of options.entries()) {
    bytes.writeInt32LE(tag, position * 24)
    bytes.writeInt32LE(integer, position * 24 + 8)
    bytes.writeBigInt64LE(value, position * 24 + 16)
  }
  return take(litert.createEnvironment, 'start', options.length, bytes)
}

/** Prepares a model for so many threads of the CPU. @throws ModelRefused */
export function compileModel({ litert, environment, noDestructor }: LiteRtEnvironment, model: Pointer, threads: number): Pointer {
  const options = take(litert.createOptions, 'make options')
  const text = cString(`num_threads = ${threads}\n`)
  check(litert.setAccelerators(options, cpuAccelerator), 'choose the CPU')
  const opaque = take(litert.createOpaqueOptions, 'set the threads', 'xnnpack', text, noDestructor)
  check(litert.addOpaqueOptions(options, opaque), 'set the threads')
  const compiled = take(litert.compile, 'prepare the model', environment, model, options)
  litert.destroyOptions(options)
  koffi.free(text)
  return compiled
}

function cString(text: string): Pointer {
  const bytes = Buffer.from(`${text}\0`)
  const memory = koffi.alloc('uint8_t', bytes.length)
  koffi.encode(memory, koffi.array('uint8_t', bytes.length), bytes)
  return memory
}
