// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences of a run of three cycles that differ, as the models of the Sentences page read them.
#pragma once

#include "support/sentence_fixture.h"
#include "ui/models/sentence_filter_model.h"
#include "ui/models/sentence_table_model.h"

#include <QTemporaryDir>

#include <algorithm>

namespace saeception {

class SentenceSources {
protected:
    using Predictions = std::shared_ptr<const SentencePredictions>;
    using Kind = SentenceTableModel::Kind;
    using Outcome = SentenceFilter::Outcome;
    using Change = SentenceFilter::Change;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<SentencePredictions::Source> m_sources;

    std::filesystem::path root(const char* name = "run") const {
        return m_folder->filePath(QLatin1String(name)).toStdString();
    }
    static SentencePredictions::Source source(const std::filesystem::path& root, int cycle) {
        const auto index = fixture::openIndex(fixture::indexFile(root, cycle));
        return {cycle, index, std::make_shared<const SentenceSearch>(*index)};
    }
    Predictions make(std::vector<int> which, const Predictions& before = nullptr) const {
        std::vector<SentencePredictions::Source> sources;
        for (const int i : which)
            sources.push_back(m_sources[static_cast<std::size_t>(i)]);
        return SentencePredictions::make(sources, before.get());
    }
    static std::vector<fixture::Recounted> recount(const SentencePredictions& predictions) {
        std::vector<std::shared_ptr<const FeatureIndex>> indexes;
        for (const auto& cycle : predictions.cycles())
            indexes.push_back(cycle->index);
        return fixture::recount(indexes);
    }
    static std::vector<int> cyclesOf(const SentencePredictions& predictions) {
        std::vector<int> cycles;
        for (const auto& cycle : predictions.cycles())
            cycles.push_back(cycle->cycle);
        return cycles;
    }
    static std::vector<int> ascending(std::vector<int> rows) {
        std::sort(rows.begin(), rows.end());
        return rows;
    }

    void beginTest() {
        m_folder = std::make_unique<QTemporaryDir>();
        fixture::writeVariedRun(root(), 3);
        m_sources.clear();
        for (int cycle = 0; cycle < 3; ++cycle)
            m_sources.push_back(source(root(), cycle));
    }
};

}  // namespace saeception
