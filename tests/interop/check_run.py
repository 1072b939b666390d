# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks every file of a run that other programs read: check_run.py RUN. TensorBoard files hold, with right
checksums, every scalar of metrics.jsonl; results are JSON without NaN and say in .pt what they say in .json; every
checkpoint opens."""
import math
import pathlib
import sys
import warnings

import torch

from formats import read_safetensors, read_scalars, strict_json

warnings.filterwarnings("ignore")
run = pathlib.Path(sys.argv[1])

logged = {}
for line in (run / "metrics.jsonl").read_text().splitlines():
    entry = strict_json(line)
    if "tag" in entry:
        logged.setdefault(f"cycle_{entry['cycle']}/{entry['tag']}", []).append((entry["step"], entry["value"]))
    elif entry.get("event") == "cycle_evaluated":
        for key, value in entry["metrics"].items():
            if not key.endswith(("_low", "_high")):  # the ends of intervals are no curves
                logged.setdefault(f"cycles/{key}", []).append((entry["cycle"], value))
assert logged, "metrics.jsonl holds no scalar"
events = list(run.glob("events.out.tfevents.*"))
assert events, "there is no TensorBoard file"
shown = {}
for file in events:
    for tag, values in read_scalars(file).items():
        shown.setdefault(tag, []).extend(values)
for tag, values in logged.items():
    assert tag in shown, f"TensorBoard lacks {tag}"
    assert len(values) == len(shown[tag]), f"{tag}: {len(shown[tag])} of {len(values)} values in TensorBoard"
    for (step, value), (their_step, their_value) in zip(values, shown[tag]):
        value = float(value)  # "NaN" where there is none
        same = math.isnan(value) and math.isnan(their_value) or math.isclose(value, their_value, rel_tol=1e-6, abs_tol=1e-30)
        assert step == their_step and same, f"{tag} at {step}: {value}, in TensorBoard {their_value} at {their_step}"

checkpoints = run / "checkpoints"
results = sorted(checkpoints.glob("results_cycle_*.json"))
assert results, "there are no results"
metrics = 0


def numbers(node, prefix=""):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from numbers(value, f"{prefix}{key}/")
    elif isinstance(node, (int, float)) and not isinstance(node, bool):
        yield prefix, float(node)


for file in results:
    told = dict(numbers(strict_json(file.read_text())))
    saved = dict(numbers(torch.load(file.with_suffix(".pt"), weights_only=False)))
    metrics += len(told)
    for key, value in told.items():
        assert key in saved and math.isclose(saved[key], value, rel_tol=1e-9), f"{file.name}: {key}"

files = sorted(checkpoints.glob("*_best.pt"))
for file in files:
    checkpoint = torch.load(file, weights_only=int(torch.__version__.split(".")[0]) >= 2)
    assert checkpoint["epoch"] >= 1 and all(torch.isfinite(t).all() for t in checkpoint["model_state_dict"].values()), file
for file in run.glob("features/*/*.safetensors"):
    assert read_safetensors(file)[0], file
print(f"{len(logged)} tags, {len(results)} results of {metrics} numbers, {len(files)} checkpoints")
