// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/feature_browser.h"

#include "base/error.h"
#include "features/feature_query.h"
#include "ui/feature_link.h"
#include "ui/models/feature_filter_model.h"
#include "ui/models/feature_table_model.h"
#include "ui/models/feature_words.h"
#include "ui/pages/feature_table_view.h"
#include "ui/plots/feature_map.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace saeception {
namespace {

// A name as a query takes it; quotation marks in it cannot be written there.
QString quoted(QString word) {
    word.remove(QLatin1Char('"'));
    return word.contains(QLatin1Char(' ')) ? QLatin1Char('"') + word + QLatin1Char('"') : word;
}

QString menuText(QString text) {
    return text.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

}  // namespace

FeatureBrowser::FeatureBrowser(QWidget* parent)
    : QWidget(parent), m_table(new FeatureTableModel(this)), m_filter(new FeatureFilterModel(m_table, this)) {
    setMinimumWidth(46 * gridUnit);
    m_view = new FeatureTableView(m_table, m_filter, this);
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(QStringLiteral("featuresTabs"));
    m_tabs->setAccessibleName(tr("How the features are shown"));
    m_tabs->setDrawBase(false);
    m_tabs->addTab(tr("Table"));
    m_tabs->addTab(tr("Map"));
    m_shown = new QLabel(this);
    m_shown->setObjectName(QStringLiteral("shownCount"));
    auto* row = new QHBoxLayout;
    row->setSpacing(gridUnit);
    row->addWidget(m_tabs);
    row->addStretch(1);
    row->addWidget(m_shown);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_view);
    m_stack->addWidget(buildMap());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, gridUnit, 0);
    column->setSpacing(gridUnit / 2);
    column->addWidget(buildQuery());
    column->addWidget(m_problem);
    column->addLayout(row);
    column->addWidget(m_stack, 1);

    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid())
                    take(m_filter->featureAt(current.row()));
            });
    connect(m_view, &FeatureTableView::starClicked, this, &FeatureBrowser::starToggled);
    connect(m_view, &FeatureTableView::menuRequested, this, &FeatureBrowser::menuRequested);
    QWidget* const order[] = {m_query, m_words, m_tabs, m_view, m_colouring, m_map};
    for (std::size_t i = 1; i < std::size(order); ++i)
        setTabOrder(order[i - 1], order[i]);
    applyTheme();
}

