// SPDX-License-Identifier: GPL-3.0-or-later
// The Features page: what can be done there beside looking. Going back and forward, stars, links, export.
#include "features/feature_export.h"
#include "ui/feature_link.h"
#include "ui/jobs/in_background.h"
#include "ui/pages/feature_browser.h"
#include "ui/pages/feature_card.h"
#include "ui/pages/features_page.h"
#include "ui/widgets/notice_banner.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QToolButton>
#include <QToolTip>

#include <utility>

namespace saeception {
namespace {

constexpr std::size_t mostPlaces = 200;
constexpr int sentencesOfPage = 10;

}  // namespace

void FeaturesPage::remember(const Place& place) {
    if (m_travelling || place.feature < 0 || (m_here < m_places.size() && m_places[m_here] == place))
        return;
    if (!m_places.empty())
        m_places.resize(m_here + 1);
    m_places.push_back(place);
    if (m_places.size() > mostPlaces)
        m_places.erase(m_places.begin());
    m_here = m_places.size() - 1;
    showTravel();
}

void FeaturesPage::travel(int steps) {
    const auto to = static_cast<std::ptrdiff_t>(m_here) + steps;
    if (to < 0 || to >= static_cast<std::ptrdiff_t>(m_places.size()))
        return;
    const Place place = m_places[static_cast<std::size_t>(to)];
    m_travelling = true;
    if (showFeature(place.cycle, place.feature))
        m_here = static_cast<std::size_t>(to);
    m_travelling = false;
    showTravel();
}

void FeaturesPage::showTravel() {
    m_back->setEnabled(m_here > 0);
    m_forward->setEnabled(m_here + 1 < m_places.size());
}

void FeaturesPage::nextFeature() {
    m_browser->step(1);
}
void FeaturesPage::previousFeature() {
    m_browser->step(-1);
}
void FeaturesPage::star() {
    m_card->toggleStar();
}
void FeaturesPage::editLabel() {
    m_card->focusLabel();
}
void FeaturesPage::search() {
    m_browser->focusQuery();
}

void FeaturesPage::toggleStar(int feature) {
    const int cycle = inSight().cycle;
    FeatureLabel label = m_store->label(cycle, feature);
    label.starred = !label.starred;
    m_store->setLabel(cycle, feature, label);
}

void FeaturesPage::copyLink() {
    const Place place = inSight();
    if (place.feature < 0)
        return;
    QGuiApplication::clipboard()->setText(FeatureLink{m_root, place.cycle, place.feature}.text());
    QToolTip::showText(m_link->mapToGlobal(QPoint(0, m_link->height())),
                       tr("The link to feature %1 of cycle %2 is copied").arg(place.feature).arg(place.cycle),
                       m_link);
}

void FeaturesPage::showMenu(int feature, const QPoint& position) {
    const int cycle = inSight().cycle;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("featureMenu"));
    const auto add = [&](const QString& text, auto work) {
        connect(menu->addAction(text), &QAction::triggered, this, std::move(work));
    };
    add(m_store->label(cycle, feature).starred ? tr("Remove the star") : tr("Star"),
        [this, feature] { toggleStar(feature); });
    add(tr("Label…"), [this] { editLabel(); });
    menu->addSeparator();
    add(tr("History across cycles"), [this, cycle, feature] { Q_EMIT historyRequested(cycle, feature); });
    add(tr("Nearest decoders"),
        [this, feature] { m_browser->addToQuery(QStringLiteral("near:%1").arg(feature)); });
    add(tr("Fires with it"),
        [this, feature] { m_browser->addToQuery(QStringLiteral("with:%1").arg(feature)); });
    menu->addSeparator();
    add(tr("Copy the number"),
        [feature] { QGuiApplication::clipboard()->setText(QString::number(feature)); });
    add(tr("Copy a link"), [this] { copyLink(); });
    menu->popup(position);
}

void FeaturesPage::exportFeatures() {
    const std::shared_ptr<const FeatureIndex> index = m_browser->features();
    if (!index)
        return;
    const QString title =
        tr("Features of cycle %1 · %2")
            .arg(QString::number(index->cycle()), QString::fromStdString(m_root.filename().string()));
    auto* dialog = new QFileDialog(this, tr("Export features"));
    dialog->setObjectName(QStringLiteral("exportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Web page (*.html)"), tr("JSON (*.json)"), tr("Table (*.csv)")});
    dialog->selectFile(tr("features-cycle-%1.html").arg(index->cycle()));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).chopped(1));
    });
    dialog->setDefaultSuffix(QStringLiteral("html"));
    // What is shown now: while the dialog is open another run may come into view.
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, index, title = title.toStdString(), features = m_browser->shownFeatures(),
             labels = m_store->labels(index->cycle())](const QString& path) {
                attemptInBackground([index, title, features, labels, path] {
                    const bool isJson = path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
                    const ExportFormat format = path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive)
                                                    ? ExportFormat::Csv
                                                : isJson ? ExportFormat::Json
                                                         : ExportFormat::Html;
                    saeception::exportFeatures(
                        {*index, features, labels, isJson ? topSentenceCount : sentencesOfPage, title},
                        format, path.toStdString());
                }).then(this, [this, path](const QString& problem) {
                    m_notice->showLine(problem.isEmpty() ? tr("Wrote %1").arg(path) : problem);
                });
            });
    dialog->open();
}

}  // namespace saeception
