"""Frames as the bytes of COPY's binary format, encoded column by column.

The server neither parses nor unescapes them, so the table's columns must have exactly the declared types. The format is
described at https://www.postgresql.org/docs/current/sql-copy.html; `copy.py` writes a table.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from chatwoot_assets.columns import Columns

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

_LENGTH = ">i4"
_LENGTH_OF_NULL = -1
_TEXT_OID = 25
# A jsonb value is sent as the version of its format, which is 1, and its text.
_JSONB_VERSION = "\x01"
# Flags of a range: its lower bound is in it, and it has no upper one.
_INCLUDES_LOWER, _HAS_NO_UPPER = 2, 16
_MICROSECONDS_TO_2000 = 946_684_800_000_000
_DAYS_TO_2000 = 10_957

# For each type of fixed width, how a value is sent, and what that value is for the frame's 0: PostgreSQL counts
# microseconds and days from the year 2000.
_FIXED_WIDTH = {
    "bigint": (">i8", 0),
    "boolean": (">i1", 0),
    "date": (">i4", -_DAYS_TO_2000),
    "double precision": (">f8", 0),
    "integer": (">i4", 0),
    "smallint": (">i2", 0),
    "timestamptz": (">i8", -_MICROSECONDS_TO_2000),
}


def sort_columns(columns: Columns) -> list[str]:
    """Return the columns' names in the order in which their values are encoded: those of fixed width first."""
    return sorted(columns, key=lambda name: columns[name].type not in _FIXED_WIDTH)


def encode_rows(rows: pl.DataFrame, columns: Columns) -> memoryview:
    """Return the rows in COPY's binary format, without its header and trailer.

    Args:
        rows: The rows, with exactly the columns' types, in the order of `sort_columns`; not empty.
        columns: The columns.
    """
    arrays = {
        series.name: (_JSONB_VERSION + series if columns[series.name].type == "jsonb" else series).to_arrow()
        for series in rows
    }
    pieces = [_encode_fixed_width(arrays, columns)]
    for name, array in arrays.items():
        if columns[name].type in ("text", "jsonb"):
            pieces += _encode_texts(array)
        elif columns[name].type == "text[]":
            pieces += _encode_lists(array)
        elif columns[name].type == "datemultirange":
            pieces += _encode_ranges(array)
    joined = _join(pieces)
    return memoryview(joined.buffers()[2])[: joined.total_values_length]


def _encode_fixed_width(arrays: dict[str, pa.Array], columns: Columns) -> pa.LargeBinaryArray:
    """Return the beginning of each row: the number of columns, then the values of fixed width with their lengths."""
    encodings = {name: _FIXED_WIDTH[columns[name].type] for name in arrays if columns[name].type in _FIXED_WIDTH}
    fields = [("number of columns", ">i2")]
    for name, (encoding, _) in encodings.items():
        fields += [(f"length of {name}", _LENGTH), (name, encoding)]
    block = np.empty(len(next(iter(arrays.values()))), np.dtype(fields))
    block["number of columns"] = len(columns)
    nulls = {}
    for name, (encoding, origin) in encodings.items():
        array, dtype = arrays[name], np.dtype(encoding)
        block[f"length of {name}"] = dtype.itemsize
        if array.null_count:
            nulls[name] = _find_nulls(array)
            block[f"length of {name}"][nulls[name]] = _LENGTH_OF_NULL
        values = _values(array, dtype.newbyteorder("="))
        block[name] = values + origin if origin else values
    return _pack(block, nulls)


def _encode_texts(texts: pa.LargeStringArray) -> list[pa.LargeBinaryArray]:
    """Return the texts' lengths and the texts."""
    lengths = np.where(_find_nulls(texts), _LENGTH_OF_NULL, _values(pc.binary_length(texts), np.dtype(np.int64)))
    return [_pack(lengths.astype(_LENGTH), {}), texts.cast(pa.large_binary())]


