// SPDX-License-Identifier: GPL-3.0-or-later
// The pages about features and what leads from one of them to another.
#include "ui/feature_link.h"
#include "ui/jobs/run_features.h"
#include "ui/main_window.h"
#include "ui/pages/evolution_page.h"
#include "ui/pages/features_page.h"
#include "ui/pages/inspector_page.h"
#include "ui/pages/sentences_page.h"
#include "ui/run_viewer.h"

#include <optional>

namespace saeception {

void MainWindow::connectFeatures() {
    const auto toLaunch = [this] { showPage(Launch); };
    const auto toFeature = [this](int cycle, int feature) {
        m_features->showFeature(cycle, feature);
        showPage(Features);
    };
    const auto toSentence = [this](int cycle, SplitKind split, qint64 example) {
        m_inspector->showSentence(cycle, split, example);
        showPage(Inspector);
    };
    connect(m_features, &FeaturesPage::launchPageRequested, this, toLaunch);
    connect(m_features, &FeaturesPage::openRequested, this, &MainWindow::chooseRun);
    connect(m_features, &FeaturesPage::rebuildRequested, this, &MainWindow::rebuildIndex);
    connect(m_features, &FeaturesPage::linkRequested, this, &MainWindow::openLink);
    connect(m_features, &FeaturesPage::sentenceRequested, this, toSentence);
    connect(m_features, &FeaturesPage::historyRequested, this, [this](int cycle, int feature) {
        m_evolution->showFeature(cycle, feature);
        showPage(Evolution);
    });
    connect(m_evolution, &EvolutionPage::launchPageRequested, this, toLaunch);
    connect(m_evolution, &EvolutionPage::openRequested, this, &MainWindow::chooseRun);
    connect(m_evolution, &EvolutionPage::rebuildRequested, this, &MainWindow::rebuildIndex);
    connect(m_evolution, &EvolutionPage::featureRequested, this, toFeature);
    connect(m_evolution, &EvolutionPage::sentenceRequested, this, toSentence);
    connect(m_inspector, &InspectorPage::launchPageRequested, this, toLaunch);
    connect(m_inspector, &InspectorPage::openRequested, this, &MainWindow::chooseRun);
    connect(m_inspector, &InspectorPage::rebuildRequested, this, &MainWindow::rebuildIndex);
    connect(m_inspector, &InspectorPage::featureRequested, this, toFeature);
    connect(m_inspector, &InspectorPage::sentencesPageRequested, this, [this] { showPage(Sentences); });
    connect(m_sentences, &SentencesPage::launchPageRequested, this, toLaunch);
    connect(m_sentences, &SentencesPage::openRequested, this, &MainWindow::chooseRun);
    connect(m_sentences, &SentencesPage::rebuildRequested, this, &MainWindow::rebuildIndex);
    connect(m_sentences, &SentencesPage::sentenceRequested, this, toSentence);
}

void MainWindow::rebuildIndex(int cycle) {
    const JobSpec job =
        stageSpec(QStringLiteral("features"), QString::fromStdString(m_runFeatures->root().string()), cycle);
    for (const quint64 id : m_queue->jobs())
        if (const JobInfo* queued = m_queue->job(id); queued->spec == job && !isFinished(queued->state))
            return;  // several pages offer it
    addHere(job);
}

void MainWindow::openLink(const QString& text) {
    const std::optional<FeatureLink> link = parseFeatureLink(text);
    if (!link) {
        showError(tr("Open link"),
                  tr("“%1” is no whole link to a feature; copy one with Ctrl+Shift+C on the Features page.")
                      .arg(text.trimmed()));
        return;
    }
    if (m_runFeatures->root() != link->run)
        openRun(link->run);
    if (m_runFeatures->root() != link->run)
        return;  // what was wrong has been said
    m_features->showFeature(link->cycle, link->feature);
    showPage(Features);
}

}  // namespace saeception