QWidget* FeatureBrowser::buildQuery() {
    auto* bar = new QWidget(this);
    m_query = new QLineEdit(bar);
    m_query->setObjectName(QStringLiteral("featureQuery"));
    m_query->setPlaceholderText(tr("Search, or u>0.05 class:positive density<1%"));
    m_query->setAccessibleName(tr("Search features"));
    m_query->setToolTip(tr(
        "<qt>Words that must all hold; a minus before one turns it round.<br>"
        "<b>u&gt;0.05 density&lt;1% max&gt;=3 effect&gt;0.1</b> compare numbers;<br>"
        "<b>class:NAME</b> strongest for, <b>favours:NAME</b> raises most;<br>"
        "<b>alive dead starred labelled</b>; <b>label: note: list: text: concept:</b>;<br>"
        "<b>token:</b> among what it fires on, <b>raises: lowers:</b> among its vocabulary tokens;<br>"
        "<b>near:17</b> its decoder neighbours, <b>with:17</b> what fires with it, <b>#17</b> itself.<br>"
        "Any other word is looked for in labels, notes and top sentences; a number is that feature, too."));
    m_query->setClearButtonEnabled(true);
    m_query->installEventFilter(this);
    m_words = new QPushButton(tr("Filter"), bar);
    m_words->setObjectName(QStringLiteral("queryWords"));
    m_words->setToolTip(tr("What can be asked for"));
    m_words->setMenu(new QMenu(m_words));
    connect(m_words->menu(), &QMenu::aboutToShow, this, &FeatureBrowser::fillWords);
    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("queryProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit);
    row->addWidget(m_query, 1);
    row->addWidget(m_words);
    connect(m_query, &QLineEdit::textChanged, this, &FeatureBrowser::applyQuery);
    return bar;
}

QWidget* FeatureBrowser::buildMap() {
    auto* sheet = new QWidget(this);
    m_map = new FeatureMap(sheet);
    m_map->setObjectName(QStringLiteral("featureMap"));
    m_colouring = new QComboBox(sheet);
    m_colouring->setObjectName(QStringLiteral("mapColouring"));
    m_colouring->setAccessibleName(tr("Colour of the dots"));
    using Colouring = FeatureMap::Colouring;
    const std::array<std::pair<Colouring, QString>, 5> choices = {
        {{Colouring::ClassEffect, tr("Effect on the classes")},
         {Colouring::StrongestClass, tr("Strongest class")},
         {Colouring::Density, tr("Density")},
         {Colouring::Csi, tr("CSI")},
         {Colouring::Usefulness, tr("U")}}};
    for (const auto& [colouring, text] : choices)
        m_colouring->addItem(text, static_cast<int>(colouring));
    m_legend = new QLabel(sheet);
    m_legend->setObjectName(QStringLiteral("mapLegend"));
    m_legend->setTextFormat(Qt::RichText);
    m_legend->setWordWrap(true);
    auto* label = new QLabel(tr("C&olour"), sheet);
    label->setBuddy(m_colouring);
    auto* row = new QHBoxLayout;
    row->setSpacing(gridUnit);
    row->addWidget(label);
    row->addWidget(m_colouring);
    row->addStretch(1);
    auto* whole = new QPushButton(tr("Show all"), sheet);
    whole->setObjectName(QStringLiteral("mapShowAll"));
    whole->setToolTip(tr("The whole map (or a double click on it). The wheel zooms, dragging moves it."));
    whole->hide();
    row->addWidget(whole);
    connect(whole, &QPushButton::clicked, m_map, &FeatureMap::showAll);
    connect(m_map, &FeatureMap::viewChanged, whole, [this, whole] { whole->setVisible(!m_map->showsAll()); });
    auto* column = new QVBoxLayout(sheet);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addLayout(row);
    column->addWidget(m_map, 1);
    column->addWidget(m_legend);
    connect(m_colouring, &QComboBox::currentIndexChanged, this, [this] {
        m_map->setColouring(static_cast<Colouring>(m_colouring->currentData().toInt()));
        applyTheme();
    });
    connect(m_map, &FeatureMap::featureChosen, this, &FeatureBrowser::choose);
    return sheet;
}

void FeatureBrowser::fillWords() {
    QMenu* menu = m_words->menu();
    menu->clear();
    const std::shared_ptr<const FeatureIndex> features = m_table->features();
    if (!features)
        return;
    const auto add = [this](QMenu* to, const QString& text, const QString& word) {
        connect(to->addAction(menuText(text)), &QAction::triggered, this, [this, word] { addToQuery(word); });
    };
    add(menu, tr("Alive"), QStringLiteral("alive"));
    add(menu, tr("Never fires"), QStringLiteral("dead"));
    add(menu, tr("Starred"), QStringLiteral("starred"));
    add(menu, tr("Labelled"), QStringLiteral("labelled"));
    menu->addSeparator();
    for (const std::string& name : features->classNames()) {
        const QString text = QString::fromStdString(name);
        add(menu, tr("Strongest for %1").arg(text), QStringLiteral("class:") + quoted(text));
        add(menu, tr("Raises %1").arg(text), QStringLiteral("favours:") + quoted(text));
    }
    menu->addSeparator();
    add(menu, tr("Rare (density below 0.1 %)"), QStringLiteral("alive density<0.1%"));
    add(menu, tr("Dense (density above 10 %)"), QStringLiteral("density>10%"));
    add(menu, tr("Selective (CSI above 0.8)"), QStringLiteral("csi>0.8"));
    add(menu, tr("Useful (U above 0.05)"), QStringLiteral("u>0.05"));
    QStringList lists;
    for (const auto& [feature, label] : m_table->labels())
        for (const std::string& list : label.lists)
            if (const QString name = QString::fromStdString(list); !lists.contains(name))
                lists << name;
    if (!lists.isEmpty()) {
        lists.sort(Qt::CaseInsensitive);
        QMenu* more = menu->addMenu(tr("List"));
        for (const QString& name : lists)
            add(more, name, QStringLiteral("list:") + quoted(name));
    }
    if (!features->conceptNames().empty()) {
        QMenu* more = menu->addMenu(tr("Concept"));
        for (const std::string& name : features->conceptNames())
            add(more, QString::fromStdString(name),
                QStringLiteral("concept:") + quoted(QString::fromStdString(name)));
    }
    if (m_feature >= 0) {
        menu->addSeparator();
        add(menu, tr("Neighbours of feature %1").arg(m_feature), QStringLiteral("near:%1").arg(m_feature));
        add(menu, tr("Fires with feature %1").arg(m_feature), QStringLiteral("with:%1").arg(m_feature));
    }
}

void FeatureBrowser::addToQuery(const QString& word) {
    const QString before = m_query->text().trimmed();
    m_query->setText(before.isEmpty() ? word : before + QLatin1Char(' ') + word);
}

void FeatureBrowser::focusQuery() {
    m_query->setFocus(Qt::ShortcutFocusReason);
    m_query->selectAll();
}

void FeatureBrowser::setFeatures(std::shared_ptr<const FeatureIndex> features,
                                 std::shared_ptr<const SentenceSearch> search, const FeatureLabels& labels) {
    m_search = std::move(search);
    m_table->setFeatures(std::move(features));
    m_table->setLabels(labels);
    m_map->setFeatures(m_table->features());
    if (m_table->features()) {
        filter();
        settleFeature();
    }
    showCount();
    applyTheme();
}

void FeatureBrowser::setLabel(int feature, const FeatureLabel& label) {
    m_table->setLabel(feature, label);
}

void FeatureBrowser::setLabels(const FeatureLabels& labels) {
    m_table->setLabels(labels);
}

void FeatureBrowser::resetView() {
    m_query->clear();
    m_view->sortByColumn(FeatureTableModel::Usefulness, Qt::DescendingOrder);
}

std::shared_ptr<const FeatureIndex> FeatureBrowser::features() const {
    return m_table->features();
}

int FeatureBrowser::aliveCount() const {
    return m_table->aliveCount();
}

std::vector<int> FeatureBrowser::shownFeatures() const {
    std::vector<int> features;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        features.push_back(m_filter->featureAt(row));
    return features;
}

int FeatureBrowser::leastWidth() const {
    return m_view->leastWidth() + layout()->contentsMargins().right();
}

int FeatureBrowser::preferredWidth() const {
    return m_view->preferredWidth() + layout()->contentsMargins().right();
}

void FeatureBrowser::applyQuery() {
    if (m_quiet)
        return;
    const QString text = m_query->text();
    if (isFeatureLink(text)) {
        m_query->clear();
        Q_EMIT linkEntered(text.trimmed());
        return;
    }
    if (filter() && settleFeature())
        Q_EMIT featureSettled(m_feature);
}

/// Shows what the query wants; false where it wants nothing that can be told.
bool FeatureBrowser::filter() {
    const std::shared_ptr<const FeatureIndex> features = m_table->features();
    if (!features || !m_search)
        return false;
    try {
        const FeatureQuery query = FeatureQuery::parse(m_query->text().toStdString(), *features);
        m_problem->hide();
        std::vector<std::uint8_t> wanted;
        if (!query.empty())
            wanted = query.matches(*features, m_table->labels(), *m_search);
        m_map->setWanted(wanted);
        m_filter->setWanted(std::move(wanted));
    } catch (const UserError& error) {
        // What is half typed is no reason to lose what was found before.
        QString problem = QString::fromStdString(oneLine(error.what()));
        problem[0] = problem[0].toUpper();
        m_problem->setText(m_filter->rowCount() == m_table->rowCount()
                               ? tr("%1.").arg(problem)
                               : tr("%1. Below is still what was found before.").arg(problem));
        m_problem->show();
        return false;
    }
    showCount();
    return true;
}

/// Makes the chosen feature the current row, or the first row the chosen feature where it has none; true if
/// another feature is now chosen.
bool FeatureBrowser::settleFeature() {
    const int before = m_feature;
    if (m_filter->rowOf(m_feature) < 0)
        m_feature = m_filter->rowCount() > 0 ? m_filter->featureAt(0) : -1;
    if (m_feature >= 0) {
        m_view->setCurrentIndex(m_filter->index(m_filter->rowOf(m_feature), FeatureTableModel::Feature));
        m_view->scrollTo(m_view->currentIndex(), QAbstractItemView::EnsureVisible);
    }
    m_map->setChosen(m_feature);
    return m_feature != before;
}

void FeatureBrowser::take(int feature) {
    if (feature == m_feature)
        return;
    m_feature = feature;
    m_map->setChosen(feature);
    Q_EMIT featureChosen(feature);
}

void FeatureBrowser::choose(int feature) {
    if (!m_table->features() || feature < 0 || feature >= m_table->rowCount())
        return;
    if (m_filter->rowOf(feature) < 0) {
        const QScopedValueRollback quiet(m_quiet, true);
        m_query->clear();
        filter();
    }
    m_view->setCurrentIndex(m_filter->index(m_filter->rowOf(feature), FeatureTableModel::Feature));
    m_view->scrollTo(m_view->currentIndex(), QAbstractItemView::EnsureVisible);
    take(feature);
}

void FeatureBrowser::step(int rows) {
    const int row = std::clamp(m_filter->rowOf(m_feature) + rows, 0, m_filter->rowCount() - 1);
    if (m_filter->rowCount() > 0)
        choose(m_filter->featureAt(row));
}

void FeatureBrowser::showCount() {
    const int all = m_table->rowCount();
    const int shown = m_filter->rowCount();
    const QLocale locale;
    m_shown->setText(shown == all ? QString()
                                  : tr("%1 of %2").arg(locale.toString(shown), locale.toString(all)));
    m_view->setNothing(all > 0 && shown == 0 ? tr("No feature matches the query.") : QString());
}

bool FeatureBrowser::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_query && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            m_stack->currentIndex() == 0 ? m_view->setFocus(Qt::ShortcutFocusReason)
                                         : m_map->setFocus(Qt::ShortcutFocusReason);
            return true;
        }
        if (key == Qt::Key_Escape && !m_query->text().isEmpty()) {
            m_query->clear();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void FeatureBrowser::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void FeatureBrowser::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    for (QLabel* label : {m_shown, m_legend}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, colours.faintText);
        label->setPalette(faint);
    }
    QPalette wrong = m_problem->palette();
    wrong.setColor(QPalette::WindowText, colours.error);
    m_problem->setPalette(wrong);
    QString legend = m_map->legend().toHtmlEscaped();
    const bool byClass = m_map->colouring() == FeatureMap::Colouring::ClassEffect ||
                         m_map->colouring() == FeatureMap::Colouring::StrongestClass;
    if (const std::shared_ptr<const FeatureIndex> features = m_table->features(); features && byClass)
        for (int label = 0; label < features->classCount(); ++label)
            legend += QStringLiteral(" &nbsp; <span style='color:%1'>●</span>&nbsp;%2")
                          .arg(Theme::instance().classColour(label).name(),
                               className(*features, label)
                                   .toHtmlEscaped()
                                   .replace(QLatin1Char(' '), QStringLiteral("&nbsp;")));
    m_legend->setText(legend);
}

}  // namespace saeception
