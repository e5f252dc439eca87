#!/usr/bin/env python3
"""Times and runs a .tflite file with LiteRT's C library: Python 3.7 or later on Linux, and nothing but its standard library.

    litert_driver.py time  LIBRARY MODEL THREADS RUNS [CACHE]
    litert_driver.py infer LIBRARY MODEL THREADS [NAME=FILE ...]

`time` keeps prepared weights in the file CACHE, or takes them from it. `infer` reads each input, raw, from its file. The answer is two lines of JSON on standard output: what was found, and the sha256 of that line,
so that whoever reads it through a long wire knows that it arrived as it left.

    {"initMs": 3.1, "firstMs": 9.0, "timesMs": [8.1, 8.0], "peakBytes": 41000000}
    {"outputs": [{"name": "probabilities", "base64": "AACAPw=="}]}
    {"error": {"about": "arguments" | "library" | "model", "message": "LiteRT cannot prepare the model (status 4)"}}

The status is 0 with a finding and 1 with an error. The calls are those of LiteRT 2.3.0 (litert/c/*.h): they may change with its version, so
the library is pinned by whoever sends this program along.
"""
import base64
import ctypes
import hashlib
import json
import os
import resource
import sys
import time

POINTER = ctypes.c_void_p
SIZE = ctypes.c_size_t
INT = ctypes.c_int
OUT = ctypes.POINTER(POINTER)
OUT_SIZE = ctypes.POINTER(SIZE)

# Every function returns a status: 0 = well.
FUNCTIONS = {
    "CreateEnvironment": (INT, POINTER, OUT),
    "CreateModelFromBuffer": (POINTER, ctypes.c_char_p, SIZE, OUT),
    "CreateOptions": (OUT,),
    "SetOptionsHardwareAccelerators": (POINTER, INT),
    "CreateOpaqueOptions": (ctypes.c_char_p, POINTER, POINTER, OUT),
    "AddOpaqueOptions": (POINTER, POINTER),
    "CreateCompiledModel": (POINTER, POINTER, POINTER, OUT),
    "GetModelSignature": (POINTER, SIZE, OUT),
    "GetNumSignatureInputs": (POINTER, OUT_SIZE),
    "GetNumSignatureOutputs": (POINTER, OUT_SIZE),
    "GetSignatureInputName": (POINTER, SIZE, OUT),
    "GetSignatureOutputName": (POINTER, SIZE, OUT),
    "GetSignatureInputTensorByIndex": (POINTER, SIZE, OUT),
    "GetSignatureOutputTensorByIndex": (POINTER, SIZE, OUT),
    "GetRankedTensorType": (POINTER, POINTER),
    "GetCompiledModelInputBufferRequirements": (POINTER, SIZE, SIZE, OUT),
    "GetCompiledModelOutputBufferRequirements": (POINTER, SIZE, SIZE, OUT),
    "CreateManagedTensorBufferFromRequirements": (POINTER, POINTER, POINTER, OUT),
    "GetTensorBufferPackedSize": (POINTER, OUT_SIZE),
    "LockTensorBuffer": (POINTER, OUT, INT),
    "UnlockTensorBuffer": (POINTER,),
    "RunCompiledModel": (POINTER, SIZE, SIZE, POINTER, SIZE, POINTER),
}

CPU = 1
READ, WRITE = 0, 1
# Files are written with one signature; of several the first is run.
SIGNATURE = 0
# LiteRtRankedTensorType: element type, then a layout of rank, 8 dimensions, 8 strides; all 32 bits.
RANKED_TENSOR_TYPE_BYTES = 72
FLOAT32, UINT8, INT8 = 1, 3, 9

WARM_UP_RUNS, WARM_UP_SECONDS, WARM_UP_LONGEST_SECONDS = 10, 0.1, 2.0


class Failure(Exception):
    """What stands in the way. `about`: arguments, library, model."""

    def __init__(self, about, message):
        super().__init__(message)
        self.about = about


class EnvironmentOption(ctypes.Structure):
    """litert_environment_options.h: a tag, and a value of the type 2 (integer)."""

    _fields_ = [
        ("tag", ctypes.c_int32),
        ("padding", ctypes.c_int32),
        ("type", ctypes.c_int32),
        ("padding2", ctypes.c_int32),
        ("value", ctypes.c_int64),
    ]


