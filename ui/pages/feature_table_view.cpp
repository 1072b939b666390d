// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/feature_table_view.h"

#include "ui/models/feature_filter_model.h"
#include "ui/models/feature_table_model.h"
#include "ui/theme.h"
#include "ui/widgets/quiet_table.h"

#include <QContextMenuEvent>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QSettings>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

using Columns = FeatureTableModel;

const QString settingsKey = QStringLiteral("features/columns");
constexpr int leastWordCharacters = 14;

bool holdsText(int column) {
    return column == Columns::Words || column == Columns::Favours;
}

/// Titles stand off the column before as far as the texts below them.
class FeatureHeader : public QHeaderView {
public:
    explicit FeatureHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {}

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override {
        QRect title = rect;
        if (holdsText(section)) {
            title.setLeft(rect.left() + gridUnit);
            // First, since a section leaves the painter clipped.
            QStyleOption before;
            before.initFrom(this);
            before.rect = QRect(rect.topLeft(), QSize(gridUnit, rect.height()));
            style()->drawControl(QStyle::CE_HeaderEmptyArea, &before, painter, this);
        }
        QHeaderView::paintSection(painter, title, section);
    }
};

class FeatureCell : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, option.palette.brush(QPalette::Highlight));
        QStyleOptionViewItem cell(option);
        if (holdsText(index.column()))
            cell.rect.adjust(gridUnit, 0, -gridUnit, 0);
        QStyledItemDelegate::paint(painter, cell, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        const ThemeColours& colours = Theme::instance().colours();
        QColor colour = colours.text;
        if (option->text.startsWith(QLatin1Char('<')) || option->text.startsWith(QLatin1Char('>')) ||
            (index.column() == Columns::Words && !index.data(Columns::labelledRole).toBool()))
            colour = colours.faintText;
        else if (index.column() == Columns::Star)
            colour = colours.accent;
        for (const QPalette::ColorRole role : {QPalette::Text, QPalette::HighlightedText})
            option->palette.setColor(role, colour);
        // The dotted frame around a single cell says nothing where rows are chosen.
        option->state &= ~QStyle::State_HasFocus;
    }
};

}  // namespace

FeatureTableView::FeatureTableView(FeatureTableModel* table, FeatureFilterModel* filter, QWidget* parent)
    : QTableView(parent), m_table(table), m_filter(filter), m_nothing(new QLabel(viewport())) {
    setObjectName(QStringLiteral("featureTable"));
    setAccessibleName(tr("Features"));
    setModel(filter);
    makeQuietTable(*this, QAbstractItemView::SingleSelection);
    setItemDelegate(new FeatureCell(this));
    auto* header = new FeatureHeader(this);
    setHorizontalHeader(header);
    header->setSectionsClickable(true);
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setMinimumSectionSize(2 * gridUnit);
    header->setTextElideMode(Qt::ElideRight);
    header->setSortIndicator(filter->sortColumn(), filter->sortOrder());
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    setSortingEnabled(true);
    m_nothing->setObjectName(QStringLiteral("nothingMatches"));
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setForegroundRole(QPalette::WindowText);  // a table's viewport would pass on Text
    m_nothing->setWordWrap(true);
    m_nothing->hide();
    auto* over = new QVBoxLayout(viewport());
    over->addWidget(m_nothing);
    connect(header, &QHeaderView::sortIndicatorChanged, this, &FeatureTableView::fitColumns);
    connect(header, &QWidget::customContextMenuRequested, this, &FeatureTableView::offerColumns);
    connect(filter, &QAbstractItemModel::layoutChanged, this,
            [this] { scrollTo(currentIndex(), QAbstractItemView::EnsureVisible); });
    connect(table, &QAbstractItemModel::modelReset, this, &FeatureTableView::restoreColumns);
    connect(this, &QAbstractItemView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == Columns::Star)
            Q_EMIT starClicked(m_filter->featureAt(index.row()));
    });
    applyTheme();
}

void FeatureTableView::setNothing(const QString& words) {
    m_nothing->setText(words);
    m_nothing->setVisible(!words.isEmpty());
}

bool FeatureTableView::isShownByDefault(int column) const {
    switch (column) {
        case Columns::Star:
        case Columns::Feature:
        case Columns::Density:
        case Columns::MaxActivation:
        case Columns::Csi:
        case Columns::Usefulness:
        case Columns::Effect:
        case Columns::Words:
            return true;
        case Columns::Favours:
            return m_table->features() && m_table->features()->classCount() > 2;
        default:
            return false;
    }
}

