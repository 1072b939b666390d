# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an exported autoencoder by SAELens's formulas and compares with what the engine made of the same rows:
check_saelens.py FOLDER EXPECTED, where EXPECTED is a safetensors file with rows, code and reconstruction."""
import pathlib
import sys

import torch

from formats import read_safetensors, strict_json

folder = pathlib.Path(sys.argv[1])
config = strict_json((folder / "cfg.json").read_text())
weights, _ = read_safetensors(folder / "sae_weights.safetensors")
expected, _ = read_safetensors(pathlib.Path(sys.argv[2]))

d_in, d_sae = config["d_in"], config["d_sae"]
assert weights["W_enc"].shape == (d_in, d_sae) and weights["W_dec"].shape == (d_sae, d_in)
assert weights["b_enc"].shape == (d_sae,) and weights["b_dec"].shape == (d_in,)
assert config["normalize_activations"] == "none" and config["reshape_activations"] == "none"
assert config["metadata"]["hook_name"] == config["hook_name"] and config["dtype"] == "float32"
assert int(config["metadata"]["sae_lens_version"].split(".")[0]) >= 6
assert set(weights) == {"W_enc", "W_dec", "b_enc", "b_dec"} | ({"threshold"} if config["architecture"] == "jumprelu" else set())

sae_in = expected["rows"] - weights["b_dec"] * config["apply_b_dec_to_input"]
hidden_pre = sae_in @ weights["W_enc"] + weights["b_enc"]
if config["architecture"] == "standard":
    code = hidden_pre.relu()
elif config["architecture"] == "topk":
    assert config["k"] == config["activation_fn_kwargs"]["k"] and not config["rescale_acts_by_decoder_norm"]
    top = torch.topk(hidden_pre, k=config["k"], dim=-1)
    code = torch.zeros_like(hidden_pre).scatter(-1, top.indices, top.values.relu())
elif config["architecture"] == "jumprelu":
    assert weights["threshold"].shape == (d_sae,)
    code = hidden_pre.relu() * (hidden_pre > weights["threshold"].relu())
else:
    raise ValueError(config["architecture"])
reconstruction = code @ weights["W_dec"] + weights["b_dec"]

for name, ours in (("code", code), ("reconstruction", reconstruction)):
    error = (ours - expected[name]).abs().max() / expected[name].abs().max()
    assert error < 1e-5, f"{name} differs by {error:.2e}"
print(config["architecture"], config["hook_name"], config["model_name"], f"{(code > 0).float().sum(1).mean():.1f}")
