"""Hash rows as PostgreSQL does, so that the source need not hash the rows that it sends.

`hash_rows` returns what `hash_record_extended(ROW(…), 0)` returns on a little-endian server of any version: Bob
Jenkins' lookup3 of each value, 0 for NULL, combined by multiplying with 31. Columns are hashed as arrays, in chunks
that fit into the processor's cache. Only rows that are read anyway are hashed here: for a comparison, the source hashes
the rows and returns only sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs
import pyarrow

from chatwoot_assets.extract.text_sizes import slice_by_weight

Words = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]

_ROWS_PER_CHUNK = 16_384
# Long texts are hashed round by round, all at once: with smaller slices they take longer.
_BYTES_PER_SLICE = 64_000_000
# The initial state and the round of lookup3, as in PostgreSQL's hashfn.c.
_START = 0x9E3779B9 + 3_923_095
_BYTES_PER_ROUND = 12
# Up to this many long texts are finished one by one. If the first rows of a column have up to this many distinct texts,
# each distinct text is hashed once.
_FEW = 8
_ROWS_LOOKED_AT = 500
_POSTGRES_EPOCH = 946_684_800_000_000
_PADDING = pl.Series(["\0" * (_BYTES_PER_ROUND - rest) for rest in range(_BYTES_PER_ROUND)])
_MIX = ((4, 6, 8), (16, 19, 4))
_FINAL = (14, 11, 25, 16, 4, 14, 24)


def hash_rows(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return the hash of each row's columns, in the order in which PostgreSQL's record has them."""
    if rows.is_empty():
        return pl.Series(dtype=pl.Int64)
    rows = rows.select(list(columns))
    texts = cs.expand_selector(rows, cs.string())
    if not texts or rows.estimated_size() <= _BYTES_PER_SLICE:
        return _hash_slice(rows, columns)
    # Hashing needs several copies of the texts.
    lengths = rows.select(pl.sum_horizontal(pl.col(texts).str.len_bytes().fill_null(0)).cast(pl.Int64)).to_series()
    return pl.concat(_hash_slice(part, columns) for part in slice_by_weight(rows, lengths, _BYTES_PER_SLICE))


