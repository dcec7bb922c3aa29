"""Calls through the Python package into a SQLite table that is there already: nanoseconds per call."""

import json
import sys
import time

from nfo import Logger, SQLiteSink, log_call
from nfo.decorators import set_default_logger

path, calls = sys.argv[1], int(sys.argv[2])
set_default_logger(Logger(name="bench", sinks=[SQLiteSink(db_path=path)], propagate_stdlib=False))


@log_call
def add(left, right):
    return left + right


add(-1, 7)
start = time.perf_counter()
for i in range(calls):
    add(i, 7)
print(json.dumps({"ns": (time.perf_counter() - start) * 1e9 / calls}))
