"""The one function of libpq that psycopg does not offer, with a fallback.

No other module calls libpq directly.
"""

from __future__ import annotations

import ctypes
import functools
import importlib
from collections.abc import Callable

from psycopg import pq
from psycopg.pq.abc import PGconn

_SQLSTATE_ONLY = 3  # PQERRORS_SQLSTATE


def report_sqlstates(connection: PGconn) -> bool:
    """Have a connection that is being opened give an error's SQLSTATE instead of its text.

    The text is in the server's language. Returns False, and changes nothing, if this psycopg gives no way to libpq.
    """
    pointer, set_verbosity = getattr(connection, "pgconn_ptr", None), _find_function()
    if set_verbosity is None or pointer is None:
        return False
    set_verbosity(pointer, _SQLSTATE_ONLY)
    return True


@functools.cache
def _find_function() -> Callable[[int, int], int] | None:
    """Return PQsetErrorVerbosity of the libpq that psycopg uses, or None."""
    try:
        if pq.__impl__ == "python":
            library = importlib.import_module("psycopg.pq._pq_ctypes").pq
        else:  # found among the libraries that the extension is linked with
            module = importlib.import_module(f"psycopg_{pq.__impl__}._psycopg")
            library = ctypes.CDLL(str(module.__file__))
        function = library.PQsetErrorVerbosity
    except (ImportError, AttributeError, OSError):
        return None
    function.argtypes = [ctypes.c_void_p, ctypes.c_int]
    function.restype = ctypes.c_int
    return lambda pointer, verbosity: int(function(pointer, verbosity))
