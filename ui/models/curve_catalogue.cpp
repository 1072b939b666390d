// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curve_catalogue.h"

#include "cycle/scalar_tags.h"

#include <QCoreApplication>

#include <utility>

namespace saeception {
namespace {

QString words(const char* text) {
    return QCoreApplication::translate("ChartCatalogue", text);
}

// "gradient_norm" reads "Gradient norm".
QString fromIdentifier(std::string_view name) {
    QString text = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    text.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QString sectionOf(std::string_view prefix) {
    if (prefix == "train" || prefix == "validation" || prefix == "epoch")
        return words("Fine-tuning");
    if (prefix == "sae")
        return words("Sparse autoencoder");
    if (prefix == "process")
        return words("Speed and memory");
    return prefix.empty() ? words("Other") : fromIdentifier(prefix);
}

}  // namespace

const CurveTag* ChartSpec::find(std::string_view tag) const {
    for (const CurveTag& entry : tags)
        if (entry.tag == tag)
            return &entry;
    return nullptr;
}

std::vector<ChartSpec> knownCharts() {
    std::vector<ChartSpec> charts;
    const auto add = [&](const char* title, const QString& emptyText, std::vector<CurveTag> tags) {
        const std::string_view first = tags.front().tag;
        const bool speed = first.ends_with("tokens_per_second");
        const QString section = sectionOf(speed ? "process" : first.substr(0, first.find('/')));
        charts.push_back(
            {tags.front().tag, words(title), section, emptyText, std::move(tags), !emptyText.isEmpty()});
    };
    const auto smoothed = [](const char* tag) { return CurveTag{tag, false, true, words("training")}; };
    const auto exact = [](const char* tag) { return CurveTag{tag, false, false, words("training")}; };
    const auto dashed = [](const char* tag, const char* kind) {
        return CurveTag{tag, true, false, words(kind)};
    };
    const QString tuning = words("Starts with fine-tuning.");
    const QString later = words("Starts with cycle 1, when targets exist.");
    const QString sae = words("Starts when the SAE is trained.");
    // Validation loss is cross-entropy alone, so it belongs with the task loss and not with the total.
    add("Task loss", tuning, {smoothed(tags::trainTaskLoss), dashed(tags::validationLoss, "validation")});
    add("Accuracy", tuning, {smoothed(tags::trainAccuracy), dashed(tags::validationAccuracy, "validation")});
    add("Auxiliary loss", later,
        {smoothed(tags::trainAuxiliaryLoss), dashed(tags::auxiliaryLossEpoch, "epoch mean")});
    add("Total loss", tuning, {smoothed(tags::trainLoss)});
    add("Learning rate", tuning, {exact(tags::trainLearningRate)});
    add("Gradient norm", tuning, {smoothed(tags::trainGradientNorm)});
    add("Reconstruction loss", sae,
        {smoothed(tags::saeReconstruction), dashed(tags::saeValidationReconstruction, "validation")});
    add("Explained variance", sae,
        {smoothed(tags::saeExplainedVariance), dashed(tags::saeValidationExplainedVariance, "validation")});
    add("L0, active features", sae, {smoothed(tags::saeL0), dashed(tags::saeValidationL0, "validation")});
    add("Dead features, %", sae, {exact(tags::saeDeadPct)});
    add("Total SAE loss", sae, {smoothed(tags::saeLoss)});
    // These come with some kinds of autoencoder, or while a run is live.
    add("Sparsity loss", {}, {smoothed(tags::saeSparsityLoss)});
    add("AuxK loss", {}, {smoothed(tags::saeAuxiliaryLoss)});
    add("Learning rate", {}, {exact(tags::saeLearningRate)});
    add("Gradient norm", {}, {smoothed(tags::saeGradientNorm)});
    add("Fine-tuning, tokens per second", tuning, {smoothed(tags::trainTokensPerSecond)});
    add("SAE, tokens per second", sae, {smoothed(tags::saeTokensPerSecond)});
    add("Memory, MB", {}, {exact(tags::processMemory)});
    add("CPU, % of one core", {}, {smoothed(tags::processCpu)});
    return charts;
}

ChartSpec chartForTag(const std::string& tag) {
    const std::string_view name = tag;
    const std::size_t slash = name.find('/');
    const std::string_view prefix =
        slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
    const std::string_view rest = slash == std::string_view::npos ? name : name.substr(slash + 1);
    ChartSpec spec{tag, fromIdentifier(rest.empty() ? name : rest), sectionOf(prefix), {}, {}, false};
    const bool validation = prefix == "validation" || prefix == "epoch";
    const bool exact = validation || rest == "learning_rate";
    spec.tags.push_back({tag, validation, !exact});
    return spec;
}

}  // namespace saeception
