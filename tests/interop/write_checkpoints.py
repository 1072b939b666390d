# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes .pt files with Python's own torch.save, for the engine to read: write_checkpoints.py FOLDER."""
import collections
import os
import pathlib
import sys

import torch

folder = pathlib.Path(sys.argv[1])

base = torch.arange(12.0)
state = collections.OrderedDict(weight=torch.full((2, 3), 0.5), bias=torch.tensor([1.0, -2.0]))
state._metadata = collections.OrderedDict([("", {"version": 1})])
values = {
    "ordered": state,
    "whole": base,
    "shared": base.view(3, 4)[1:],
    "transposed": base.view(3, 4).t(),
    "strided": base[1::3],
    "expanded": torch.tensor([[7.0]]).expand(4, 5),
    "parameter": torch.nn.Parameter(torch.ones(2)),
    "half": torch.tensor([0.5, -2.0]).half(),
    "bfloat16": torch.tensor([0.5, -3.0]).bfloat16(),
    "double": torch.tensor([1e300, 0.1], dtype=torch.float64),
    "int8": torch.tensor([-128, 127], dtype=torch.int8),
    "uint8": torch.tensor([0, 255], dtype=torch.uint8),
    "int16": torch.tensor([-32768], dtype=torch.int16),
    "int32": torch.tensor([-2147483648], dtype=torch.int32),
    "int64": torch.tensor([2**62, -(2**62)]),
    "bool": torch.tensor([True, False]),
    "scalar": torch.tensor(4),
    "empty": torch.empty(0, 3),
    "tuple": (1, 2**40, -(2**40), 2**63 - 1, -(2**63), -1, 300, 70000),
    "nested": {"list": [1.5, True, None, "cr\u00e8me"], 7: {}},
    "long text": "x" * 70000,
}
for protocol in range(2, 6):
    torch.save(values, folder / f"protocol{protocol}.pt", pickle_protocol=protocol)
torch.save({"weight": torch.ones(3)}, folder / "legacy.pt", _use_new_zipfile_serialization=False)


class Command:
    def __reduce__(self):
        return os.system, (f"touch '{folder / 'executed'}'",)


for protocol in range(2, 6):
    torch.save({"weight": torch.ones(3), "command": Command()}, folder / f"command{protocol}.pt", pickle_protocol=protocol)
torch.save(torch.nn.Linear(2, 2), folder / "module.pt")
try:
    import numpy

    torch.save({"val_accuracy": numpy.float64(0.5)}, folder / "numpy.pt")
except ImportError:
    pass
print("written")
