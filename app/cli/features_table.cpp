// SPDX-License-Identifier: GPL-3.0-or-later
#include "features_table.h"

#include "base/error.h"
#include "base/format_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace saeception {
namespace {

using Cells = std::vector<std::string>;

std::string shortened(const std::string& text, std::size_t width) {
    if (displayWidth(text) <= width)
        return text;
    const auto isContinuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    std::string kept = text;
    while (!kept.empty() && displayWidth(kept) > width - 1) {
        while (isContinuation(kept.back()))
            kept.pop_back();
        kept.pop_back();
    }
    return kept + "…";
}

std::string joined(const Cells& parts, const std::string& between) {
    std::string text;
    for (const std::string& part : parts) {
        text += text.empty() ? "" : between;
        text += part;
    }
    return text;
}

std::string written(const FeatureLabels& labels, int feature) {
    const auto found = labels.find(feature);
    if (found == labels.end())
        return {};
    return (found->second.starred ? std::string("★ ") : std::string()) + found->second.label;
}

std::string favoured(const FeatureIndex& index, int feature) {
    const int label = index.favouredClass(feature);
    return label < 0 ? "–" : index.classNames()[static_cast<std::size_t>(label)];
}

// The last columns hold text and stand on the left of their cells.
std::string aligned(const std::vector<Cells>& rows, std::size_t firstText, std::size_t columns) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const Cells& row : rows)
        for (std::size_t c = 0; c < row.size(); ++c)
            widths[c] = std::max(widths[c], displayWidth(row[c]));
    std::string text;
    for (const Cells& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            line += c == 0 ? "" : "  ";
            line += c < firstText ? padLeft(row[c], widths[c]) : padRight(row[c], widths[c]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += (columns > 0 ? shortened(line, columns) : line) + '\n';
    }
    return text;
}

std::string sentenceLine(const FeatureIndex& index, const ShadedSentence& sentence, float scale,
                         const ConsoleStyle& style) {
    std::string text;
    for (std::size_t t = 0; t < sentence.tokens.size(); ++t) {
        const std::string token = oneLine(sentence.tokens[t]);
        const bool peak = static_cast<int>(t) == sentence.peakToken;
        if (style.colour && sentence.activations[t] > 0) {
            // Five shades of the terminal's own blue, from the 256-colour cube.
            constexpr int shades[] = {17, 18, 19, 20, 21};
            const auto shade = std::min(4, static_cast<int>(5 * sentence.activations[t] / scale));
            text += fmt::format("\x1b[97;48;5;{}{}m{}\x1b[0m", shades[shade], peak ? ";1" : "", token);
        } else if (!style.colour && peak) {
            const std::size_t ink = std::min(token.find_first_not_of(' '), token.size());
            text += token.substr(0, ink) + "[" + token.substr(ink) + "]";
        } else {
            text += token;
        }
    }
    const std::string& label = index.classNames()[static_cast<std::size_t>(sentence.label)];
    const std::string& prediction = index.classNames()[static_cast<std::size_t>(sentence.prediction)];
    return fmt::format("  {}  {}  ({}{}, {} {})\n",
                       padLeft(fmt::format("{}{}", sentence.nearMiss ? "-" : "",
                                           formatNumber(static_cast<double>(sentence.peak))),
                               7),
                       text.substr(std::min(text.find_first_not_of(' '), text.size())), label,
                       prediction == label ? "" : ", predicted " + prediction,
                       sentence.split == SplitKind::Train ? "train" : "validation", sentence.example);
}

std::string bold(const std::string& text, const ConsoleStyle& style) {
    return style.colour ? "\x1b[1m" + text + "\x1b[0m" : text;
}

std::string numberedList(const Cells& entries) {
    return entries.empty() ? "none" : joined(entries, "  ");
}

}  // namespace

std::string featuresTable(const FeatureIndex& index, std::span<const int> features,
                          const FeatureLabels& labels, const ConsoleStyle& style) {
    const auto text = [](float value) { return formatNumber(static_cast<double>(value)); };
    std::vector<Cells> rows = {
        {"Feature", "Density", "Mean", "Max", "CSI", "U", "Effect", "Favours", "Fires on", "Label"}};
    for (const int f : features) {
        const auto i = static_cast<std::size_t>(f);
        rows.push_back({std::to_string(f), formatPercent(100 * static_cast<double>(index.density()[i])),
                        text(index.meanActivation()[i]), text(index.maxActivation()[i]), text(index.csi()[i]),
                        text(index.usefulness()[i]), text(index.signedEffect(f)), favoured(index, f),
                        index.isAlive(f) ? oneLine(joined(index.peakTokens(f, 4), " · ")) : "never fires",
                        oneLine(written(labels, f))});
    }
    return aligned(rows, 7, static_cast<std::size_t>(std::max(0, style.columns)));
}

