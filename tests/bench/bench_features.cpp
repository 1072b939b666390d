// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window takes to show, filter and sort 24,576 features, to show the card of one, and to filter
// and sort the sentences of a data set of SST-2's size.
#include "base/files.h"
#include "bench/figures.h"
#include "bench_index.h"
#include "ui/jobs/run_features.h"
#include "ui/models/feature_table_model.h"
#include "ui/pages/feature_table_view.h"
#include "ui/pages/features_page.h"
#include "ui/pages/sentence_list.h"
#include "ui/pages/sentences_page.h"
#include "ui/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>

#include <cstdio>

using namespace saeception;
using namespace saeception::bench;
namespace fs = std::filesystem;

namespace {

constexpr int features = 24576;
constexpr int activeFeatures = 32;
constexpr std::int64_t sentences = 68221;
constexpr int rounds = 20;

fs::path writeRun(const fs::path& root) {
    createDirectories(root / ".hydra");
    writeFile(root / ".hydra" / "config.yaml", "seed: 42\n");
    const Tokenizer tokenizer = letterTokenizer(root / "tokenizer");
    for (int cycle = 0; cycle < 2; ++cycle)
        writeRandomIndex(root / "features" / ("cycle_" + std::to_string(cycle)) / "index.safetensors",
                         tokenizer, features, activeFeatures, sentences, cycle);
    return root;
}

void waitFor(const std::function<bool()>& ready) {
    while (!ready())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
}

void benchFeaturesPage(RunFeatures& store, const fs::path& run) {
    FeaturesPage page(&store);
    page.resize(1192, 740);
    page.show();
    std::printf("%-58s %9.2f ms\n", "Features: from the run to its table and first card", milliseconds([&] {
                    store.setRun(run);
                    waitFor([&] { return !page.isLoading() && page.feature() >= 0; });
                    page.repaint();
                }));
    auto* query = page.findChild<QLineEdit*>(QStringLiteral("featureQuery"));
    auto* table = page.findChild<FeatureTableView*>();
    std::vector<double> filters;
    std::vector<double> sorts;
    std::vector<double> cards;
    for (int round = 0; round < rounds; ++round) {
        for (const char* words : {"u>0.0001 class:positive density<1%", "abc", "effect>0.1", "-alive", ""})
            filters.push_back(milliseconds([&] {
                query->setText(QString::fromLatin1(words));
                page.repaint();
            }));
        for (const int column :
             {FeatureTableModel::Density, FeatureTableModel::Words, FeatureTableModel::Effect})
            sorts.push_back(milliseconds([&] {
                table->sortByColumn(column, round % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
                page.repaint();
            }));
        for (int i = 0; i < 10; ++i)
            cards.push_back(milliseconds([&] {
                page.showFeature(page.cycle(), (round * 997 + i * 2311) % features);
                page.repaint();
            }));
    }
    report("Features: a change of the query", filters);
    report("Features: another order", sorts);
    report("Features: the card of another feature", cards);
}

void benchSentencesPage(RunFeatures& store) {
    SentencesPage page(&store);
    page.resize(1192, 740);
    page.show();
    std::printf("%-58s %9.2f ms\n", "Sentences: until the table is there", milliseconds([&] {
                    waitFor([&] { return !page.isLoading(); });
                    page.repaint();
                }));
    auto* search = page.findChild<QLineEdit*>(QStringLiteral("sentenceSearch"));
    auto* list = page.findChild<SentenceList*>();
    std::vector<double> filters;
    std::vector<double> sorts;
    for (int round = 0; round < rounds; ++round) {
        for (const char* words : {"abc", "xyz", ""})
            filters.push_back(milliseconds([&] {
                search->setText(QString::fromLatin1(words));
                page.repaint();
            }));
        for (int column = 0; column < list->model()->columnCount(); ++column)
            sorts.push_back(milliseconds([&] {
                list->sortByColumn(column, round % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
                page.repaint();
            }));
    }
    report("Sentences: a change of the search", filters);
    report("Sentences: another order", sorts);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    QTemporaryDir folder;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    Theme::instance().install(application, ThemeChoice::Light);
    const fs::path run = writeRun(folder.filePath(QStringLiteral("run")).toStdString());
    std::printf("2 cycles of %d features over %lld sentences\n", features, static_cast<long long>(sentences));
    RunFeatures store;
    benchFeaturesPage(store, run);
    benchSentencesPage(store);
    return 0;
}
