import koffi from 'koffi'
import { quotedName } from '../../flatbuffer/quoted-name.js'
import { type LoadedModel, ModelRefused } from '../loaded-model.js'
import type { ModelBytes } from '../read-model-file.js'
import type { TensorBytes } from '../tensor-bytes.js'
import { compileModel, type LiteRtEnvironment } from './litert-environment.js'
import { check, type LiteRtFunctions, type Pointer, take } from './litert-library.js'

/** LiteRtTensorBufferLockMode. */
const lockMode = { read: 0, write: 1 } as const
/** Files are written with one signature; of several the first is run. */
const signatureIndex = 0
/** LiteRtRankedTensorType: element type, then a layout of rank, 8 dimensions, 8 strides; all 32 bits. It is only handed on. */
const rankedTensorTypeBytes = 72

/** What native code points into: out of the garbage collector's reach. */
const kept = new Set<Uint8Array>()

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
 * Loads a model for its first signature on the CPU. What a refused model took is not freed: its process ends.
 * @param model LiteRT reads weights from its bytes in place, so they must outlive it
 * @throws ModelRefused
 */
export function loadLiteRtModel(around: LiteRtEnvironment, { bytes }: ModelBytes, threads: number): LoadedModel {
  const { litert, environment } = around
  kept.add(bytes)
  const model = take(litert.createModel, 'read the model', environment, bytes, bytes.length)
  const compiled = compileModel(around, model, threads)
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
    close() {
      for (const { buffer } of [...inputs, ...outputs]) litert.destroyBuffer(buffer)
      for (const array of [inputBuffers, outputBuffers]) koffi.free(array)
      litert.destroyCompiled(compiled)
      litert.destroyModel(model)
      kept.delete(bytes)
    },
  }
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
