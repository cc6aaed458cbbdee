"""How precisely a model computes."""

import os
from pathlib import Path
from typing import Literal

CPUINFO = Path("/proc/cpuinfo")

Precision = Literal["auto", "int8", "float32", "bfloat16"]


def use_bfloat16(precision: Precision) -> bool:
    """Whether to compute in bfloat16, as a setting says or, for ``auto``, as the processor can."""
    return precision == "bfloat16" or (precision == "auto" and _has_bfloat16())


def _has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 natively; emulated, it is slower than float32."""
    return not {"amx_bf16", "avx512_bf16"}.isdisjoint(_flags())


def overflows(flags: frozenset[str] | None = None) -> bool:
    """Whether products of bytes overflow their 16 bits here: on Intel's and AMD's processors without VNNI, or unknown ones.

    ``flags`` are the processor's; those of this machine if not given.
    """
    return {"avx512_vnni", "avx_vnni", "asimddp"}.isdisjoint(_flags() if flags is None else flags)


def _flags() -> frozenset[str]:
    """Give what the processor says that it can do; nothing where it does not say."""
    try:
        return frozenset(CPUINFO.read_text(encoding="utf-8").split())
    except OSError:
        return frozenset()


def cores(threads: int) -> int:
    """How many threads compute: as set, or with 0 one for each core that this process may use."""
    if threads:
        return threads
    # Linux says which of the machine's cores are this process's; elsewhere all are.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
