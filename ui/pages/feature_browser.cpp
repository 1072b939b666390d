// SPDX-License-Identifier: GPL-3.0-or-later
// The feature table: filters above, one row a feature, the current row chosen.
#include "ui/pages/feature_browser.h"

#include "ui/models/feature_filter_model.h"
#include "ui/models/feature_table_model.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace saeception {
namespace {

// The last column keeps this much air from the scroll bar beside it.
constexpr int endPadding = gridUnit;

class FigureDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        QStyleOptionViewItem cell(option);
        if (index.column() == index.model()->columnCount() - 1) {
            cell.rect.adjust(0, 0, -endPadding, 0);
            if (option.state & QStyle::State_Selected)
                painter->fillRect(option.rect.adjusted(cell.rect.width(), 0, 0, 0),
                                  option.palette.brush(QPalette::Highlight));
        }
        QStyledItemDelegate::paint(painter, cell, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        if (option->text.startsWith(QLatin1Char('<')))
            option->palette.setColor(QPalette::Text, Theme::instance().colours().faintText);
    }
};

class FigureHeader : public QHeaderView {
public:
    explicit FigureHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
        setSectionsClickable(true);
        setHighlightSections(false);
        setSectionResizeMode(QHeaderView::Fixed);
        setTextElideMode(Qt::ElideRight);
    }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override {
        QRect title = rect;
        if (section == count() - 1) {
            title.adjust(0, 0, -endPadding, 0);
            // First, since a section leaves the painter clipped.
            QStyleOption end;
            end.initFrom(this);
            end.rect = rect.adjusted(title.width(), 0, 0, 0);
            style()->drawControl(QStyle::CE_HeaderEmptyArea, &end, painter, this);
        }
        QHeaderView::paintSection(painter, title, section);
    }
};

}  // namespace

FeatureBrowser::FeatureBrowser(QWidget* parent)
    : QWidget(parent), m_table(new FeatureTableModel(this)), m_filter(new FeatureFilterModel(m_table, this)) {
    setMinimumWidth(46 * gridUnit);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, gridUnit, 0);
    column->setSpacing(gridUnit);
    column->addWidget(buildFilters());
    buildView();
    column->addWidget(m_view, 1);
    applyTheme();
}

QWidget* FeatureBrowser::buildFilters() {
    auto* bar = new QWidget(this);
    auto* filters = new QHBoxLayout(bar);
    filters->setContentsMargins(0, 0, 0, 0);
    filters->setSpacing(gridUnit);
    m_number = new QLineEdit(bar);
    m_number->setObjectName(QStringLiteral("numberFilter"));
    m_number->setPlaceholderText(tr("Number"));
    m_number->setAccessibleName(tr("Filter by feature number"));
    m_number->setToolTip(tr("Show features whose number begins with these digits"));
    m_number->setClearButtonEnabled(true);
    m_number->setFixedWidth(fontMetrics().horizontalAdvance(m_number->placeholderText()) + 7 * gridUnit);
    m_number->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]*")), m_number));
    m_number->installEventFilter(this);
    m_strongestClass = new QComboBox(bar);
    m_strongestClass->setObjectName(QStringLiteral("classFilter"));
    m_strongestClass->setAccessibleName(tr("Filter by strongest class"));
    m_strongestClass->setToolTip(tr("Show features whose mean activation is largest for one class"));
    m_strongestClass->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_strongestClass->setMinimumWidth(14 * gridUnit);  // long class names give way to the other filters
    m_aliveOnly = new QCheckBox(tr("&Alive only"), bar);
    m_aliveOnly->setObjectName(QStringLiteral("aliveFilter"));
    m_aliveOnly->setToolTip(tr("Leave out features that never fired on this data set"));
    m_shown = new QLabel(bar);
    m_shown->setObjectName(QStringLiteral("shownCount"));
    m_shown->setToolTip(tr("Features that pass the filters"));
    filters->addWidget(m_number);
    filters->addWidget(m_strongestClass);
    filters->addWidget(m_aliveOnly);
    filters->addStretch();
    filters->addWidget(m_shown);

    connect(m_number, &QLineEdit::textChanged, this, &FeatureBrowser::applyFilter);
    connect(m_aliveOnly, &QCheckBox::toggled, this, &FeatureBrowser::applyFilter);
    connect(m_strongestClass, &QComboBox::currentIndexChanged, this, &FeatureBrowser::applyFilter);
    return bar;
}

