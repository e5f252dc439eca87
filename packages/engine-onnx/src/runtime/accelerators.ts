/** What a training step may run on, by the values of `--accelerator`; "auto" besides, which `plan()` resolves. */
export const accelerators = ['cpu', 'cuda', 'directml', 'webgpu'] as const
export type Accelerator = (typeof accelerators)[number]

/** onnxruntime's own names of the execution providers behind them. */
export const providers = { cpu: 'cpu', cuda: 'cuda', directml: 'dml', webgpu: 'webgpu' } as const satisfies Record<
  Accelerator,
  string
>

export function isAccelerator(name: string): name is Accelerator {
  return accelerators.some((known) => known === name)
}

/**
 * Whether a step's outputs may stay on the device and be fed to the next step. onnxruntime-node hands out buffers of the WebGPU provider
 * only; with CUDA and DirectML every input and output is a buffer of the host, which onnxruntime copies to the device and back each step.
 */
export const keepsTensors = (accelerator: string): boolean => accelerator === 'webgpu'
