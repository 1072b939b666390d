// SPDX-License-Identifier: GPL-3.0-or-later
#include "features/feature_report.h"

#include "base/error.h"
#include "features/feature_query.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace saeception {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<Band, const char*>, bandCount> bands = {{{Band::Top, "top"},
                                                                        {Band::Upper, "upper"},
                                                                        {Band::Middle, "middle"},
                                                                        {Band::Low, "low"},
                                                                        {Band::NearMiss, "near_misses"}}};

// A decimal number that is read back as the same float; null for what is no number.
Json number(float value) {
    if (!std::isfinite(value))
        return nullptr;
    return std::strtod(fmt::format("{}", value).c_str(), nullptr);
}

Json byClass(const FeatureIndex& index, std::span<const float> table, int feature) {
    Json json = Json::object();
    for (int c = 0; c < index.classCount(); ++c)
        json[index.classNames()[static_cast<std::size_t>(c)]] =
            number(table[static_cast<std::size_t>(feature * index.classCount() + c)]);
    return json;
}

Json className(const FeatureIndex& index, int label) {
    return label < 0 ? Json() : Json(index.classNames()[static_cast<std::size_t>(label)]);
}

Json sentenceJson(const FeatureIndex& index, const ShadedSentence& sentence) {
    Json json;
    json["split"] = sentence.split == SplitKind::Train ? "train" : "validation";
    json["example"] = sentence.example;
    json["label"] = className(index, sentence.label);
    json["prediction"] = className(index, sentence.prediction);
    json[sentence.nearMiss ? "lacked" : "peak"] = number(sentence.peak);
    json["peak_token"] = sentence.peakToken;
    json["tokens"] = sentence.tokens;
    Json activations = Json::array();
    for (const float activation : sentence.activations)
        activations.push_back(number(activation));
    json["activations"] = std::move(activations);
    return json;
}

Json tokensJson(const std::vector<TokenEffect>& tokens) {
    Json json = Json::array();
    for (const TokenEffect& token : tokens)
        json.push_back({{"token", token.text}, {"logit", number(token.logit)}});
    return json;
}

}  // namespace

Json featureRowJson(const FeatureIndex& index, int feature, const FeatureLabels& labels) {
    const auto written = labels.find(feature);
    const FeatureLabel label = written == labels.end() ? FeatureLabel{} : written->second;
    Json json;
    json["feature"] = feature;
    json["label"] = label.label;
    json["starred"] = label.starred;
    json["lists"] = label.lists;
    json["note"] = label.note;
    json["fires"] = index.fires()[static_cast<std::size_t>(feature)];
    for (const FeatureNumberName& name : featureNumberNames())
        if (name.number != FeatureNumber::Feature && name.number != FeatureNumber::Fires)
            json[name.name] = number(featureNumber(index, feature, name.number));
    json["strongest_class"] = className(index, index.strongestClass(feature));
    json["favoured_class"] = className(index, index.favouredClass(feature));
    json["class_mean"] = byClass(index, index.classMean(), feature);
    json["class_effect"] = byClass(index, index.classEffect(), feature);
    json["fires_on"] = index.peakTokens(feature, 5);
    return json;
}

Json featureJson(const FeatureIndex& index, int feature, const FeatureLabels& labels, int sentences) {
    Json json = featureRowJson(index, feature, labels);
    json["sentence_mean"] = byClass(index, index.sentenceMean(), feature);
    Json histogram = {{"edges", Json::array()}};
    for (const float edge : index.histogramEdges(feature))
        histogram["edges"].push_back(number(edge));
    for (int c = 0; c < index.classCount(); ++c)
        histogram["counts"][index.classNames()[static_cast<std::size_t>(c)]] = index.histogram(feature, c);
    json["histogram"] = std::move(histogram);
    json["top_tokens"] = tokensJson(index.topTokens(feature));
    json["bottom_tokens"] = tokensJson(index.bottomTokens(feature));
    json["neighbours"] = Json::array();
    for (const NeighbourFeature& neighbour : index.neighbours(feature))
        json["neighbours"].push_back({{"feature", neighbour.feature}, {"cosine", number(neighbour.cosine)}});
    json["fires_with"] = Json::array();
    for (const Companion& companion : index.companions(feature))
        json["fires_with"].push_back({{"feature", companion.feature},
                                      {"jaccard", number(companion.jaccard)},
                                      {"share", number(companion.share)}});
    if (!index.conceptNames().empty()) {
        json["concepts"] = Json::array();
        for (const ConceptMatch& match : index.conceptsOf(feature))
            json["concepts"].push_back(
                {{"concept", index.conceptNames()[static_cast<std::size_t>(match.conceptId)]},
                 {"precision", number(static_cast<float>(match.precision))},
                 {"recall", number(static_cast<float>(match.recall))},
                 {"f1", number(static_cast<float>(match.f1))},
                 {"auroc", number(static_cast<float>(match.auroc))}});
    }
    for (const auto& [band, name] : bands) {
        Json list = Json::array();
        for (const ShadedSentence& sentence : index.sentences(feature, band, sentences))
            list.push_back(sentenceJson(index, sentence));
        json["sentences"][name] = std::move(list);
    }
    return json;
}

}  // namespace saeception
