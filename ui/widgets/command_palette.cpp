// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/command_palette.h"

#include "ui/models/palette_delegate.h"
#include "ui/theme.h"
#include "ui/widgets/action_list.h"

#include <QApplication>
#include <QFrame>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {
namespace {

const QString recentKey = QStringLiteral("palette/recent");
constexpr qsizetype mostRecent = 12;
constexpr int panelWidth = 80 * gridUnit;
constexpr int mostRows = 12;
constexpr double scrimLight = 0.22;
constexpr double scrimDark = 0.4;

}  // namespace

CommandPalette::CommandPalette(QWidget* window)
    : QWidget(window),
      m_window(window),
      m_model(new PaletteModel(this)),
      m_panel(new QFrame(this)),
      m_line(new QLineEdit(m_panel)),
      m_list(new QListView(m_panel)),
      m_nothing(new QLabel(tr("Nothing goes by that name."), m_panel)) {
    setObjectName(QStringLiteral("commandPalette"));
    hide();
    m_panel->setObjectName(QStringLiteral("palettePanel"));
    m_panel->setFrameShape(QFrame::StyledPanel);
    m_panel->setAutoFillBackground(true);
    m_line->setObjectName(QStringLiteral("paletteLine"));
    m_line->setPlaceholderText(tr("What to do: a few letters of it"));
    m_line->setAccessibleName(tr("Search the commands"));
    m_line->setMinimumHeight(4 * gridUnit);
    m_line->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("Commands"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_nothing->setObjectName(QStringLiteral("paletteNothing"));
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setMargin(2 * gridUnit);
    auto* column = new QVBoxLayout(m_panel);
    column->setContentsMargins(gridUnit, gridUnit, gridUnit, gridUnit);
    column->setSpacing(gridUnit);
    column->addWidget(m_line);
    column->addWidget(m_nothing);
    column->addWidget(m_list, 1);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { runRow(index.row()); });
    m_window->installEventFilter(this);
    applyTheme();
}

void CommandPalette::addProvider(Provider provider) {
    m_providers.push_back(std::move(provider));
}

QList<PaletteEntry> CommandPalette::entries() {
    QList<PaletteEntry> entries;
    for (const ListedAction& listed : listedActions(*m_window)) {
        // The same words for several charts or fields would not tell which one is meant.
        if (listed.isAmbiguous)
            continue;
        PaletteEntry entry;
        entry.text = listed.text;
        entry.group = listed.group;
        entry.shortcut = listed.action->shortcut().toString(QKeySequence::NativeText);
        entry.enabled = listed.action->isEnabled();
        entry.checked = listed.action->isCheckable() && listed.action->isChecked();
        entry.reason = listed.action->statusTip();
        entry.run = [this, action = listed.action, page = listed.page] {
            if (page != nullptr && !page->isVisible())
                Q_EMIT pageRequested(page);
            if (action != nullptr)
                action->trigger();
        };
        entries.append(entry);
    }
    for (const Provider& provider : m_providers)
        entries += provider();
    return entries;
}

void CommandPalette::toggle() {
    if (isVisible())
        dismiss();
    else
        open();
}