def _encode_lists(lists: pa.LargeListArray) -> list[pa.LargeBinaryArray]:
    """Return the lengths and headers of lists of texts, which the server stores as arrays, and their elements."""
    null = _find_nulls(lists)
    elements = _join(_encode_texts(lists.flatten()))
    counts = np.where(null, 0, _values(lists.value_lengths(), np.dtype(np.int64)))
    starts = np.frombuffer(elements.buffers()[1], np.int64)[_offsets(counts)]
    grouped = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(lists), [None, pa.py_buffer(starts), elements.buffers()[2]]
    )
    # An array without elements may have one dimension of length 0.
    header = np.dtype([(name, ">i4") for name in ("dimensions", "flags", "type", "elements", "first index")])
    block = np.empty(len(lists), np.dtype([("length", _LENGTH), ("header", header)]))
    block["length"] = np.where(null, _LENGTH_OF_NULL, header.itemsize + np.diff(starts))
    for name, value in zip(header.names or (), (1, 0, _TEXT_OID, counts, 1), strict=True):
        block["header"][name] = value
    return [_pack(block, {"header": null}), grouped]


def _encode_ranges(lists: pa.LargeListArray) -> list[pa.LargeBinaryArray]:
    """Return the lengths and headers of lists of days, which the server stores as ranges of days, and the ranges."""
    null = _find_nulls(lists)
    days = np.where(null, 0, _values(lists.value_lengths(), np.dtype(np.int64)))
    counts = (days + 1) // 2
    values = _values(lists.flatten(), np.dtype(np.int32)) - _DAYS_TO_2000
    is_lower = (np.arange(len(values)) - np.repeat(_offsets(days)[:-1], days)) % 2 == 0
    has_upper = np.ones(counts.sum(), np.bool_)
    has_upper[_offsets(counts)[1:][days % 2 == 1] - 1] = False
    bound = np.dtype([("length", _LENGTH), ("day", ">i4")])
    block = np.empty(
        len(has_upper), np.dtype([("length", _LENGTH), ("flags", "i1"), ("lower", bound), ("upper", bound)])
    )
    block["length"] = 1 + bound.itemsize * (1 + has_upper)
    block["flags"] = np.where(has_upper, _INCLUDES_LOWER, _INCLUDES_LOWER | _HAS_NO_UPPER)
    for name, chosen, of_name in (("lower", is_lower, ...), ("upper", ~is_lower, has_upper)):
        block[name]["length"] = 4
        block[name]["day"][of_name] = values[chosen]
    ranges = _pack(block, {"upper": ~has_upper})
    starts = np.frombuffer(ranges.buffers()[1], np.int64)[_offsets(counts)]
    header = np.empty(len(lists), np.dtype([("length", _LENGTH), ("ranges", ">i4")]))
    header["length"] = np.where(null, _LENGTH_OF_NULL, 4 + np.diff(starts))
    header["ranges"] = counts
    grouped = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(lists), [None, pa.py_buffer(starts), ranges.buffers()[2]]
    )
    return [_pack(header, {"ranges": null}), grouped]


def _pack(block: np.ndarray, nulls: Mapping[str, np.ndarray]) -> pa.LargeBinaryArray:
    """Return the bytes of each record, without the fields that are NULL."""
    sizes = np.full(len(block), block.itemsize)
    kept = block.view(np.uint8)
    fields = block.dtype.fields
    if nulls and fields:
        kept = kept.reshape(len(block), block.itemsize)
        mask = np.ones(kept.shape, np.bool_)
        for name, null in nulls.items():
            dtype, offset = fields[name][:2]
            mask[null, offset : offset + dtype.itemsize] = False
            sizes[null] -= dtype.itemsize
        kept = kept[mask]
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(block), [None, pa.py_buffer(_offsets(sizes)), pa.py_buffer(kept)]
    )


def _join(pieces: list[pa.LargeBinaryArray]) -> pa.LargeBinaryArray:
    """Return the pieces of each row joined into one."""
    no_bytes = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), 1, [None, pa.py_buffer(bytes(16)), pa.py_buffer(b"")]
    )
    return pc.binary_join_element_wise(*pieces, no_bytes[0], null_handling="replace", null_replacement="")


def _offsets(sizes: np.ndarray) -> np.ndarray:
    """Return where each item begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


def _find_nulls(array: pa.Array) -> np.ndarray:
    """Return for each value whether it is NULL."""
    return _values(array.is_null(), np.dtype(np.bool_))


def _values(array: pa.Array, dtype: np.dtype) -> np.ndarray:
    """Return an array's values as they are in memory; those that are NULL are undefined.

    Arrow's own conversions, also those of single values, import pandas: 60 MB and a second.
    """
    if array.type == pa.bool_():
        array = array.cast(pa.int8())
    return np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]
