"""How precisely a model computes."""

import os
from pathlib import Path
from typing import Literal

Precision = Literal["auto", "int8", "float32", "bfloat16"]


def use_bfloat16(precision: Precision) -> bool:
    """Whether to compute in bfloat16, as a setting says or, for ``auto``, as the processor can."""
    return precision == "bfloat16" or (precision == "auto" and _has_bfloat16())


def _has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 natively; emulated, it is slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "amx_bf16" in flags or "avx512_bf16" in flags


def cores(threads: int) -> int:
    """How many threads compute: as set, or with 0 one for each core that this process may use."""
    return threads or len(os.sched_getaffinity(0))
