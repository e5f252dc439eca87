import koffi from 'koffi'
import { quotedName } from '../../flatbuffer/quoted-name.js'
import { type LoadedModel, ModelRefused } from '../loaded-model.js'
import type { ModelBytes } from '../read-model-file.js'
import type { TensorBytes } from '../tensor-bytes.js'
import { check, type LiteRtFunctions, type Pointer, take } from './litert-library.js'

/** LiteRtHwAcceleratorCpu, LiteRtTensorBufferLockMode. */
const cpuAccelerator = 1
const lockMode = { read: 0, write: 1 } as const
/** Files are written with one signature; of several the first is run. */
const signatureIndex = 0
/** LiteRtRankedTensorType: element type, then a layout of rank, 8 dimensions, 8 strides; all 32 bits. It is only handed on. */
const rankedTensorTypeBytes = 72

/** What native code points into: out of the garbage collector's reach for the life of the process. */
const kept: Uint8Array[] = []

interface Port {
  readonly name: string
  readonly buffer: Pointer
  readonly bytes: number
}

interface PortFunctions {
  readonly count: 'inputCount' | 'outputCount'
  readonly name: 'inputName' | 'outputName'
  readonly tensor: 'inputTensor' | 'outputTensor'
  readonly requirements: 'inputRequirements' | 'outputRequirements'
}
const inputFunctions: PortFunctions = {
  count: 'inputCount',
  name: 'inputName',
  tensor: 'inputTensor',
  requirements: 'inputRequirements',
}
const outputFunctions: PortFunctions = {
  count: 'outputCount',
  name: 'outputName',
  tensor: 'outputTensor',
  requirements: 'outputRequirements',
}

/**
 * Loads a model for its first signature on the CPU. Nothing is ever freed: one process holds one model, and its end frees all.
 * @param model LiteRT reads weights from its bytes in place, so they must outlive it
 * @throws ModelRefused
 */
export function loadLiteRtModel(litert: LiteRtFunctions, { bytes }: ModelBytes, threads: number): LoadedModel {
  kept.push(bytes)
  const environment = createEnvironment(litert)
  const model = take(litert.createModel, 'read the model', environment, bytes, bytes.length)
  const compiled = take(litert.compile, 'prepare the model', environment, model, createOptions(litert, threads))
  const signature = take(litert.signature, 'find the signature', model, signatureIndex)
  const port = (functions: PortFunctions) => openPorts(litert, { environment, compiled, signature }, functions)
  const inputs = port(inputFunctions)
  const outputs = port(outputFunctions)
  const inputBuffers = pointerArray(inputs.map(({ buffer }) => buffer))
  const outputBuffers = pointerArray(outputs.map(({ buffer }) => buffer))
  return {
    feed(tensors: TensorBytes) {
      for (const input of inputs) writePort(litert, input, fitting(input, tensors[input.name]))
    },
    invoke() {
      check(litert.run(compiled, signatureIndex, inputs.length, inputBuffers, outputs.length, outputBuffers), 'run the model')
    },
    outputs: () => Object.fromEntries(outputs.map((output) => [output.name, readPort(litert, output)])),
  }
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

function createOptions(litert: LiteRtFunctions, threads: number): Pointer {
  const options = take(litert.createOptions, 'make options')
  check(litert.setAccelerators(options, cpuAccelerator), 'choose the CPU')
  const opaque = take(
    litert.createOpaqueOptions,
    'set the threads',
    'xnnpack',
    cString(`num_threads = ${threads}\n`),
    noDestructor(),
  )
  check(litert.addOpaqueOptions(options, opaque), 'set the threads')
  return options
}

/** LiteRT wants to free the text itself; it stays with us instead, a few bytes for the life of the process. */
function noDestructor(): Pointer {
  return koffi.register(() => undefined, koffi.pointer(koffi.proto('void PayloadDestructor(void *payload)')))
}

function cString(text: string): Pointer {
  const bytes = Buffer.from(`${text}\0`)
  const memory = koffi.alloc('uint8_t', bytes.length)
  koffi.encode(memory, koffi.array('uint8_t', bytes.length), bytes)
  return memory
}

function pointerArray(pointers: readonly Pointer[]): Pointer {
  const memory = koffi.alloc('void *', Math.max(1, pointers.length))
  if (pointers.length > 0) koffi.encode(memory, koffi.array('void *', pointers.length), pointers)
  return memory
}

interface Opened {
  readonly environment: Pointer
  readonly compiled: Pointer
  readonly signature: Pointer
}

function openPorts(litert: LiteRtFunctions, opened: Opened, functions: PortFunctions): readonly Port[] {
  const count = Number(take<number | bigint>(litert[functions.count], 'count tensors', opened.signature))
  return Array.from({ length: count }, (_, index) => openPort(litert, opened, functions, index))
}

function openPort(litert: LiteRtFunctions, opened: Opened, functions: PortFunctions, index: number): Port {
  const { environment, compiled, signature } = opened
  const name = String(koffi.decode(take(litert[functions.name], 'name a tensor', signature, index), 'char', -1))
  const type = Buffer.alloc(rankedTensorTypeBytes)
  check(
    litert.tensorType(take(litert[functions.tensor], `find tensor ${quotedName(name)}`, signature, index), type),
    `describe ${quotedName(name)}`,
  )
  const requirements = take(litert[functions.requirements], `size ${quotedName(name)}`, compiled, signatureIndex, index)
  const buffer = take(litert.createBuffer, `make room for ${quotedName(name)}`, environment, type, requirements)
  const bytes = Number(take<number | bigint>(litert.bufferSize, `size ${quotedName(name)}`, buffer))
  return { name, buffer, bytes }
}

/** A file that its two readers do not read alike is damaged: LiteRT must not run on what it was not told. */
function fitting({ name, bytes }: Port, data: Uint8Array | undefined): Uint8Array {
  if (data?.length === bytes) return data
  const received = data ? `${data.length}` : 'none of this name'
  throw new ModelRefused(`its input ${quotedName(name)} takes ${bytes} bytes for LiteRT, the file says ${received}`)
}

function writePort(litert: LiteRtFunctions, { name, buffer, bytes }: Port, data: Uint8Array): void {
  withMemory(litert, buffer, lockMode.write, name, (address) => new Uint8Array(koffi.view(address, bytes)).set(data))
}

function readPort(litert: LiteRtFunctions, { name, buffer, bytes }: Port): Uint8Array {
  return withMemory(litert, buffer, lockMode.read, name, (address) => new Uint8Array(koffi.view(address, bytes).slice(0)))
}

function withMemory<T>(litert: LiteRtFunctions, buffer: Pointer, mode: number, name: string, use: (address: Pointer) => T): T {
  const out: [Pointer] = [null]
  check(litert.lock(buffer, out, mode), `reach ${quotedName(name)}`)
  try {
    return use(out[0])
  } finally {
    check(litert.unlock(buffer), `release ${quotedName(name)}`)
  }
}
