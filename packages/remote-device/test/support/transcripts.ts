/** What the tools say, written down from their documentation and reports: both dialects, old builds and new ones. */
export const classicNew = `INFO: STARTING!
INFO: Num threads: [1]
INFO: Graph: [/data/local/tmp/m.tflite]
INFO: Loaded model /data/local/tmp/m.tflite
INFO: Initialized session in 125.891ms.
INFO: Running benchmark for at least 1 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.
INFO: count=70 first=41811 curr=6642 min=6388 max=41811 avg=7156.23 std=4173 p5=6515 median=6647 p95=6867
INFO: Running benchmark for at least 50 iterations and at least 1 seconds but terminate if exceeding 150 seconds.
INFO: count=152 first=7065 curr=6530 min=6339 max=7065 avg=6610.41 std=128 p5=6437 median=6596 p95=6829
INFO: Inference timings in us: Init: 125891, First inference: 41811, Warmup (avg): 7156.23, Inference (avg): 6610.41
INFO: Memory footprint delta from the start of the tool (MB): init=8.97656 overall=18.7227
INFO: Overall peak memory footprint (MB) via periodic monitoring: 42.1
`

export const classicOld = `STARTING!
Loaded model /data/local/tmp/m.tflite
resolved reporter
Initialized session in 5.41ms
Running benchmark for at least 1 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.
count=12 first=46390 curr=41805 min=41678 max=46390 avg=42258.6 std=1286
Running benchmark for at least 50 iterations and at least 1 seconds but terminate if exceeding 150 seconds.
count=50 first=42018 curr=41894 min=41600 max=43327 avg=41962.3 std=301
Average inference timings in us: Warmup: 42258.6, Init: 5410, no stats: 41962.3
`

/** A slow model: one run of warm-up, and a mean from a million microseconds on. */
export const classicSlow = `INFO: Loaded model /data/local/tmp/m.tflite
INFO: Initialized session in 900.001ms.
INFO: Running benchmark for at least 1 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.
INFO: count=1 curr=1300125
INFO: Running benchmark for at least 3 iterations and at least 0 seconds but terminate if exceeding 150 seconds.
INFO: count=3 first=1234567 curr=1234580 min=1234560 max=1234580 avg=1.23457e+06 std=8 p5=1234560 median=1234567 p95=1234580
INFO: Inference timings in us: Init: 900001, First inference: 1300125, Warmup (avg): 1.30012e+06, Inference (avg): 1.23457e+06
`

export const classicSingle = `INFO: Initialized session in 1.5ms.
INFO: count=1 curr=9210
INFO: count=1 curr=8112
INFO: Inference timings in us: Init: 1500, First inference: 9210, Warmup (avg): 9210, Inference (avg): 8112
`

export const compiledModel = `INFO: [benchmark_litert_model.h:181] Loading model from: /data/local/tmp/m.tflite
INFO: [benchmark_model.cc:217] Running benchmark for at least 1 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.
INFO: [benchmark_model.cc:243] count=70 first=41811 curr=6642 min=6388 max=41811 avg=7156.23 std=4173 p5=6515 median=6647 p95=6867
INFO: [benchmark_model.cc:217] Running benchmark for at least 50 iterations and at least 1 seconds but terminate if exceeding 150 seconds.
INFO: [benchmark_model.cc:243] count=152 first=7065 curr=6530 min=6339 max=7065 avg=6610.41 std=128 p5=6437 median=6596 p95=6829
INFO: [benchmark_litert_model.h:73] ===== BENCHMARK RESULTS =====
INFO: [benchmark_litert_model.h:74] Model initialization: 45.32 ms
INFO: [benchmark_litert_model.h:75] Warmup (first): 41.81 ms
INFO: [benchmark_litert_model.h:76] Warmup (avg): 7.16 ms
INFO: [benchmark_litert_model.h:77] Inference (avg): 6.61 ms
INFO: [benchmark_litert_model.h:78] Inference (min): 6.34 ms
INFO: [benchmark_litert_model.h:79] Inference (max): 7.07 ms
INFO: [benchmark_litert_model.h:80] Inference (std): 0.13
INFO: [benchmark_litert_model.h:81] =============================
`

/** The block alone: a mean, and no median. */
export const compiledModelBlock = compiledModel
  .split('\n')
  .filter((line) => !line.includes('count='))
  .join('\n')

export const delegates = {
  whole:
    'INFO: Explicitly applied GPU delegate, and the model graph will be completely executed by the delegate w/ 1 delegate kernels.',
  partial:
    'INFO: Explicitly applied GPU delegate, and the model graph will be partially executed by the delegate w/ 3 delegate kernels.',
  refused: 'INFO: Though XNNPACK delegate is explicitly applied, the model graph will not be executed by the delegate.',
  nnapi:
    'INFO: Explicitly applied NNAPI delegate, and the model graph will be partially executed by the delegate w/ 2 delegate kernels.',
  ignored: 'WARN: [benchmark_model.cc:300] Unconsumed cmdline flags: --use_npu=true --require_full_delegation=true',
  missing: 'WARNING: [litert_runtime.cc:120] Failed to load GPU accelerator: library not found',
} as const

export const profile = `Operator-wise Profiling Info for Regular Benchmark Runs:
============================== Run Order ==============================
\t             [node type]\t  [start]\t  [first]\t [avg ms]\t     [%]\t  [cdf%]\t  [mem KB]\t[times called]\t[Name]
\t                 CONV_2D\t    0.000\t    1.250\t    1.200\t 40.000%\t 40.000%\t     0.000\t        1\t[stem/relu]:0
\t       DEPTHWISE_CONV_2D\t    1.200\t    0.800\t    0.750\t 25.000%\t 65.000%\t     0.000\t        1\t[block1/dw, block1/relu]:1
\t      TfLiteGpuDelegateV2\t    1.950\t    1.100\t    1.050\t 35.000%\t100.000%\t     0.000\t        2\t[probabilities]:64

============================== Top by Computation Time ==============================
\t             [node type]\t  [start]\t  [first]\t [avg ms]\t     [%]\t  [cdf%]\t  [mem KB]\t[times called]\t[Name]
\t                 CONV_2D\t    0.000\t    1.250\t    1.200\t 40.000%\t 40.000%\t     0.000\t        1\t[stem/relu]:0
`