void FeatureTableView::restoreColumns() {
    const QVariantMap chosen = QSettings().value(settingsKey).toMap();
    for (int column = 0; column < m_filter->columnCount(); ++column) {
        const QString name = Columns::columnName(column);
        setColumnHidden(column, !chosen.value(name, isShownByDefault(column)).toBool());
    }
    fitColumns();
}

void FeatureTableView::offerColumns(const QPoint& position) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("featureColumns"));
    for (int column = 0; column < m_filter->columnCount(); ++column) {
        if (column == Columns::Concept && m_table->features()->conceptNames().empty())
            continue;
        QAction* action = menu->addAction(
            column == Columns::Star ? tr("Star") : m_filter->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(column != Columns::Feature);
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            setColumnHidden(column, !shown);
            QVariantMap chosen = QSettings().value(settingsKey).toMap();
            chosen[Columns::columnName(column)] = shown;
            QSettings().setValue(settingsKey, chosen);
            fitColumns();
        });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Default columns")), &QAction::triggered, this, [this] {
        QSettings().remove(settingsKey);
        restoreColumns();
    });
    menu->popup(horizontalHeader()->mapToGlobal(position));
}

int FeatureTableView::widthOf(int column) const {
    const QHeaderView* header = horizontalHeader();
    if (column == Columns::Words)
        return fontMetrics().averageCharWidth() * leastWordCharacters + 2 * gridUnit;
    const int mark = column == header->sortIndicatorSection()
                         ? style()->pixelMetric(QStyle::PM_HeaderMarkSize, nullptr, header) + gridUnit / 2
                         : 0;
    const int title =
        header->fontMetrics().horizontalAdvance(m_filter->headerData(column, Qt::Horizontal).toString()) +
        mark;
    return std::max(m_table->widestText(column, fontMetrics()), title) + (column == Columns::Star ? gridUnit
                                                                          : holdsText(column)
                                                                              ? 2 * gridUnit
                                                                              : 3 * gridUnit / 2);
}

int FeatureTableView::leastWidth() const {
    int width = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
    for (int column = 0; column < m_filter->columnCount(); ++column)
        if (!isColumnHidden(column))
            width += widthOf(column);
    return width;
}

int FeatureTableView::preferredWidth() const {
    return leastWidth() + (isColumnHidden(Columns::Words) ? 0 : widthOf(Columns::Words));
}

void FeatureTableView::fitColumns() {
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + gridUnit);
    int left = viewport()->width();
    int shown = 0;
    for (int column = 0; column < m_filter->columnCount(); ++column) {
        if (isColumnHidden(column) || column == Columns::Words)
            continue;
        const int width = widthOf(column);
        horizontalHeader()->resizeSection(column, width);
        left -= width;
        ++shown;
    }
    if (!isColumnHidden(Columns::Words)) {
        horizontalHeader()->resizeSection(Columns::Words, std::max(left, widthOf(Columns::Words)));
    } else if (shown > 0 && left > 0) {
        // Without words the figures share what is left.
        for (int column = 0; column < m_filter->columnCount(); ++column)
            if (!isColumnHidden(column)) {
                const int more = left / shown--;
                horizontalHeader()->resizeSection(column, columnWidth(column) + more);
                left -= more;
            }
    }
}

void FeatureTableView::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

void FeatureTableView::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKey ? currentIndex() : indexAt(event->pos());
    if (!index.isValid())
        return;
    Q_EMIT menuRequested(
        m_filter->featureAt(index.row()),
        byKey ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos());
}

void FeatureTableView::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::PaletteChange)
        applyTheme();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
}

void FeatureTableView::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette faint = m_nothing->palette();
    if (faint.color(QPalette::WindowText) != colours.faintText) {
        faint.setColor(QPalette::WindowText, colours.faintText);
        m_nothing->setPalette(faint);
    }
    QPalette selection = palette();
    if (selection.color(QPalette::Highlight) != colours.accentFill ||
        selection.color(QPalette::HighlightedText) != colours.text) {
        selection.setColor(QPalette::Highlight, colours.accentFill);
        selection.setColor(QPalette::HighlightedText, colours.text);
        setPalette(selection);
    }
}

}  // namespace saeception