def _hash_slice(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    hashes = np.zeros(rows.height, np.uint64)
    for name in columns:
        hashes *= np.uint64(31)
        hashes += _hash_values(rows[name])
    return pl.Series(hashes.view(np.int64))


def _hash_values(values: pl.Series) -> Hashes:
    # Arrow's buffers instead of polars' expressions, which cost more than hashing a thousand values.
    array = values.rechunk().to_arrow()
    if not len(array):
        return np.empty(0, np.uint64)
    if values.dtype == pl.String:
        # A join leaves bytes of another row where a value is NULL: they must not be hashed as a text.
        hashes = _hash_texts(values.fill_null("").rechunk().to_arrow() if array.null_count else array)
    elif values.dtype == pl.Boolean:
        hashes = _hash_integers(_bits(array, 1).astype(np.int64))
    elif values.dtype == pl.Float64:
        hashes = _hash_doubles(_numbers(array, np.float64))
    elif values.dtype == pl.Datetime("us"):
        hashes = _hash_integers(_numbers(array, np.int64) - _POSTGRES_EPOCH)
    else:
        hashes = _hash_integers(_numbers(array, np.dtype(str(array.type))).astype(np.int64))
    if array.null_count:
        hashes[~_bits(array, 0)] = 0
    return hashes


def _numbers(array: pyarrow.Array, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]


def _bits(array: pyarrow.Array, buffer: int) -> npt.NDArray[np.bool_]:
    octets = np.frombuffer(array.buffers()[buffer], np.uint8)
    bits = np.unpackbits(octets, bitorder="little").view(np.bool_)
    return bits[array.offset : array.offset + len(array)]


def _hash_integers(values: npt.NDArray[np.int64]) -> Hashes:
    # A value that fits into 32 bits has the same hash in every integer type.
    low, high = values.astype(np.uint32), (values >> 32).astype(np.uint32)
    return _hash_words(low ^ np.where(values >= 0, high, ~high), None, 4)


def _hash_doubles(values: npt.NDArray[np.float64]) -> Hashes:
    bits = np.where(np.isnan(values), np.nan, values).view(np.uint64)
    hashes = _hash_words(bits.astype(np.uint32), (bits >> np.uint64(32)).astype(np.uint32), 8)
    hashes[values == 0] = 0
    return hashes


def _hash_words(first: Words, second: Words | None, length: int) -> Hashes:
    """Hash values of four or eight bytes."""
    hashes = np.empty(len(first), np.uint64)
    for start in range(0, len(first), _ROWS_PER_CHUNK):
        chunk = slice(start, start + _ROWS_PER_CHUNK)
        a, b, c = (np.full(len(first[chunk]), (_START + length) & 0xFFFFFFFF, np.uint32) for _ in range(3))
        a += first[chunk]
        if second is not None:
            b += second[chunk]
        hashes[chunk] = _finish(a, b, c)
    return hashes


def _hash_texts(texts: pyarrow.Array) -> Hashes:
    if len(texts[:_ROWS_LOOKED_AT].dictionary_encode().dictionary) <= _FEW < len(texts):
        # Words for types, and names: each is hashed once.
        encoded = texts.dictionary_encode()
        codes = _numbers(encoded.indices, np.int32)
        hashes = _hash_texts(encoded.dictionary)
        return hashes[codes] if len(hashes) else np.zeros(len(texts), np.uint64)
    chunks = range(0, len(texts), _ROWS_PER_CHUNK)
    parts = [_hash_chunk(texts[start : start + _ROWS_PER_CHUNK]) for start in chunks]
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def _hash_chunk(texts: pyarrow.Array) -> Hashes:
    """Hash texts, all of them round by round, longest first."""
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(offsets)
    rounds, rest = np.divmod(lengths, _BYTES_PER_ROUND)
    # Zeros up to a multiple of a round: the words of a text are whole, and its last ones need no mask.
    zeros = pl.lit(_PADDING).gather(pl.lit(pl.Series(rest)))
    series = pl.Series(texts)
    padded = pl.select(pl.concat_str(pl.lit(series), zeros, ignore_nulls=True)).to_series().rechunk().to_arrow()
    data = np.frombuffer(padded.buffers()[2], "<u4")
    words = tuple(np.ascontiguousarray(data[word::3]) for word in range(3))
    position = np.cumsum(rounds + 1) - (rounds + 1)
    order = np.argsort(-rounds, kind="stable")
    descending, position = -rounds[order], position[order]
    a = (lengths[order] + _START).astype(np.uint32)
    b, c = a.copy(), a.copy()
    temporary = np.empty_like(a), np.empty_like(a)
    active, done = len(rounds), 0
    while (active := int(np.searchsorted(descending[:active], -done))) > _FEW:
        _mix(words, position[:active], a[:active], b[:active], c[:active], temporary)
        position[:active] += 1
        done += 1
    for index in range(active):
        end = int(position[index]) - int(descending[index]) - done
        state = int(a[index]), int(b[index]), int(c[index])
        a[index], b[index], c[index] = _mix_alone(words, int(position[index]), end, *state)
        position[index] = end
    a += words[0].take(position)
    b += words[1].take(position)
    # The lowest byte of the last word is kept for the length.
    c += words[2].take(position) << np.uint32(8)
    hashes = np.empty(len(order), np.uint64)
    hashes[order] = _finish(a, b, c)
    return hashes


def _rotate(word: Words, bits: int, temporary: tuple[Words, Words]) -> Words:
    left, right = (array[: len(word)] for array in temporary)
    np.left_shift(word, np.uint32(bits), out=left)
    np.right_shift(word, np.uint32(32 - bits), out=right)
    left |= right
    return left


def _mix(
    words: tuple[Words, ...], position: npt.NDArray[np.int64], a: Words, b: Words, c: Words,
    temporary: tuple[Words, Words],
) -> None:  # fmt: skip
    a += words[0].take(position)
    b += words[1].take(position)
    c += words[2].take(position)
    for bits_c, bits_a, bits_b in _MIX:
        a -= c
        a ^= _rotate(c, bits_c, temporary)
        c += b
        b -= a
        b ^= _rotate(a, bits_a, temporary)
        a += c
        c -= b
        c ^= _rotate(b, bits_b, temporary)
        b += a


def _mix_alone(words: tuple[Words, ...], start: int, end: int, a: int, b: int, c: int) -> tuple[int, int, int]:
    """Mix the rounds of a long text; numbers are ten times as fast as arrays of one element."""
    mask = 0xFFFFFFFF
    for first, second, third in zip(*(word[start:end].tolist() for word in words), strict=True):
        a, b, c = (a + first) & mask, (b + second) & mask, (c + third) & mask
        for bits_c, bits_a, bits_b in _MIX:
            a = ((a - c) & mask) ^ ((c << bits_c) & mask | c >> (32 - bits_c))
            c = (c + b) & mask
            b = ((b - a) & mask) ^ ((a << bits_a) & mask | a >> (32 - bits_a))
            a = (a + c) & mask
            c = ((c - b) & mask) ^ ((b << bits_b) & mask | b >> (32 - bits_b))
            b = (b + a) & mask
    return a, b, c


def _finish(a: Words, b: Words, c: Words) -> Hashes:
    temporary = np.empty_like(a), np.empty_like(a)
    first, second, third, fourth, fifth, sixth, seventh = _FINAL
    for left, right, bits in (
        (c, b, first), (a, c, second), (b, a, third), (c, b, fourth), (a, c, fifth), (b, a, sixth), (c, b, seventh),
    ):  # fmt: skip
        left ^= right
        left -= _rotate(right, bits, temporary)
    hashes: Hashes = b.astype(np.uint64) << np.uint64(32) | c
    return hashes
