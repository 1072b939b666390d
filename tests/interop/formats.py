# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of the files that the engine writes, made from the formats' descriptions alone."""
import json
import struct

import torch

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
    # The bits of kinds that torch lacks.
    "U64": torch.int64,
    "U32": torch.int32,
    "U16": torch.int16,
}


def read_safetensors(path):
    """{name: tensor} and the metadata: 8 bytes of header length, JSON, then the data."""
    data = bytearray(path.read_bytes())
    (size,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        tensor = torch.frombuffer(data[begin:end], dtype=DTYPES[entry["dtype"]]) if end > begin else torch.empty(0)
        tensors[name] = tensor.reshape(entry["shape"])
    return tensors, metadata


def strict_json(text):
    """Like json.loads, but NaN and Infinity, which JSON lacks, are errors."""

    def refuse(word):
        raise ValueError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def crc32c(data):
    """Castagnoli's polynomial, bit by bit through a table."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC_TABLE = _crc_table()


def masked(crc):
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def read_records(data):
    """The payloads of a TFRecord file, every checksum verified."""
    position = 0
    while position < len(data):
        (length,) = struct.unpack_from("<Q", data, position)
        (head,) = struct.unpack_from("<I", data, position + 8)
        if head != masked(crc32c(data[position : position + 8])):
            raise ValueError(f"the length at byte {position} fails its checksum")
        payload = data[position + 12 : position + 12 + length]
        (tail,) = struct.unpack_from("<I", data, position + 12 + length)
        if len(payload) != length or tail != masked(crc32c(payload)):
            raise ValueError(f"the record at byte {position} fails its checksum")
        yield payload
        position += 16 + length


def protobuf(data):
    """(field number, wire type, value) of each field of a protocol buffer message."""

    def varint(position):
        value, shift = 0, 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value, position

    position = 0
    while position < len(data):
        key, position = varint(position)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, position = varint(position)
        elif wire == 1:
            value, position = data[position : position + 8], position + 8
        elif wire == 5:
            value, position = data[position : position + 4], position + 4
        elif wire == 2:
            length, position = varint(position)
            value, position = data[position : position + length], position + length
        else:
            raise ValueError(f"wire type {wire} is not known")
        yield number, wire, value


def read_scalars(path):
    """{tag: [(step, value)]} of a TensorBoard event file. Event: 2 step, 5 summary; Summary: 1 value; Value: 1 tag,
    2 simple_value."""
    scalars = {}
    for record in read_records(path.read_bytes()):
        step = 0
        for number, _, value in protobuf(record):
            if number == 2:
                step = value
            if number != 5:
                continue
            for field, _, item in protobuf(value):
                parts = {key: content for key, _, content in protobuf(item)} if field == 1 else {}
                if 2 in parts:
                    scalars.setdefault(parts[1].decode(), []).append((step, struct.unpack("<f", parts[2])[0]))
    return scalars
