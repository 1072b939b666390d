// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the sparse autoencoder and of sharpening.
#include "config/schema_builder.h"

namespace saeception {

void addSaeKeys(KeyTable& table) {
    using C = ExperimentConfig;
    using S = SaeConfig;
    using P = SharpeningConfig;
    const std::string typeRemedy = "this build trains TopK autoencoders only; use sae.sae_type=topk";
    table.add("sae.sae_type", &C::sae, &S::saeType)
        .choices({"topk"})
        .declined("l1", typeRemedy)
        .declined("topk_ste", typeRemedy)
        .doc("Kind of autoencoder: topk keeps the k largest pre-activations of each row (Gao et al. 2024).");
    table.add("sae.expansion_factor", &C::sae, &S::expansionFactor)
        .range(1, 1024)
        .doc("Number of features as a multiple of model.hidden_size.");
    table.add("sae.k", &C::sae, &S::k)
        .unit("features")
        .range(1, 1000000)
        .doc("Features that may fire on one token.");
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
    table.add("sae.learning_rate", &C::sae, &S::learningRate).above(0, 10).doc("Learning rate of Adam.");
    table.add("sae.batch_size", &C::sae, &S::batchSize)
        .unit("tokens")
        .range(1, 1048576)
        .doc("Activations in one optimiser step.");
    table.add("sae.epochs", &C::sae, &S::epochs)
        .unit("epochs")
        .range(1, 10000)
        .doc("Passes over the stored activations.");
    table.add("sae.weight_decay", &C::sae, &S::weightDecay).range(0, 10).doc("Decoupled weight decay.");

    const std::string sharpenRemedy = "this build sharpens per class only; use sharpening.type=per_class";
    table.add("sharpening.type", &C::sharpening, &P::type)
        .choices({"per_class"})
        .declined("per_example", sharpenRemedy)
        .declined("random", sharpenRemedy)
        .doc(
            "How codes are cleaned into targets: per_class keeps, for each label, the features with the "
            "highest mean "
            "activation over it.");
    table.add("sharpening.top_k_pct", &C::sharpening, &P::topKPct)
        .unit("%")
        .above(0, 100)
        .doc("Share of the features that sharpening keeps.");
}

}  // namespace saeception