void FeatureBrowser::buildView() {
    m_view = new QTableView(this);
    m_view->setObjectName(QStringLiteral("featureTable"));
    m_view->setAccessibleName(tr("Features"));
    m_view->setModel(m_filter);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setTabKeyNavigation(false);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->setItemDelegate(new FigureDelegate(m_view));
    auto* header = new FigureHeader(m_view);
    m_view->setHorizontalHeader(header);
    header->setSortIndicator(m_filter->sortColumn(), m_filter->sortOrder());
    m_view->setSortingEnabled(true);
    m_nothing = new QLabel(tr("No feature matches the filter."), m_view->viewport());
    m_nothing->setObjectName(QStringLiteral("nothingMatches"));
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setForegroundRole(QPalette::WindowText);  // a table's viewport would pass on Text
    m_nothing->setWordWrap(true);
    m_nothing->hide();
    auto* over = new QVBoxLayout(m_view->viewport());
    over->addWidget(m_nothing);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& row) {
                if (!row.isValid() || m_filter->featureAt(row.row()) == m_feature)
                    return;
                m_feature = m_filter->featureAt(row.row());
                Q_EMIT featureChosen(m_feature);
            });
    connect(m_filter, &QAbstractItemModel::layoutChanged, this,
            [this] { m_view->scrollTo(m_view->currentIndex(), QAbstractItemView::EnsureVisible); });
    connect(header, &QHeaderView::sortIndicatorChanged, this, &FeatureBrowser::fitColumns);
    m_view->viewport()->installEventFilter(this);
}

void FeatureBrowser::setFeatures(std::shared_ptr<const FeatureIndex> features) {
    m_table->setFeatures(std::move(features));
    if (m_table->features()) {
        showClasses();
        fitColumns();
        settleFeature();
    }
    showCount();
}

void FeatureBrowser::resetView() {
    m_number->clear();
    m_aliveOnly->setChecked(false);
    m_strongestClass->setCurrentIndex(0);
    m_view->sortByColumn(FeatureTableModel::Usefulness, Qt::DescendingOrder);
}

std::shared_ptr<const FeatureIndex> FeatureBrowser::features() const {
    return m_table->features();
}

int FeatureBrowser::aliveCount() const {
    return m_table->aliveCount();
}

void FeatureBrowser::applyFilter() {
    FeatureFilter filter;
    filter.numberPrefix = m_number->text();
    filter.aliveOnly = m_aliveOnly->isChecked();
    filter.strongestClass = m_strongestClass->currentIndex() - 1;
    if (filter == m_filter->filter())
        return;
    m_filter->setFilter(filter);
    showCount();
    if (settleFeature())
        Q_EMIT featureChosen(m_feature);
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
    return m_feature != before;
}

void FeatureBrowser::showClasses() {
    const QSignalBlocker quiet(m_strongestClass);
    const int chosen = m_strongestClass->currentIndex();
    m_strongestClass->clear();
    m_strongestClass->addItem(tr("Any class"));
    for (const std::string& name : m_table->features()->classNames())
        m_strongestClass->addItem(tr("Strongest for %1").arg(QString::fromStdString(name)));
    m_strongestClass->setCurrentIndex(chosen > 0 && chosen < m_strongestClass->count() ? chosen : 0);
    FeatureFilter filter = m_filter->filter();
    filter.strongestClass = m_strongestClass->currentIndex() - 1;
    m_filter->setFilter(filter);
}

