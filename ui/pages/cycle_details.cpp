// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cycle_details.h"

#include "ui/format.h"
#include "ui/icons.h"
#include "ui/models/metric_words.h"
#include "ui/models/stage_mark.h"
#include "ui/plots/cycle_curves.h"
#include "ui/plots/small_multiples.h"
#include "ui/theme.h"

#include <QEvent>
#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLayoutItem>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace saeception {

/// The mark of the map, a little larger.
class StateMark : public QWidget {
public:
    explicit StateMark(QWidget* parent) : QWidget(parent) { setFixedSize(2 * gridUnit, 2 * gridUnit); }
    void show(StageState state, bool stale) {
        m_state = state;
        m_stale = stale;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const ThemeColours& colours = Theme::instance().colours();
        const QRectF box = QRectF(rect()).adjusted(3, 3, -3, -3);
        if (m_stale)
            drawStaleMark(painter, box, colours);
        else
            drawStageMark(painter, box, m_state, colours);
    }

private:
    StageState m_state = StageState::NotRun;
    bool m_stale = false;
};

namespace {

QLabel* wrapped(QWidget* parent, const char* name) {
    auto* label = new QLabel(parent);
    label->setObjectName(QString::fromLatin1(name));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

void setInk(QWidget* widget, const QColor& ink) {
    QPalette palette = widget->palette();
    palette.setColor(QPalette::WindowText, ink);
    widget->setPalette(palette);
}

void empty(QGridLayout* grid) {
    while (QLayoutItem* item = grid->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

QString address(const CycleNode& node) {
    return QStringLiteral("%1:%2").arg(node.cycle).arg(static_cast<int>(node.kind));
}

}  // namespace

CycleDetails::CycleDetails(CycleMapModel& map, QWidget* cardHost, QWidget* parent)
    : QScrollArea(parent), m_map(map) {
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    auto* sheet = new QWidget;
    sheet->setAutoFillBackground(false);
    m_column = new QVBoxLayout(sheet);
    m_column->setContentsMargins(2 * gridUnit, gridUnit, 2 * gridUnit, 2 * gridUnit);
    m_column->setSpacing(2 * gridUnit);
    m_column->addWidget(makeHead());

    m_warnings = wrapped(sheet, "cycleWarnings");
    m_warningSection = addSection(tr("Warnings"), "cycleWarningSection", m_warnings);
    m_numbers = new QWidget(sheet);
    m_numbers->setObjectName(QStringLiteral("cycleNumbers"));
    m_numberGrid = new QGridLayout(m_numbers);
    m_numberSection = addSection(tr("Numbers"), "cycleNumberSection", m_numbers);
    m_files = new QWidget(sheet);
    m_files->setObjectName(QStringLiteral("cycleFiles"));
    m_fileGrid = new QGridLayout(m_files);
    m_fileSection = addSection(tr("Files"), "cycleFileSection", m_files);
    m_cycles = new SmallMultiples(sheet);
    m_cycleSection = addSection(tr("Across cycles"), "cycleAcross", m_cycles);
    m_curves = new CycleCurves(cardHost, sheet);
    m_curveSection = addSection(tr("Curves"), "cycleCurves", m_curves);
    connect(m_curves, &CycleCurves::shownChanged, m_curveSection, &QWidget::setVisible);
    m_curveSection->hide();
    for (QGridLayout* grid : {m_numberGrid, m_fileGrid}) {
        grid->setContentsMargins(0, 0, 0, 0);
        grid->setHorizontalSpacing(gridUnit);
        grid->setVerticalSpacing(gridUnit / 2);
    }
    m_column->addStretch(1);
    setWidget(sheet);
    connect(&Theme::instance(), &Theme::changed, this, &CycleDetails::applyTheme);
    applyTheme();
}

QWidget* CycleDetails::makeHead() {
    auto* head = new QWidget(this);
    m_title = wrapped(head, "cycleTitle");
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    m_description = wrapped(head, "cycleDescription");
    m_mark = new StateMark(head);
    m_state = wrapped(head, "cycleState");
    m_message = wrapped(head, "cycleMessage");
    m_run = new QPushButton(themedIcon(QStringLiteral("launch")), {}, head);
    m_run->setObjectName(QStringLiteral("runStage"));
    connect(m_run, &QPushButton::clicked, this, &CycleDetails::runRequested);
    m_reason = wrapped(head, "runReason");
    m_needs = new QLabel(head);
    m_needs->setObjectName(QStringLiteral("cycleNeeds"));
    m_makes = new QLabel(head);
    m_makes->setObjectName(QStringLiteral("cycleMakes"));
    for (QLabel* links : {m_needs, m_makes}) {
        links->setTextFormat(Qt::RichText);
        links->setWordWrap(true);
        links->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
        connect(links, &QLabel::linkActivated, this, [this](const QString& link) {
            const QStringList parts = link.split(QLatin1Char(':'));
            Q_EMIT nodeRequested({parts[0].toInt(), static_cast<CycleNodeKind>(parts[1].toInt())});
        });
    }
    auto* state = new QHBoxLayout;
    state->setSpacing(gridUnit);
    state->addWidget(m_mark, 0, Qt::AlignTop);
    state->addWidget(m_state, 1);
    auto* button = new QHBoxLayout;
    button->addWidget(m_run);
    button->addStretch(1);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(m_title);
    column->addLayout(state);
    column->addWidget(m_message);
    column->addWidget(m_description);
    column->addWidget(m_needs);
    column->addWidget(m_makes);
    column->addLayout(button);
    column->addWidget(m_reason);
    return head;
}

QWidget* CycleDetails::addSection(const QString& title, const char* name, QWidget* content) {
    auto* section = new QWidget(widget());
    section->setObjectName(QString::fromLatin1(name));
    auto* heading = new QLabel(title, section);
    QFont bold = heading->font();
    bold.setWeight(QFont::DemiBold);
    heading->setFont(bold);
    auto* line = new QFrame(section);
    line->setFrameShape(QFrame::HLine);
    line->setForegroundRole(QPalette::Mid);
    auto* column = new QVBoxLayout(section);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit);
    column->addWidget(line);
    column->addWidget(heading);
    column->addWidget(content);
    m_column->addWidget(section);
    return section;
}

void CycleDetails::showNode(const CycleNode& node) {
    m_node = node;
    m_curves->showNode(node);
    refresh();
    verticalScrollBar()->setValue(0);
}

void CycleDetails::refresh() {
    const bool known = m_map.rowOf(m_node) >= 0;
    widget()->setVisible(known);
    if (!known)
        return;
    showState();
    showLinks();
    showFiles();
    showNumbers();
    // Nothing may be cut off at the right, in whatever font.
    const int least = widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width();
    if (least > minimumWidth())
        setMinimumWidth(least);
}

void CycleDetails::setOffer(const QString& buttonText, bool enabled, const QString& reason) {
    m_run->setText(buttonText);
    m_run->setEnabled(enabled);
    m_run->setToolTip(reason);
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
}

void CycleDetails::showState() {
    const int row = m_map.rowOf(m_node);
    const QModelIndex index = m_map.index(row);
    const CycleNodeState& state = m_map.state(row);
    m_title->setText(m_node.isArtefact() ? cycleNodeTitle(m_node)
                                         : tr("%1, cycle %2").arg(cycleNodeTitle(m_node)).arg(m_node.cycle));
    m_description->setText(cycleNodeDescription(m_node));
    m_mark->show(state.state, state.stale && state.state == StageState::Done);
    QString words = index.data(CycleMapModel::LongStateTextRole).toString();
    if (const QString detail = index.data(CycleMapModel::DetailTextRole).toString(); !detail.isEmpty())
        words = state.state == StageState::Done && !m_node.isArtefact() ? tr("%1 in %2").arg(words, detail)
                                                                        : tr("%1, %2").arg(words, detail);
    if (state.stale && state.cause.cycle >= 0)
        words += tr(": %1 has been replaced since").arg(cycleNodeTitle(state.cause));
    else if (state.best && state.state == StageState::Stopped)
        words += tr(": its stage did not come to its end");
    m_state->setText(words);
    const StageRecord* const record = m_map.story().record(m_node.maker());
    const bool failed = record != nullptr && state.state == StageState::Failed;
    m_message->setText(failed ? QString::fromStdString(record->message) : QString());
    m_message->setVisible(!m_message->text().isEmpty());
    const QStringList warnings = cycleWarnings(m_map.story(), m_node);
    QStringList lines;
    for (const QString& warning : warnings)
        lines << QStringLiteral("⚠ ") + warning;
    m_warnings->setText(lines.join(QLatin1Char('\n')));
    m_warningSection->setVisible(!lines.isEmpty());
}

QString CycleDetails::linksTo(const std::vector<CycleNode>& nodes) const {
    QStringList links;
    for (const CycleNode& node : nodes) {
        const int row = m_map.rowOf(node);
        if (row < 0)
            continue;
        links << QStringLiteral("<a href=\"%1\">%2</a>&nbsp;(%3)")
                     .arg(address(node), cycleNodeTitle(node).toHtmlEscaped(),
                          m_map.index(row)
                              .data(CycleMapModel::StateTextRole)
                              .toString()
                              .toLower()
                              .toHtmlEscaped());
    }
    return links.join(QStringLiteral(", "));
}

void CycleDetails::showLinks() {
    const bool fromBaseline = m_map.story().contents().fromBaseline;
    const auto show = [](QLabel* label, const QString& text, const QString& links) {
        label->setText(text.arg(links));
        label->setVisible(!links.isEmpty());
    };
    if (m_node.isArtefact()) {
        show(m_needs, tr("Made by %1"), linksTo({m_node.maker()}));
        show(m_makes, tr("Goes into %1"), linksTo(usersOf(m_node, fromBaseline)));
    } else {
        show(m_needs, tr("Needs %1"), linksTo(needsOf(m_node, fromBaseline)));
        show(m_makes, tr("Makes %1"), linksTo({m_node.product()}));
    }
}

void CycleDetails::showFiles() {
    const auto& files = m_map.story().contents().files;
    const auto found = files.find(m_node.product());
    const std::vector<MapFile> own = found == files.end() ? std::vector<MapFile>() : found->second;
    m_fileSection->setVisible(!own.empty());
    if (own == m_shownFiles)
        return;
    m_shownFiles = own;
    empty(m_fileGrid);
    const auto button = [&](const char* icon, const QString& text, const QString& name) {
        auto* tool = new QToolButton(m_files);
        tool->setObjectName(name);
        tool->setIcon(themedIcon(QString::fromLatin1(icon)));
        tool->setAutoRaise(true);
        tool->setFocusPolicy(Qt::TabFocus);
        tool->setToolTip(text);
        tool->setAccessibleName(text);
        return tool;
    };
    for (std::size_t i = 0; i < own.size(); ++i) {
        const int row = static_cast<int>(i);
        const MapFile& file = own[i];
        const QString path = QString::fromStdString(file.path.string());
        const QString name = QString::fromStdString(file.path.filename().string());
        auto* label = wrapped(m_files, "fileName");
        label->setText(name + QLatin1Char('\n') +
                       tr("%1 · %2").arg(memoryText(file.bytes), timeText(file.modified)));
        label->setToolTip(path);
        auto* reveal =
            button("folder", tr("Show %1 in the file manager").arg(name), QStringLiteral("revealFile"));
        auto* copy = button("copy", tr("Copy the path of %1").arg(name), QStringLiteral("copyPath"));
        connect(reveal, &QToolButton::clicked, this, [this, path] { Q_EMIT revealRequested(path); });
        connect(copy, &QToolButton::clicked, this, [this, path] { Q_EMIT copyRequested(path); });
        m_fileGrid->addWidget(label, row, 0);
        m_fileGrid->addWidget(reveal, row, 1, Qt::AlignTop);
        m_fileGrid->addWidget(copy, row, 2, Qt::AlignTop);
    }
    m_fileGrid->setColumnStretch(0, 1);
}

void CycleDetails::showNumbers() {
    const CycleStory& story = m_map.story();
    const std::vector<CycleNumber> numbers = cycleNumbers(story, m_node);
    m_numberSection->setVisible(!numbers.empty());
    if (numbers != m_shownNumbers) {
        m_shownNumbers = numbers;
        empty(m_numberGrid);
        const bool changes = std::any_of(numbers.begin(), numbers.end(),
                                         [](const CycleNumber& number) { return !number.change.isEmpty(); });
        const ThemeColours& colours = Theme::instance().colours();
        int row = 0;
        const auto add = [&](const QString& text, int column, const QColor& ink, const CycleNumber& number) {
            auto* label = new QLabel(text, m_numbers);
            setInk(label, ink);
            label->setToolTip(number.tooltip);
            m_numberGrid->addWidget(label, row, column, column == 0 ? Qt::AlignLeft : Qt::AlignRight);
        };
        for (const CycleNumber& number : numbers) {
            add(number.title, 0, colours.faintText, number);
            add(number.value, 1, colours.text, number);
            const QString verdict = verdictText(number.verdict);
            if (changes)
                add(verdict.isEmpty() ? number.change : tr("%1 %2").arg(number.change, verdict), 2,
                    number.verdict < 0 ? colours.warning : colours.faintText, number);
            ++row;
        }
        m_numberGrid->setColumnStretch(0, 1);
        m_numberGrid->setColumnMinimumWidth(2, changes ? 11 * gridUnit : 0);
    }
    const bool across = m_node.maker().kind == CycleNodeKind::Evaluate && story.results().size() > 1;
    m_cycleSection->setVisible(across);
    if (across && m_shownResults != story.results()) {
        m_shownResults = story.results();
        RunContents run;
        run.title = story.contents().title;
        run.results = m_shownResults;
        m_cycles->setRuns({run});
    }
}

void CycleDetails::changeEvent(QEvent* event) {
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void CycleDetails::applyTheme() {
    if (m_warnings == nullptr)
        return;
    const ThemeColours& colours = Theme::instance().colours();
    for (QLabel* label : {m_description, m_needs, m_makes, m_reason})
        setInk(label, colours.faintText);
    setInk(m_message, colours.error);
    setInk(m_warnings, colours.warning);
    // Drawn anew in these colours.
    m_shownNumbers.clear();
    for (QLabel* links : {m_needs, m_makes})
        links->clear();
    refresh();
}

}  // namespace saeception
