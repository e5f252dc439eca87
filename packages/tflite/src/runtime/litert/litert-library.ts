import koffi from 'koffi'
import { ModelRefused } from '../loaded-model.js'

/** A function of the library: loosely typed, as its declaration is text. */
export type NativeFunction = ReturnType<ReturnType<typeof koffi.load>['func']>

/** Pointers as koffi hands them out: opaque. */
export type Pointer = unknown

/**
 * The part of LiteRT's C API (litert/c/*.h, version 2.3.0) that is called here. A function that returns an int returns a status, 0 = well.
 * Signatures may change between versions: the version is pinned by the set-up.
 */
const declarations = {
  createEnvironment: 'int LiteRtCreateEnvironment(int count, const void *options, _Out_ void **environment)',
  createModel: 'int LiteRtCreateModelFromBuffer(void *environment, const void *bytes, size_t size, _Out_ void **model)',
  createOptions: 'int LiteRtCreateOptions(_Out_ void **options)',
  setAccelerators: 'int LiteRtSetOptionsHardwareAccelerators(void *options, int accelerators)',
  createOpaqueOptions:
    'int LiteRtCreateOpaqueOptions(const char *identifier, void *payload, void *destructor, _Out_ void **opaque)',
  addOpaqueOptions: 'int LiteRtAddOpaqueOptions(void *options, void *opaque)',
  compile: 'int LiteRtCreateCompiledModel(void *environment, void *model, void *options, _Out_ void **compiled)',
  signature: 'int LiteRtGetModelSignature(void *model, size_t index, _Out_ void **signature)',
  inputCount: 'int LiteRtGetNumSignatureInputs(void *signature, _Out_ size_t *count)',
  outputCount: 'int LiteRtGetNumSignatureOutputs(void *signature, _Out_ size_t *count)',
  inputName: 'int LiteRtGetSignatureInputName(void *signature, size_t index, _Out_ void **name)',
  outputName: 'int LiteRtGetSignatureOutputName(void *signature, size_t index, _Out_ void **name)',
  inputTensor: 'int LiteRtGetSignatureInputTensorByIndex(void *signature, size_t index, _Out_ void **tensor)',
  outputTensor: 'int LiteRtGetSignatureOutputTensorByIndex(void *signature, size_t index, _Out_ void **tensor)',
  tensorType: 'int LiteRtGetRankedTensorType(void *tensor, void *type)',
  inputRequirements:
    'int LiteRtGetCompiledModelInputBufferRequirements(void *compiled, size_t signature, size_t index, _Out_ void **requirements)',
  outputRequirements:
    'int LiteRtGetCompiledModelOutputBufferRequirements(void *compiled, size_t signature, size_t index, _Out_ void **requirements)',
  createBuffer:
    'int LiteRtCreateManagedTensorBufferFromRequirements(void *environment, const void *type, void *requirements, _Out_ void **buffer)',
  bufferSize: 'int LiteRtGetTensorBufferPackedSize(void *buffer, _Out_ size_t *bytes)',
  lock: 'int LiteRtLockTensorBuffer(void *buffer, _Out_ void **address, int mode)',
  unlock: 'int LiteRtUnlockTensorBuffer(void *buffer)',
  run: 'int LiteRtRunCompiledModel(void *compiled, size_t signature, size_t inputs, void *inputBuffers, size_t outputs, void *outputBuffers)',
  destroyBuffer: 'void LiteRtDestroyTensorBuffer(void *buffer)',
  destroyCompiled: 'void LiteRtDestroyCompiledModel(void *compiled)',
  destroyOptions: 'void LiteRtDestroyOptions(void *options)',
  destroyModel: 'void LiteRtDestroyModel(void *model)',
} as const

export type LiteRtFunctions = { readonly [K in keyof typeof declarations]: NativeFunction }

/** Loads the library and finds every function. Throws what the loader says. */
export function loadLiteRt(path: string): LiteRtFunctions {
  const library = koffi.load(path)
  const functions = Object.entries(declarations).map(([name, declaration]) => [name, library.func(declaration)] as const)
  return Object.fromEntries(functions) as LiteRtFunctions
}

/** @throws ModelRefused when the status says so */
export function check(status: number, doing: string): void {
  if (status !== 0) throw new ModelRefused(`LiteRT cannot ${doing} (status ${status})`)
}

/** Calls a function whose last parameter is an out parameter, and returns what it put there. */
export function take<T = Pointer>(call: NativeFunction, doing: string, ...parameters: readonly unknown[]): T {
  const out: [T | null] = [null]
  check(call(...parameters, out), doing)
  return out[0] as T
}
