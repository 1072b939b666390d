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
        return words("This program");
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
        const QString section = sectionOf(first.substr(0, first.find('/')));
        charts.push_back({tags.front().tag, words(title), section, emptyText, std::move(tags), true});
    };
    const auto plain = [](const char* tag) { return CurveTag{tag, false, true}; };
    const auto validation = [](const char* tag) { return CurveTag{tag, true, false}; };
    const auto unsmoothed = [](const char* tag) { return CurveTag{tag, false, false}; };
    const QString tuning = words("Starts with fine-tuning.");
    const QString later = words("Starts with cycle 1, when targets exist.");
    const QString sae = words("Starts when the SAE is trained.");
    // Validation loss is cross-entropy alone, so it belongs with the task loss and not with the total.
    add("Task loss", tuning, {plain(tags::trainTaskLoss), validation(tags::validationLoss)});
    add("Accuracy", tuning, {plain(tags::trainAccuracy), validation(tags::validationAccuracy)});
    add("Auxiliary loss", later, {plain(tags::trainAuxiliaryLoss), validation(tags::auxiliaryLossEpoch)});
    add("Total loss", tuning, {plain(tags::trainLoss)});
    add("Learning rate", tuning, {unsmoothed(tags::trainLearningRate)});
    add("Gradient norm", tuning, {plain(tags::trainGradientNorm)});
    add("Tokens per second", tuning, {plain(tags::trainTokensPerSecond)});
    add("Reconstruction loss", sae, {plain(tags::saeReconstruction)});
    add("Explained variance", sae, {plain(tags::saeExplainedVariance)});
    add("L0, active features", sae, {plain(tags::saeL0)});
    add("Dead features, %", sae, {unsmoothed(tags::saeDeadPct)});
    add("Total SAE loss", sae, {plain(tags::saeLoss)});
    add("Tokens per second", sae, {plain(tags::saeTokensPerSecond)});
    add("Memory, MB", words("Measured while a run is live."), {unsmoothed(tags::processMemory)});
    add("CPU, % of one core", words("Measured while a run is live."), {plain(tags::processCpu)});
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
