// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the sparse autoencoder.
#include "config/schema_builder.h"

namespace saeception {
namespace {

void addSparsityPenalties(KeyTable& table) {
    using C = ExperimentConfig;
    using S = SaeConfig;
    table.add("sae.l1_penalty", &C::sae, &S::l1Penalty)
        .range(0, 1000)
        .doc("l1: weight of the mean over rows of the sum of activations.");
    table.add("sae.l0_penalty", &C::sae, &S::l0Penalty)
        .range(0, 1000)
        .doc("jumprelu: weight of the mean number of active features a row.");
    table.add("sae.bandwidth", &C::sae, &S::bandwidth)
        .above(0, 1000)
        .doc("jumprelu: width of the kernel through which gradients reach the thresholds.");
    table.add("sae.initial_threshold", &C::sae, &S::initialThreshold)
        .above(0, 1000)
        .doc("jumprelu: threshold that every feature starts with.");
    table.add("sae.sparsity_warmup_steps", &C::sae, &S::sparsityWarmupSteps)
        .unit("steps")
        .range(0, 10000000)
        .doc("l1, jumprelu: optimiser steps over which the penalty rises linearly from zero.");
}

}  // namespace

void addSaeKeys(KeyTable& table) {
    using C = ExperimentConfig;
    using S = SaeConfig;
    table.add("sae.sae_type", &C::sae, &S::saeType)
        .choices({"topk", "topk_ste", "batch_topk", "jumprelu", "l1"})
        .doc(
            "Kind of autoencoder. topk keeps the k largest pre-activations of each row (Gao et al. 2024); "
            "topk_ste does too, but lets gradients reach every unit that relu passes; batch_topk keeps k a "
            "row on "
            "average over the batch (Bussmann et al. 2024); jumprelu learns a threshold for each feature "
            "(Rajamanoharan et al. 2024); l1 is the plain ReLU autoencoder with an L1 penalty.");
    table.add("sae.expansion_factor", &C::sae, &S::expansionFactor)
        .range(1, 1024)
        .doc("Number of features as a multiple of model.hidden_size.");
    table.add("sae.k", &C::sae, &S::k)
        .unit("features")
        .range(1, 1000000)
        .doc("Features that may fire on one token (topk, topk_ste), or do on average (batch_topk).");
    addSparsityPenalties(table);
    table.add("sae.aux_k", &C::sae, &S::auxK)
        .unit("features")
        .range(0, 1000000)
        .doc(
            "Dead features that AuxK lets explain what the live ones leave over, to revive them; 0 turns "
            "AuxK off.");
    table.add("sae.aux_k_coef", &C::sae, &S::auxKCoef).range(0, 1000).doc("Weight of the AuxK loss.");
    table.add("sae.dead_tokens_threshold", &C::sae, &S::deadTokensThreshold)
        .unit("tokens")
        .range(1, largestInteger)
        .doc("A feature that has not fired for this many tokens counts as dead.");
    table.add("sae.resample_interval", &C::sae, &S::resampleInterval)
        .unit("steps")
        .range(0, largestInteger)
        .doc(
            "Optimiser steps between re-initialisations of dead features from badly reconstructed tokens; 0 "
            "never does.");
    table.add("sae.token_level", &C::sae, &S::tokenLevel)
        .doc(
            "Train on every real token, each with its sentence's label; false trains on sentence activations "
            "only.");
    table.add("sae.skip_first_token", &C::sae, &S::skipFirstToken)
        .doc(
            "Leave out position 0, whose norm in GPT-2 dwarfs all others, except in sentences of one token.");
    table.add("sae.project_decoder_grad", &C::sae, &S::projectDecoderGrad)
        .doc("Remove the part of the decoder's gradient that lies along its unit columns.");
    table.add("sae.normalize_activations", &C::sae, &S::normalizeActivations)
        .choices({"none", "expected_norm"})
        .doc(
            "expected_norm scales activations so that their mean norm is the square root of their width "
            "while the "
            "autoencoder trains, which makes penalties comparable between models; the scale is folded into "
            "the "
            "saved weights.");
    table.add("sae.learning_rate", &C::sae, &S::learningRate).above(0, 10).doc("Peak learning rate of Adam.");
    table.add("sae.warmup_steps", &C::sae, &S::warmupSteps)
        .unit("steps")
        .range(0, 10000000)
        .doc("Optimiser steps over which the learning rate rises linearly from zero.");
    table.add("sae.decay_fraction", &C::sae, &S::decayFraction)
        .range(0, 1)
        .doc("Share of all steps, at the end, over which the learning rate falls linearly to zero.");
    table.add("sae.max_grad_norm", &C::sae, &S::maxGradNorm)
        .range(0, 1000000)
        .doc("Gradients are scaled down when their total 2-norm exceeds this; 0 leaves them as they are.");
    table.add("sae.batch_size", &C::sae, &S::batchSize)
        .unit("tokens")
        .range(1, 1048576)
        .doc("Activations in one optimiser step.");
    table.add("sae.epochs", &C::sae, &S::epochs)
        .unit("epochs")
        .range(1, 10000)
        .doc("Passes over the stored activations.");
    table.add("sae.weight_decay", &C::sae, &S::weightDecay).range(0, 10).doc("Decoupled weight decay.");
}

}  // namespace saeception