class Library:
    """LiteRT's functions, by their names without `LiteRt`."""

    def __init__(self, path):
        try:
            library = ctypes.CDLL(path)
            self._functions = {name: getattr(library, "LiteRt" + name) for name in FUNCTIONS}
        except (OSError, AttributeError) as error:
            raise Failure("library", str(error))
        for name, types in FUNCTIONS.items():
            self._functions[name].argtypes = types
            self._functions[name].restype = INT

    def call(self, doing, name, *values):
        status = self._functions[name](*values)
        if status != 0:
            raise Failure("model", "LiteRT cannot %s (status %d)" % (doing, status))

    def take(self, doing, name, *values, kind=POINTER):
        """What a function puts where its last parameter points."""
        out = kind()
        self.call(doing, name, *values, ctypes.byref(out))
        return out.value


class Port:
    """An input or output of the model, and its memory."""

    def __init__(self, name, element_type, buffer, size):
        self.name = name
        self.element_type = element_type
        self.buffer = buffer
        self.size = size


class Model:
    """A model on the CPU. Nothing is ever freed: the process holds one model, and its end frees all."""

    def __init__(self, library, path, threads, cache=None):
        self._library = library
        try:
            with open(path, "rb") as file:
                # Read in place by LiteRT for as long as the model lives.
                self._bytes = file.read()
        except OSError as error:
            raise Failure("model", str(error))
        take = library.take
        self._environment = self._create_environment()
        model = take("read the model", "CreateModelFromBuffer", self._environment, self._bytes, len(self._bytes))
        options = self._create_options(threads, cache)
        self._compiled = take("prepare the model", "CreateCompiledModel", self._environment, model, options)
        self._signature = take("find the signature", "GetModelSignature", model, SIGNATURE)
        self.inputs = self._ports("Input")
        self.outputs = self._ports("Output")
        self._input_buffers = (POINTER * max(1, len(self.inputs)))(*[port.buffer for port in self.inputs])
        self._output_buffers = (POINTER * max(1, len(self.outputs)))(*[port.buffer for port in self.outputs])

    def _create_environment(self):
        # It says errors alone, and looks for no accelerator but the CPU.
        options = (EnvironmentOption * 2)(EnvironmentOption(25, 0, 2, 0, 3), EnvironmentOption(24, 0, 2, 0, CPU))
        return self._library.take("start", "CreateEnvironment", len(options), options)

    def _create_options(self, threads, cache):
        take, call = self._library.take, self._library.call
        options = take("make options", "CreateOptions")
        call("choose the CPU", "SetOptionsHardwareAccelerators", options, CPU)
        # LiteRT wants to free the text itself; it stays ours instead.
        text = "num_threads = %d\n" % threads
        if cache is not None:
            # A string of JSON is one of TOML.
            text += "weight_cache_file_path = %s\n" % json.dumps(cache)
        self._text = ctypes.create_string_buffer(text.encode())
        self._keep = ctypes.CFUNCTYPE(None, POINTER)(lambda text: None)
        opaque = take("set the threads", "CreateOpaqueOptions", b"xnnpack", ctypes.addressof(self._text), self._keep)
        call("set the threads", "AddOpaqueOptions", options, opaque)
        return options

    def _ports(self, kind):
        take, call = self._library.take, self._library.call
        ports = []
        for index in range(take("count tensors", "GetNumSignature%ss" % kind, self._signature, kind=SIZE)):
            name = ctypes.string_at(take("name a tensor", "GetSignature%sName" % kind, self._signature, index)).decode()
            tensor = take("find a tensor", "GetSignature%sTensorByIndex" % kind, self._signature, index)
            ranked = (ctypes.c_int32 * (RANKED_TENSOR_TYPE_BYTES // 4))()
            call("describe a tensor", "GetRankedTensorType", tensor, ranked)
            needs = "GetCompiledModel%sBufferRequirements" % kind
            needs = take("size a tensor", needs, self._compiled, SIGNATURE, index)
            create = "CreateManagedTensorBufferFromRequirements"
            buffer = take("make room for a tensor", create, self._environment, ranked, needs)
            size = take("size a tensor", "GetTensorBufferPackedSize", buffer, kind=SIZE)
            ports.append(Port(name, ranked[0], buffer, size))
        return ports

    def run(self):
        inputs, outputs = self._input_buffers, self._output_buffers
        counts = len(self.inputs), len(self.outputs)
        self._library.call(
            "run the model", "RunCompiledModel", self._compiled, SIGNATURE, counts[0], inputs, counts[1], outputs
        )

    def write(self, port, data):
        if len(data) != port.size:
            message = 'expected %d bytes for the input "%s", received %d' % (port.size, port.name, len(data))
            raise Failure("arguments", message)
        self._with_memory(port, WRITE, lambda address: ctypes.memmove(address, data, port.size))

    def read(self, port):
        return self._with_memory(port, READ, lambda address: ctypes.string_at(address, port.size))

    def _with_memory(self, port, mode, use):
        address = POINTER()
        self._library.call("reach a tensor", "LockTensorBuffer", port.buffer, ctypes.byref(address), mode)
        used = use(address.value)
        self._library.call("release a tensor", "UnlockTensorBuffer", port.buffer)
        return used


def drawn(port):
    """Pixels and features all over their range, so that no shortcut for zeros is timed; whole numbers that may be positions stay 0."""
    if port.element_type == FLOAT32:
        count = port.size // 4
        values = (ctypes.c_float * count)(*[2 * (at * 0.618033988749895 % 1) - 1 for at in range(count)])
        return bytes(values)
    if port.element_type in (UINT8, INT8):
        return bytes(int(256 * (at * 0.618033988749895 % 1)) for at in range(port.size))
    return bytes(port.size)


def milliseconds(work):
    start = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - start) / 1e6


def time_model(library, path, threads, runs, cache):
    start = time.perf_counter()
    model = Model(library, path, threads, cache)
    init_ms = 1e3 * (time.perf_counter() - start)
    for port in model.inputs:
        model.write(port, drawn(port))
    first_ms = milliseconds(model.run)
    start, warm = time.perf_counter(), 1
    while True:
        seconds = time.perf_counter() - start
        if seconds >= WARM_UP_LONGEST_SECONDS or (warm >= WARM_UP_RUNS and seconds >= WARM_UP_SECONDS):
            break
        model.run()
        warm += 1
    times_ms = [milliseconds(model.run) for _ in range(runs)]
    # Linux counts in kilobytes.
    peak_bytes = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"initMs": init_ms, "firstMs": first_ms, "timesMs": times_ms, "peakBytes": peak_bytes}