void FeatureBrowser::showCount() {
    const int all = m_table->rowCount();
    const int shown = m_filter->rowCount();
    const QLocale locale;
    m_shown->setText(shown == all ? QString()
                                  : tr("%1 of %2").arg(locale.toString(shown), locale.toString(all)));
    m_nothing->setVisible(all > 0 && shown == 0);
}

std::vector<int> FeatureBrowser::columnWidths(bool compact) const {
    const QHeaderView* header = m_view->horizontalHeader();
    const QFontMetrics metrics = m_view->fontMetrics();
    const QFontMetrics headerMetrics = header->fontMetrics();
    const int mark = m_view->style()->pixelMetric(QStyle::PM_HeaderMarkSize, nullptr, header) + gridUnit / 2;
    // A class may have a long name; its tooltip tells it whole.
    const int widestHeader = metrics.averageCharWidth() * 16;
    std::vector<int> widths;
    for (int column = 0; column < m_filter->columnCount(); ++column) {
        const int figures =
            metrics.horizontalAdvance(m_table->widestText(column)) + (compact ? 1 : 2) * gridUnit;
        // A full title has room for the sorting mark; a compact one only while it bears it.
        const int title =
            compact
                ? headerMetrics.horizontalAdvance(m_filter->headerData(column, Qt::Horizontal).toString()) +
                      gridUnit + (column == header->sortIndicatorSection() ? mark : 0)
                : header->sectionSizeHint(column);
        widths.push_back(std::max(figures, std::min(widestHeader, title)));
    }
    if (!widths.empty())
        widths.back() += endPadding;
    return widths;
}

int FeatureBrowser::widthAround(const std::vector<int>& columns) const {
    return std::accumulate(columns.begin(), columns.end(), 0) +
           m_view->style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, m_view) +
           layout()->contentsMargins().right();
}

int FeatureBrowser::preferredWidth() const {
    return widthAround(columnWidths(false));
}

int FeatureBrowser::compactWidth() const {
    return widthAround(columnWidths(true));
}

void FeatureBrowser::fitColumns() {
    m_view->verticalHeader()->setDefaultSectionSize(m_view->fontMetrics().height() + gridUnit);
    std::vector<int> widths = columnWidths(false);
    const auto columns = static_cast<int>(widths.size());
    int slack = m_view->viewport()->width() - std::accumulate(widths.begin(), widths.end(), 0);
    if (slack < 0) {
        // Columns give up room around them, each in proportion to what it has, before any is hidden.
        const std::vector<int> compact = columnWidths(true);
        const int room = std::accumulate(widths.begin(), widths.end(), 0) -
                         std::accumulate(compact.begin(), compact.end(), 0);
        const double taken = room > 0 ? std::min(1.0, static_cast<double>(-slack) / room) : 0.0;
        for (std::size_t column = 0; column < widths.size(); ++column)
            widths[column] -= static_cast<int>(std::ceil(taken * (widths[column] - compact[column])));
        slack = std::max(0, m_view->viewport()->width() - std::accumulate(widths.begin(), widths.end(), 0));
    }
    for (int column = 0; column < columns; ++column)
        m_view->horizontalHeader()->resizeSection(column, widths[static_cast<std::size_t>(column)] +
                                                              slack * (column + 1) / columns -
                                                              slack * column / columns);
}

bool FeatureBrowser::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_view->viewport() && event->type() == QEvent::Resize)
        fitColumns();
    if (watched == m_number && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            m_view->setFocus(Qt::ShortcutFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void FeatureBrowser::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
}

void FeatureBrowser::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    for (QLabel* label : {m_shown, m_nothing}) {
        QPalette faint = label->palette();
        faint.setColor(QPalette::WindowText, colours.faintText);
        label->setPalette(faint);
    }
    QPalette selection = m_view->palette();
    selection.setColor(QPalette::Highlight, colours.accentFill);
    selection.setColor(QPalette::HighlightedText, colours.text);
    m_view->setPalette(selection);
}

}  // namespace saeception