void CommandPalette::open() {
    m_before = QApplication::focusWidget();
    m_model->setEntries(entries(), QSettings().value(recentKey).toStringList());
    m_line->clear();
    search({});
    place();
    show();
    raise();
    m_line->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::dismiss() {
    if (isHidden())
        return;
    const bool hadFocus = m_line->hasFocus();
    hide();
    if (hadFocus && m_before != nullptr && m_before->isVisible())
        m_before->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::place() {
    setGeometry(m_window->rect());
    const int rows = std::clamp(m_model->rowCount(), 1, mostRows);
    QStyleOptionViewItem option;
    option.fontMetrics = m_list->fontMetrics();
    const int rowHeight = m_list->itemDelegate()->sizeHint(option, {}).height();
    const int width = std::min(panelWidth, this->width() - 4 * gridUnit);
    const int top = std::max(2 * gridUnit, height() / 8);
    const int list = m_model->rowCount() == 0 ? m_nothing->sizeHint().height() : rows * rowHeight;
    const int wanted = list + m_line->sizeHint().expandedTo(m_line->minimumSize()).height() + 3 * gridUnit +
                       2 * m_panel->frameWidth();
    m_panel->setGeometry((this->width() - width) / 2, top, width,
                         std::min(wanted, height() - top - 2 * gridUnit));
}

void CommandPalette::search(const QString& pattern) {
    m_model->setPattern(pattern);
    m_nothing->setVisible(m_model->rowCount() == 0);
    m_list->setVisible(m_model->rowCount() > 0);
    place();
    setCurrent(0);
    m_list->scrollToTop();
}

void CommandPalette::setCurrent(int row) {
    const QModelIndex index = m_model->index(row);
    m_list->selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    m_list->viewport()->update();
    m_line->setAccessibleDescription(index.data(Qt::AccessibleTextRole).toString());
    if (index.isValid())
        m_list->scrollTo(index);
}

void CommandPalette::moveBy(int rows) {
    const int count = m_model->rowCount();
    if (count == 0)
        return;
    const int row = std::max(0, m_list->currentIndex().row());
    const bool around = std::abs(rows) == 1;
    setCurrent(around ? (row + rows + count) % count : std::clamp(row + rows, 0, count - 1));
}

void CommandPalette::runRow(int row) {
    if (row < 0 || row >= m_model->rowCount() || !m_model->entry(row).enabled)
        return;
    const PaletteEntry entry = m_model->entry(row);
    QStringList recent = QSettings().value(recentKey).toStringList();
    recent.removeAll(PaletteModel::keyOf(entry));
    recent.prepend(PaletteModel::keyOf(entry));
    QSettings().setValue(recentKey, recent.mid(0, mostRecent));
    dismiss();
    // With the keyboard where it was, and none of this on the stack: what runs may open a dialog.
    if (entry.run)
        QMetaObject::invokeMethod(this, entry.run, Qt::QueuedConnection);
}

bool CommandPalette::keyPressed(int key, Qt::KeyboardModifiers modifiers) {
    const bool control = modifiers.testFlag(Qt::ControlModifier);
    switch (key) {
        case Qt::Key_Down:
            moveBy(1);
            return true;
        case Qt::Key_Up:
            moveBy(-1);
            return true;
        case Qt::Key_PageDown:
            moveBy(mostRows - 1);
            return true;
        case Qt::Key_PageUp:
            moveBy(1 - mostRows);
            return true;
        case Qt::Key_Home:
            if (control)
                setCurrent(0);
            return control;
        case Qt::Key_End:
            if (control)
                setCurrent(m_model->rowCount() - 1);
            return control;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            runRow(m_list->currentIndex().row());
            return true;
        case Qt::Key_Escape:
            dismiss();
            return true;
        case Qt::Key_Tab:
        case Qt::Key_Backtab:
            return true;  // there is nowhere else to go
        default:
            return false;
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_window && event->type() == QEvent::Resize && isVisible()) {
        place();
    } else if (watched == m_line && event->type() == QEvent::ShortcutOverride) {
        // Escape may be a shortcut of the page below.
        if (static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
            event->accept();
    } else if (watched == m_line && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        return keyPressed(key->key(), key->modifiers());
    } else if (watched == m_line && event->type() == QEvent::FocusOut) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason != Qt::ActiveWindowFocusReason && reason != Qt::PopupFocusReason)
            dismiss();
    }
    return QWidget::eventFilter(watched, event);
}

void CommandPalette::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(),
                            QColor::fromRgbF(0, 0, 0, Theme::instance().isDark() ? scrimDark : scrimLight));
}

void CommandPalette::mousePressEvent(QMouseEvent* event) {
    if (!m_panel->geometry().contains(event->pos()))
        dismiss();
}

void CommandPalette::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void CommandPalette::applyTheme() {
    const ThemeColours& colours = Theme::instance().colours();
    QPalette ground = m_panel->palette();
    ground.setColor(QPalette::Window, colours.surface);
    m_panel->setPalette(ground);
    QPalette faint = m_nothing->palette();
    faint.setColor(QPalette::WindowText, colours.faintText);
    m_nothing->setPalette(faint);
}

}  // namespace saeception
