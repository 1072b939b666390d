# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an exported classifier as Hugging Face's GPT2ForSequenceClassification computes it, from config.json and
model.safetensors alone, and compares its logits: check_transformers.py FOLDER EXPECTED, where EXPECTED is a
safetensors file with input_ids (right-padded), lengths and logits."""
import pathlib
import sys

import torch
from torch.nn import functional as F

from formats import read_safetensors, strict_json

folder = pathlib.Path(sys.argv[1])
config = strict_json((folder / "config.json").read_text())
weights, metadata = read_safetensors(folder / "model.safetensors")
expected, _ = read_safetensors(pathlib.Path(sys.argv[2]))

assert metadata["format"] == "pt"
assert config["model_type"] == "gpt2" and config["architectures"] == ["GPT2ForSequenceClassification"]
assert config["activation_function"] == "gelu_new"
labels = weights["score.weight"].shape[0]
assert [config["label2id"][config["id2label"][str(i)]] for i in range(labels)] == list(range(labels))
vocabulary = strict_json((folder / "vocab.json").read_text())
assert vocabulary["<|endoftext|>"] == config["pad_token_id"] == config["eos_token_id"]
assert len(vocabulary) <= config["vocab_size"] == weights["transformer.wte.weight"].shape[0]
assert (folder / "merges.txt").read_text().startswith("#version")
assert strict_json((folder / "tokenizer_config.json").read_text())["tokenizer_class"] == "GPT2Tokenizer"
assert strict_json((folder / "special_tokens_map.json").read_text())["pad_token"] == "<|endoftext|>"

used = set()


def weight(name):
    used.add(name)
    return weights[name]


def norm(x, name):
    return F.layer_norm(x, (config["n_embd"],), weight(name + ".weight"), weight(name + ".bias"), config["layer_norm_epsilon"])


def conv1d(x, name):
    return x @ weight(name + ".weight") + weight(name + ".bias")


def gelu_new(x):
    return 0.5 * x * (1.0 + torch.tanh((2.0 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))


def heads(x):
    return x.view(*x.shape[:-1], config["n_head"], -1).transpose(-2, -3)


ids = expected["input_ids"]
columns = ids.shape[1]
x = weight("transformer.wte.weight")[ids] + weight("transformer.wpe.weight")[:columns]
causal = torch.ones(columns, columns).tril().bool()
for layer in range(config["n_layer"]):
    stem = f"transformer.h.{layer}."
    q, k, v = map(heads, conv1d(norm(x, stem + "ln_1"), stem + "attn.c_attn").split(config["n_embd"], dim=-1))
    scores = (q @ k.transpose(-1, -2)) / q.shape[-1] ** 0.5
    mixed = scores.masked_fill(~causal, float("-inf")).softmax(-1) @ v
    x = x + conv1d(mixed.transpose(-2, -3).reshape(x.shape), stem + "attn.c_proj")
    x = x + conv1d(gelu_new(conv1d(norm(x, stem + "ln_2"), stem + "mlp.c_fc")), stem + "mlp.c_proj")
last = norm(x, "transformer.ln_f")[torch.arange(len(ids)), expected["lengths"] - 1]
logits = last @ weight("score.weight").T
assert used == set(weights), sorted(used ^ set(weights))
error = (logits - expected["logits"]).abs().max() / expected["logits"].abs().max()
assert error < 1e-4, f"logits differ by {error:.2e}"
print("same logits", list(config["id2label"].values()))
