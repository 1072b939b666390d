// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/dataset.h"

#include "base/error.h"
#include "data/csv.h"
#include "data/dataset_files.h"
#include "data/demo_corpus.h"
#include "data/jsonl.h"
#include "data/tokenizer_files.h"
#include "data/tsv.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

namespace saeception {
namespace {

struct Format {
    std::string_view name;  ///< also the files' extension
    FileReader read;        ///< null: generated, without files
};

constexpr Format formats[] = {{"tsv", readTsv}, {"csv", readCsv}, {"jsonl", readJsonl}, {"demo", nullptr}};

const Format& formatNamed(const std::string& name) {
    const auto* found =
        std::find_if(std::begin(formats), std::end(formats), [&](const Format& f) { return f.name == name; });
    if (found != std::end(formats))
        return *found;
    std::string known;
    for (const Format& format : formats)
        known += (known.empty() ? "" : ", ") + std::string(format.name);
    fail("dataset.format={} cannot be read; set it to one of {}", name, known);
}

}  // namespace

void checkInputFiles(const ExperimentConfig& config) {
    if (const Format& format = formatNamed(config.dataset.format); format.read != nullptr)
        checkDatasetFiles(config.dataset, format.name);
    if (config.model.tokenizer != "train")
        checkTokenizerFiles(config.model.tokenizer);
    std::error_code code;
    if (config.model.init != "random" && !std::filesystem::exists(config.model.init, code))
        fail(
            "model.init={} does not exist; give a .safetensors or .pt file, a folder with model.safetensors, "
            "or random",
            config.model.init);
}

Dataset loadDataset(const ExperimentConfig& config) {
    const DatasetConfig& wanted = config.dataset;
    const Format& format = formatNamed(wanted.format);
    if (wanted.numClasses < 2)
        fail("dataset.num_classes={} leaves nothing to tell apart; set it to 2 or more", wanted.numClasses);
    if (wanted.classNames.size() != static_cast<std::size_t>(wanted.numClasses))
        fail("dataset.class_names has {} names for dataset.num_classes={}; give one name per class",
             wanted.classNames.size(), wanted.numClasses);
    Dataset dataset =
        format.read != nullptr ? readDatasetFiles(config, format.name, format.read) : makeDemoCorpus(config);
    dataset.name = wanted.name;
    dataset.classNames = wanted.classNames;
    if (wanted.limit > 0 && static_cast<std::size_t>(wanted.limit) < dataset.train.size())
        dataset.train.resize(static_cast<std::size_t>(wanted.limit));
    return dataset;
}

}  // namespace saeception
