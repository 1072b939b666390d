// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/dataset_files.h"

#include "base/error.h"
#include "base/random.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace saeception {
namespace fs = std::filesystem;
namespace {

struct DatasetFiles {
    fs::path train;
    fs::path validation;  ///< empty: there is none
};

DatasetFiles findFiles(const DatasetConfig& config, std::string_view extension) {
    const auto wanted = [&] {
        return fmt::format("a folder with train.{0}, or to one .{0} file", extension);
    };
    if (config.path.empty())
        fail("dataset.path is not set; set it to {}, e.g. dataset.path=data/{}", wanted(), config.name);
    std::error_code code;
    if (fs::is_regular_file(config.path, code))
        return {config.path, {}};
    if (!fs::is_directory(config.path, code))
        fail("{} does not exist; set dataset.path to {}", config.path, wanted());
    const auto file = [&](std::string_view stem) {
        return fs::path(config.path) / fmt::format("{}.{}", stem, extension);
    };
    if (!fs::exists(file("train"), code))
        fail("{} does not exist; set dataset.path to {}", file("train").string(), wanted());
    for (const char* stem : {"dev", "validation", "valid", "val", "test"})
        if ((extension != "tsv" || std::string_view(stem) != "test") && fs::exists(file(stem), code))
            return {file("train"), file(stem)};
    return {file("train"), {}};
}

void carveValidation(Dataset& dataset, const ExperimentConfig& config, const fs::path& file) {
    const double fraction = config.dataset.validationSplit;
    Split& train = dataset.train;
    if (!(fraction > 0.0 && fraction < 1.0))
        fail(
            "dataset.validation_split={} leaves one of the splits empty and there is no validation file; set "
            "it between 0 and 1",
            fraction);
    if (train.size() < 2)
        fail(
            "{}: one example cannot be split into training and validation; add examples or a validation file",
            file.string());
    std::vector<std::size_t> order(train.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Rng(deriveSeed(static_cast<std::uint64_t>(config.seed), "validation split")).shuffle(order);
    const auto wanted = static_cast<std::size_t>(std::llround(fraction * static_cast<double>(train.size())));
    std::vector<bool> drawn(train.size(), false);
    for (std::size_t i = 0; i < std::clamp<std::size_t>(wanted, 1, train.size() - 1); ++i)
        drawn[order[i]] = true;
    Split kept;
    for (std::size_t i = 0; i < train.size(); ++i)
        (drawn[i] ? dataset.validation : kept).push_back(std::move(train[i]));
    train = std::move(kept);
}

}  // namespace

void checkDatasetFiles(const DatasetConfig& config, std::string_view extension) {
    (void)findFiles(config, extension);
}

Dataset readDatasetFiles(const ExperimentConfig& config, std::string_view extension, FileReader read) {
    const DatasetConfig& wanted = config.dataset;
    const DatasetFiles files = findFiles(wanted, extension);
    std::vector<ExampleList> lists;
    for (const fs::path& file : {files.train, files.validation}) {
        if (file.empty())
            continue;
        lists.emplace_back(wanted, file.string());
        read(file, wanted, lists.back());
    }
    const LabelBase base = ExampleList::labelBase(lists);
    if (base == LabelBase::One)
        spdlog::info("{}: its labels count from 1; 1 is '{}'", files.train.string(), wanted.classNames[0]);
    Dataset dataset;
    dataset.train = lists[0].finish(base);
    if (files.validation.empty())
        carveValidation(dataset, config, files.train);
    else
        dataset.validation = lists[1].finish(base);
    return dataset;
}

}  // namespace saeception
