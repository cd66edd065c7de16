"""Reads, from each file named on standard input, what the replaced system read with h5py, one file after another.

Prints {"files":N,"seconds":S}.
"""
import json
import sys
import time

import h5py
import numpy as np

paths = sys.stdin.read().splitlines()
start = time.perf_counter()
for path in paths:
    with h5py.File(path, "r") as file:
        header = file["Header"]
        keywords = header["extra_keywords"]
        np.mean(header["time_array"][:])
        for node in (keywords["phase_center_dec"], keywords["ha_phase_center"], header["latitude"],
                     header["longitude"], header["altitude"]):
            node[()]
print(json.dumps({"files": len(paths), "seconds": time.perf_counter() - start}))