def infer(library, path, threads, files):
    model = Model(library, path, threads)
    for port in model.inputs:
        if port.name not in files:
            raise Failure("arguments", 'expected a file for the input "%s", received none' % port.name)
        try:
            with open(files[port.name], "rb") as file:
                model.write(port, file.read())
        except OSError as error:
            raise Failure("arguments", str(error))
    model.run()
    outputs = [{"name": port.name, "base64": base64.b64encode(model.read(port)).decode()} for port in model.outputs]
    return {"outputs": outputs}


def answer(words):
    if len(words) < 4 or words[0] not in ("time", "infer"):
        raise Failure("arguments", "expected time|infer LIBRARY MODEL THREADS …, received %s" % json.dumps(words))
    mode, library, model, *rest = words
    try:
        threads = int(rest[0])
        runs = int(rest[1]) if mode == "time" else 0
    except (IndexError, ValueError):
        raise Failure("arguments", "expected whole numbers of threads and runs, received %s" % json.dumps(rest))
    if mode == "time":
        return time_model(Library(library), model, threads, runs, rest[2] if len(rest) > 2 else None)
    pairs = (word.rpartition("=") for word in rest[1:])
    return infer(Library(library), model, threads, {name: file for name, _, file in pairs})


def main():
    status = 0
    try:
        found = answer(sys.argv[1:])
    except Failure as failure:
        status, found = 1, {"error": {"about": failure.about, "message": str(failure)}}
    line = json.dumps(found)
    print(line)
    print(json.dumps({"sha256": hashlib.sha256(line.encode()).hexdigest()}))
    sys.stdout.flush()
    # Without taking LiteRT down, whose threads may still be at work.
    os._exit(status)


if __name__ == "__main__":
    main()
