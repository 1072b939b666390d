// SPDX-License-Identifier: GPL-3.0-or-later
// The Inspector over a run of two small cycles, driven as a person drives it; what it shows is compared with
// what the model at hand says.
#pragma once

#include "cycle/cycle_features.h"
#include "support/live_run.h"
#include "support/page_driver.h"
#include "ui/jobs/run_features.h"
#include "ui/models/live_feature_model.h"
#include "ui/pages/inspector_column.h"
#include "ui/pages/inspector_page.h"
#include "ui/plots/probability_bar.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/raw_table_view.h"
#include "ui/widgets/token_strip.h"

#include <QPlainTextEdit>

#include <map>

namespace saeception {

class InspectorPageDriver : protected PageDriver<InspectorPage> {
protected:
    /// The run, or a copy of it.
    std::filesystem::path root(const char* name = "run") const { return run(name); }
    std::unique_ptr<RunFeatures> m_features;
    std::map<int, std::shared_ptr<const LiveModel>> m_models;

    const LiveModel& model(int cycle) {
        std::shared_ptr<const LiveModel>& model = m_models[cycle];
        if (!model)
            model = LiveModel::load(RunDirectory::at(root()), cycle, 1);
        return *model;
    }
    FeatureIndex index(int cycle) const { return openCycleFeatures(RunDirectory::at(root()), cycle); }

    template <typename Widget>
    static Widget& in(const QWidget& parent, const char* name) {
        auto* widget = parent.findChild<Widget*>(QString::fromLatin1(name));
        if (!widget)
            qFatal("there is no %s", name);
        return *widget;
    }
    InspectorColumn& column(int cycle) const {
        return in<InspectorColumn>(*m_page, qPrintable(QStringLiteral("inspectorColumn%1").arg(cycle)));
    }
    using PageDriver::find;
    template <typename Widget>
    Widget& find(int cycle, const char* name) const {
        return in<Widget>(column(cycle), name);
    }
    QString said(int cycle, const char* name) const { return find<ElidedLabel>(cycle, name).text(); }
    QString info() const { return find<ElidedLabel>("inspectorInfo").text(); }
    TokenStrip& tokens(int cycle) const { return find<TokenStrip>(cycle, "tokens"); }
    RawTableView& table(int cycle) const { return find<RawTableView>(cycle, "liveFeatures"); }
    LiveFeatureModel& rows(int cycle) const {
        return *static_cast<LiveFeatureModel*>(table(cycle).rows()->sourceModel());
    }
    bool has(int cycle, const char* name) const {
        return find<QWidget>(cycle, name).isVisibleTo(m_page.get());
    }
    bool isIdle() const { return !m_page->isLoading(); }

    void open(const char* run = "run") {
        m_features = std::make_unique<RunFeatures>();
        m_page = std::make_unique<InspectorPage>(m_features.get());
        m_features->setRun(root(run));
        m_page->resize(1200, 720);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        QTRY_VERIFY(isIdle());
    }
    void type(const QString& text) {
        auto& edit = find<QPlainTextEdit>("inspectorText");
        edit.setFocus();
        edit.selectAll();
        QTest::keyClicks(&edit, text);
        QTest::keyClick(&edit, Qt::Key_Return);
        QTRY_VERIFY(isIdle());
    }
    void clickToken(int cycle, int token) {
        QTest::mouseClick(tokens(cycle).viewport(), Qt::LeftButton, {}, tokens(cycle).rectOf(token).center());
    }
    /// The row in sight of `feature`.
    QModelIndex place(int cycle, int feature, int column = LiveFeatureModel::Words) const {
        return table(cycle).rows()->index(table(cycle).rows()->rowOf(rows(cycle).rowOf(feature)), column);
    }
    void clickFeature(int cycle, int feature) {
        const QModelIndex at = place(cycle, feature);
        table(cycle).scrollTo(at);
        QTest::mouseClick(table(cycle).viewport(), Qt::LeftButton, {}, table(cycle).visualRect(at).center());
    }
    static QString percent(const std::vector<double>& probabilities, int of) {
        return QString::number(100 * probabilities[static_cast<std::size_t>(of)], 'f', 1) +
               QStringLiteral(" %");
    }
    /// What the column of `cycle` shows is `expected`.
    void check(int cycle, const LiveSentence& expected) {
        QCOMPARE(tokens(cycle).tokenCount(), static_cast<int>(expected.tokens.size()));
        const QString name =
            QString::fromStdString(expected.classNames[static_cast<std::size_t>(expected.prediction)]);
        QCOMPARE(said(cycle, "prediction"),
                 name + QLatin1Char(' ') + percent(expected.probabilities, expected.prediction));
        for (std::size_t c = 0; c < expected.probabilities.size(); ++c)
            QVERIFY(std::abs(find<ProbabilityBar>(cycle, "predictionBar").probabilities()[c] -
                             expected.probabilities[c]) < 1e-6);
        // Every feature once, with its largest activation and all that it adds.
        std::map<int, std::pair<double, double>> recount;
        for (const LiveToken& token : expected.tokens)
            for (const FeatureActivation& fires : token.features) {
                auto& [most, adds] = recount[fires.feature];
                most = std::max(most, static_cast<double>(fires.activation));
                adds += (expected.prediction == 1 ? 1 : -1) * static_cast<double>(fires.contribution());
            }
        QCOMPARE(rows(cycle).rowCount(), static_cast<int>(recount.size()));
        double before = INFINITY;
        for (int row = 0; row < rows(cycle).rowCount(); ++row) {
            const auto& [most, adds] = recount.at(rows(cycle).featureIn(row));
            QVERIFY(std::abs(rows(cycle).value(row, LiveFeatureModel::Activation) - most) <
                    1e-4 * (1 + most));
            QVERIFY(std::abs(rows(cycle).value(row, LiveFeatureModel::Adds) - adds) <
                    1e-4 * (1 + std::abs(adds)));
            QVERIFY(std::abs(rows(cycle).value(row, LiveFeatureModel::Adds)) <= before);
            before = std::abs(rows(cycle).value(row, LiveFeatureModel::Adds));
        }
    }

    void beginInspector(const char* name) {
        begin(name);
        m_folder = std::make_unique<QTemporaryDir>();
        fixture::trainLiveRun(root());
    }
    void endTest() {
        m_page.reset();
        m_features.reset();
    }
};

}  // namespace saeception
