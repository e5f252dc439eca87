/**
 * LiteRT's C library in the hands of the device's own Python: 3.7 or later, nothing but its standard library, no compiler. Constants and layouts
 * are those of litert_environment_options.h and litert_common.h of the pinned release: environment options are {int32 tag, int32 type, int64 value},
 * 24 bytes each; a ranked tensor type takes 72 bytes and is only handed on.
 *
 *   driver.py LIBRARY MODEL THREADS time RUNS            says {"initMs", "firstMs", "timesMs", "peakBytes"}
 *   driver.py LIBRARY MODEL THREADS infer OUTPUT INPUT…  reads a file for each input, writes all outputs into one; says {"outputs"}
 *
 * One line of JSON; {"error"} and status 1 where something failed.
 */
export const driverScript = `import ctypes
import json
import os
import resource
import sys
import time

POINTER = ctypes.c_void_p
SIZE = ctypes.c_size_t
kept = []


class Option(ctypes.Structure):
    _fields_ = [("tag", ctypes.c_int32), ("pad", ctypes.c_int32), ("kind", ctypes.c_int32), ("pad2", ctypes.c_int32),
                ("value", ctypes.c_int64)]


def end(answer, status):
    sys.stdout.write(json.dumps(answer) + "\\n")
    sys.stdout.flush()
    # The library's own threads are not waited for.
    os._exit(status)


def call(library, name, *arguments):
    status = getattr(library, "LiteRt" + name)(*arguments)
    if status != 0:
        end({"error": "LiteRt%s gives status %d" % (name, status)}, 1)


def take(library, name, *arguments):
    result = POINTER()
    call(library, name, *arguments, ctypes.byref(result))
    return result


def compile_model(library, model_path, threads):
    options = (Option * 2)(Option(25, 0, 2, 0, 3), Option(24, 0, 2, 0, 1))
    environment = take(library, "CreateEnvironment", 2, options)
    with open(model_path, "rb") as file:
        data = file.read()
    kept.append(data)
    model = take(library, "CreateModelFromBuffer", environment, data, SIZE(len(data)))
    compilation = take(library, "CreateOptions")
    call(library, "SetOptionsHardwareAccelerators", compilation, 1)
    text = ctypes.create_string_buffer(b"num_threads = %d\\n" % threads)
    free = ctypes.CFUNCTYPE(None, POINTER)(lambda payload: None)
    kept.extend([text, free])
    call(library, "AddOpaqueOptions", compilation, take(library, "CreateOpaqueOptions", b"xnnpack", text, free))
    return environment, model, take(library, "CreateCompiledModel", environment, model, compilation)


def open_ports(library, kind, environment, compiled, signature):
    count = SIZE()
    call(library, "GetNumSignature" + kind + "s", signature, ctypes.byref(count))
    ports = []
    for index in range(count.value):
        ranked = (ctypes.c_uint8 * 72)()
        tensor = take(library, "GetSignature" + kind + "TensorByIndex", signature, SIZE(index))
        call(library, "GetRankedTensorType", tensor, ranked)
        needs = take(library, "GetCompiledModel" + kind + "BufferRequirements", compiled, SIZE(0), SIZE(index))
        buffer = take(library, "CreateManagedTensorBufferFromRequirements", environment, ranked, needs)
        size = SIZE()
        call(library, "GetTensorBufferPackedSize", buffer, ctypes.byref(size))
        ports.append((buffer, size.value))
    return ports


def locked(library, buffer, mode, use):
    address = POINTER()
    call(library, "LockTensorBuffer", buffer, ctypes.byref(address), mode)
    result = use(address)
    call(library, "UnlockTensorBuffer", buffer)
    return result


def infer(library, run, inputs, outputs, output_path, input_paths):
    if len(input_paths) != len(inputs):
        end({"error": "the model takes %d inputs, received %d" % (len(inputs), len(input_paths))}, 1)
    for (buffer, size), path in zip(inputs, input_paths):
        with open(path, "rb") as file:
            data = file.read()
        if len(data) != size:
            end({"error": "an input takes %d bytes, received %d" % (size, len(data))}, 1)
        locked(library, buffer, 1, lambda address: ctypes.memmove(address, data, size))
    run()
    with open(output_path, "wb") as file:
        for buffer, size in outputs:
            file.write(locked(library, buffer, 0, lambda address: ctypes.string_at(address, size)))
    end({"outputs": len(outputs)}, 0)


def measure(run, runs, init_ms):
    def timed():
        start = time.perf_counter()
        run()
        return (time.perf_counter() - start) * 1e3

    first_ms = timed()
    start = time.perf_counter()
    warm = 1
    # At least ten runs and a tenth of a second, at the most two seconds.
    while (warm < 10 or time.perf_counter() - start < 0.1) and time.perf_counter() - start < 2:
        timed()
        warm += 1
    times = [timed() for _ in range(runs)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    end({"initMs": init_ms, "firstMs": first_ms, "timesMs": times, "peakBytes": peak}, 0)


def main(library_path, model_path, threads, action, *rest):
    start = time.perf_counter()
    library = ctypes.CDLL(library_path)
    environment, model, compiled = compile_model(library, model_path, int(threads))
    init_ms = (time.perf_counter() - start) * 1e3
    signature = take(library, "GetModelSignature", model, SIZE(0))
    inputs = open_ports(library, "Input", environment, compiled, signature)
    outputs = open_ports(library, "Output", environment, compiled, signature)
    fed = (POINTER * len(inputs))(*[buffer for buffer, _ in inputs])
    given = (POINTER * len(outputs))(*[buffer for buffer, _ in outputs])

    def run():
        call(library, "RunCompiledModel", compiled, SIZE(0), SIZE(len(inputs)), fed, SIZE(len(outputs)), given)

    if action == "infer":
        infer(library, run, inputs, outputs, rest[0], rest[1:])
    measure(run, int(rest[0]), init_ms)


try:
    main(*sys.argv[1:])
except Exception as error:
    end({"error": "%s: %s" % (type(error).__name__, error)}, 1)
`
