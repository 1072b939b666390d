// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the language model: shape, weights, tokenizer, and how it is trained.
#include "config/schema_builder.h"

namespace saeception {
namespace {

using C = ExperimentConfig;
using M = ModelConfig;

void addShape(KeyTable& table) {
    table.add("model.name", &C::model, &M::name).doc("Name shown in tables and run lists.");
    table.add("model.hf_path", &C::model, &M::hfPath)
        .mayBeEmpty()
        .doc(
            "Name of the same model on the Hugging Face hub, kept as a record of where weights come from; "
            "nothing is "
            "downloaded.");
    table.add("model.init", &C::model, &M::init)
        .doc(
            "Initial weights: random, a .safetensors or .pt FILE, or a DIR holding model.safetensors and "
            "config.json.");
    table.add("model.tokenizer", &C::model, &M::tokenizer)
        .doc(
            "Byte-level BPE: a DIR with vocab.json and merges.txt, or train to learn one from the training "
            "sentences.");
    table.add("model.vocab_size", &C::model, &M::vocabSize)
        .unit("tokens")
        .range(257, 1000000)
        .doc(
            "Size of the vocabulary to train: 256 bytes, merges and the end-of-text token. A tokenizer read "
            "from "
            "files brings its own size.");
    table.add("model.hidden_size", &C::model, &M::hiddenSize)
        .unit("units")
        .range(1, 65536)
        .doc("Width of the residual stream; must be divisible by model.num_heads.");
    table.add("model.num_layers", &C::model, &M::numLayers)
        .unit("blocks")
        .range(1, 512)
        .doc("Number of transformer blocks.");
    table.add("model.num_heads", &C::model, &M::numHeads)
        .unit("heads")
        .range(1, 1024)
        .doc("Attention heads in each block.");
    table.add("model.max_positions", &C::model, &M::maxPositions)
        .unit("tokens")
        .range(1, 131072)
        .doc("Length of the position table; dataset.max_length must not exceed it.");
    table.add("model.dropout", &C::model, &M::dropout)
        .range(0, 0.95)
        .doc(
            "Probability of dropping an activation while training, on embeddings, attention and residual "
            "branches.");
    table.add("model.target_layer", &C::model, &M::targetLayer)
        .unit("block")
        .range(-512, 511)
        .doc(
            "Block whose output (before the final layer norm) the autoencoder learns and sharpening changes; "
            "0 is the "
            "first block, -1 the last.");
    table.add("model.precision", &C::model, &M::precision)
        .choices({"auto", "fp32"})
        .declined("bf16",
                  "this build computes in fp32 only; use model.precision=auto or model.precision=fp32")
        .doc(
            "Number format of matrix products. auto takes the fastest one this build supports, which is "
            "fp32.");
}

void addTraining(KeyTable& table) {
    table.add("model.learning_rate", &C::model, &M::learningRate)
        .above(0, 10)
        .doc("Peak learning rate of AdamW, reached after the warm-up and then lowered linearly to zero.");
    table.add("model.weight_decay", &C::model, &M::weightDecay)
        .range(0, 10)
        .doc("Decoupled weight decay of AdamW.");
    table.add("model.decay_all", &C::model, &M::decayAll)
        .doc("Apply weight decay to biases and layer norms too, as plain AdamW does; false leaves them out.");
    table.add("model.warmup_steps", &C::model, &M::warmupSteps)
        .unit("steps")
        .range(0, 10000000)
        .doc("Optimiser steps over which the learning rate rises linearly from zero.");
    table.add("model.max_grad_norm", &C::model, &M::maxGradNorm)
        .range(0, 1000000)
        .doc("Gradients are scaled down when their total 2-norm exceeds this; 0 leaves them as they are.");
    table.add("model.epochs_per_cycle", &C::model, &M::epochsPerCycle)
        .unit("epochs")
        .range(1, 10000)
        .doc(
            "Passes over the training sentences in each cycle, for fine-tuning and for retraining towards "
            "targets.");
    table.add("model.gradient_accumulation_steps", &C::model, &M::gradientAccumulationSteps)
        .unit("batches")
        .range(1, 10000)
        .doc("Batches whose gradients are added up for one optimiser step.");
}

}  // namespace

void addModelKeys(KeyTable& table) {
    addShape(table);
    addTraining(table);
}

}  // namespace saeception
