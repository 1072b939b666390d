// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a run as a whole: seed, machine, folders, cycles.
#include "config/schema_builder.h"

namespace saeception {

void addRunKeys(KeyTable& table) {
    using C = ExperimentConfig;
    table.add("seed", &C::seed)
        .range(0, largestInteger)
        .doc(
            "Every stage derives its own random numbers from this one seed: initial weights, data order, "
            "dropout, "
            "k-means, the demo corpus. The same seed, settings and thread count repeat a run.");
    table.add("device", &C::device)
        .choices({"auto", "cpu"})
        .declined("cuda", "this build computes on the CPU only; use device=auto or device=cpu")
        .declined("gpu", "this build computes on the CPU only; use device=auto or device=cpu")
        .doc("Where tensors live. auto takes the best device that this build supports, which is the CPU.");
    table.add("threads", &C::threads)
        .unit("threads")
        .range(0, 1024)
        .doc("Worker threads for tensor operations; 0 takes every core the process may use.");
    table.add("start_from", &C::startFrom)
        .choices({"baseline", "finetuned"})
        .doc(
            "The model that each retraining towards sharpened targets starts from: finetuned goes on with "
            "the "
            "previous cycle's, baseline goes back to the one of cycle 0 every time.");
    table.add("output_dir", &C::outputDir)
        .doc(
            "Folder for runs; each run gets its own DATE/TIME folder in it unless hydra.run.dir=DIR names "
            "one.");
    table.add("checkpoint_dir", &C::checkpointDir)
        .mayBeEmpty()
        .doc(
            "A run, or a folder with checkpoints, from which stages take what their own run does not have. "
            "New "
            "checkpoints always go into the run's own folder.");
    const std::string wandbRemedy =
        "curves are written as TensorBoard files into the run folder instead, which 'wandb sync DIR' can "
        "upload; use "
        "wandb.mode=disabled";
    table.add("wandb.mode", &C::wandbMode)
        .choices({"disabled"})
        .declined("online", wandbRemedy)
        .declined("offline", wandbRemedy)
        .doc(
            "Weights & Biases is never contacted. Curves go to TensorBoard files in the run folder; 'wandb "
            "sync' can "
            "upload those.");

    table.add("cycle.current", &C::cycle, &CycleConfig::current)
        .unit("cycle")
        .range(0, 1000)
        .doc(
            "Cycle that a stage works on: train_sae and evaluate take model_cycle_N, train_auxiliary makes "
            "model_cycle_N+1 from it. For train_cycle the first cycle; after 0 it goes on from the "
            "checkpoints of "
            "the cycle before.");
    table.add("cycle.max_cycles", &C::cycle, &CycleConfig::maxCycles)
        .unit("cycles")
        .range(0, 1000)
        .doc(
            "Last cycle of the run, so also the number of sharpening rounds: 0 trains and evaluates the "
            "baseline only, "
            "1 adds one round of sharpening and retraining.");
    table.add("cycle.aux_loss_weight", &C::cycle, &CycleConfig::auxLossWeight)
        .range(0, 1000)
        .doc(
            "Lambda in L = cross-entropy + lambda * auxiliary loss when a model is retrained towards its "
            "sharpened "
            "targets; 0 is the control without targets.");
    table.add("cycle.aux_loss", &C::cycle, &CycleConfig::auxLoss)
        .choices({"cosine", "mse"})
        .doc(
            "Distance between the live activation and its sharpened target: cosine is 1 - mean cos(a, "
            "target), mse "
            "the mean squared difference.");
}

}  // namespace saeception