std::string featureCardText(const FeatureIndex& index, int feature, const FeatureLabels& labels,
                            int sentences, const ConsoleStyle& style) {
    const auto f = static_cast<std::size_t>(feature);
    const auto text = [](float value) { return formatNumber(static_cast<double>(value)); };
    std::string card = bold(fmt::format("Feature {} of cycle {}", feature, index.cycle()), style) + '\n';
    if (const auto found = labels.find(feature); found != labels.end()) {
        if (!found->second.label.empty() || found->second.starred)
            card += written(labels, feature) + '\n';
        if (!found->second.note.empty())
            card += oneLine(found->second.note) + '\n';
    }
    if (index.isAlive(feature)) {
        card +=
            fmt::format("fires on {} of tokens ({}), mean {}, median {}, max {}, CSI {}, U {}\n",
                        formatPercent(100 * static_cast<double>(index.density()[f])), index.fires()[f],
                        text(index.meanActivation()[f]), text(index.quantiles(feature)[1]),
                        text(index.maxActivation()[f]), text(index.csi()[f]), text(index.usefulness()[f]));
    } else {
        card += "This feature never fired on this data set.\n";
    }
    Cells effects;
    Cells means;
    for (int c = 0; c < index.classCount(); ++c) {
        const auto cell = f * static_cast<std::size_t>(index.classCount()) + static_cast<std::size_t>(c);
        const std::string& name = index.classNames()[static_cast<std::size_t>(c)];
        effects.push_back(name + " " + text(index.classEffect()[cell]));
        means.push_back(name + " " + text(index.classMean()[cell]));
    }
    const auto tokens = [](const std::vector<TokenEffect>& list) {
        Cells parts;
        for (const TokenEffect& token : list)
            parts.push_back(
                fmt::format("'{}' {}", oneLine(token.text), formatNumber(static_cast<double>(token.logit))));
        return numberedList(parts);
    };
    Cells neighbours;
    for (const NeighbourFeature& neighbour : index.neighbours(feature))
        neighbours.push_back(fmt::format("{} ({})", neighbour.feature, text(neighbour.cosine)));
    Cells companions;
    for (const Companion& companion : index.companions(feature))
        companions.push_back(fmt::format("{} ({})", companion.feature,
                                         formatPercent(100 * static_cast<double>(companion.share))));
    card += "Mean by class:     " + numberedList(means) + '\n';
    card += "Effect on logits:  " + numberedList(effects) + '\n';
    if (!index.topTokens(feature).empty()) {
        card += "Raises tokens:     " + tokens(index.topTokens(feature)) + '\n';
        card += "Lowers tokens:     " + tokens(index.bottomTokens(feature)) + '\n';
        if (!index.origin().unembeddingTrained)
            card += "                   (this model's token embedding was never trained to predict tokens)\n";
    }
    card += "Nearest decoders:  " + numberedList(neighbours) + '\n';
    card += "Fires with:        " + numberedList(companions) + '\n';
    if (const std::vector<ConceptMatch> concepts = index.conceptsOf(feature); !concepts.empty()) {
        Cells parts;
        for (std::size_t i = 0; i < std::min<std::size_t>(3, concepts.size()); ++i)
            parts.push_back(fmt::format("{} (F1 {})",
                                        index.conceptNames()[static_cast<std::size_t>(concepts[i].conceptId)],
                                        formatNumber(concepts[i].f1)));
        card += "Concepts:          " + numberedList(parts) + '\n';
    }
    constexpr std::pair<Band, const char*> bands[] = {
        {Band::Top, "Strongest"},
        {Band::Upper, "Upper third of its activations"},
        {Band::Middle, "Middle third"},
        {Band::Low, "Lower third"},
        {Band::NearMiss, "Just not firing (how much it lacked)"}};
    for (const auto& [band, name] : bands) {
        const std::vector<ShadedSentence> list = index.sentences(feature, band);
        if (list.empty() || sentences == 0)
            continue;
        card += '\n' + bold(name, style) + '\n';
        for (std::size_t i = 0; i < std::min(list.size(), static_cast<std::size_t>(sentences)); ++i)
            card += sentenceLine(index, list[i], index.maxActivation()[f], style);
    }
    return card;
}

}  // namespace saeception
