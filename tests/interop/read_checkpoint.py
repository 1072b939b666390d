# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a checkpoint of the engine as any Python program would and prints what is in it, one value a line:
read_checkpoint.py FILE. PyTorch 1.13's weights_only reader takes no floating-point numbers, not even in files of
its own (2.0 does), so "floats" says how a file that holds some was opened."""
import sys
import warnings

import torch

warnings.filterwarnings("ignore")


def load(path):
    try:
        return torch.load(path, weights_only=True), "weights_only"
    except Exception as error:
        if int(torch.__version__.split(".")[0]) >= 2 or "BINFLOAT" not in str(error) and "71" not in str(error):
            raise
    return torch.load(path, weights_only=False), "floats"


def show(name, value):
    if isinstance(value, dict):
        for key, item in value.items():
            show(f"{name}.{key}" if name else str(key), item)
    elif isinstance(value, torch.Tensor):
        # Every element weighs in by its place, so that a transposed or shifted tensor shows.
        flat = value.reshape(-1).double()
        weights = torch.arange(1, flat.numel() + 1).double().remainder(101)
        print(name, str(value.dtype).removeprefix("torch."), list(value.shape), repr((flat * weights).sum().item()))
    else:
        print(name, repr(value))


value, how = load(sys.argv[1])
print(how)
show("", value)
