"""The contenders, a module each: used as its documentation recommends, hybrid where it can be."""
