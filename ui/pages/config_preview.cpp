// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/config_preview.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QToolButton>
#include <QVBoxLayout>

#include <set>

namespace saeception {
namespace {

// Keys step back and values come forward: the values are what is read.
class YamlHighlighter : public QSyntaxHighlighter {
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

protected:
    void highlightBlock(const QString& text) override {
        static const QRegularExpression key(QStringLiteral("^(\\s*)([^:#'\"-][^:]*:)(\\s|$)"));
        const ThemeColours& colours = Theme::instance().colours();
        const QRegularExpressionMatch match = key.match(text);
        if (!match.hasMatch())
            return;
        QTextCharFormat format;
        const bool isGroup = match.capturedEnd(2) == text.size();
        format.setForeground(isGroup ? colours.accent : colours.faintText);
        setFormat(static_cast<int>(match.capturedStart(2)), static_cast<int>(match.capturedLength(2)),
                  format);
    }
};

}  // namespace

QStringList yamlLineKeys(const QString& yaml) {
    QStringList keys;
    std::vector<std::pair<qsizetype, QString>> open;  // indentation and name
    QString last;
    for (const QString& line : yaml.split(QLatin1Char('\n'))) {
        const QString text = line.trimmed();
        qsizetype indent = 0;
        while (indent < line.size() && line[indent] == QLatin1Char(' '))
            ++indent;
        const qsizetype colon = text.indexOf(QLatin1Char(':'));
        if (text.isEmpty() || text.startsWith(QLatin1Char('-')) || colon < 0) {
            keys.append(text.isEmpty() ? QString() : last);
            continue;
        }
        while (!open.empty() && open.back().first >= indent)
            open.pop_back();
        open.emplace_back(indent, text.left(colon));
        QStringList path;
        for (const auto& [depth, name] : open)
            path.append(name);
        last = path.join(QLatin1Char('.'));
        keys.append(last);
    }
    return keys;
}

ConfigPreview::ConfigPreview(QWidget* parent)
    : QWidget(parent), m_note(new QLabel(this)), m_text(new QPlainTextEdit(this)) {
    m_note->setObjectName(QStringLiteral("configNote"));
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_text->setObjectName(QStringLiteral("composedConfig"));
    m_text->setAccessibleName(tr("Composed configuration"));
    m_text->setReadOnly(true);
    m_text->setAcceptDrops(false);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    new YamlHighlighter(m_text->document());
    auto* copyButton = new QToolButton(this);
    copyButton->setObjectName(QStringLiteral("copyConfig"));
    copyButton->setIcon(themedIcon(QStringLiteral("copy")));
    copyButton->setToolTip(tr("Copy the configuration"));
    copyButton->setAccessibleName(tr("Copy the configuration"));
    copyButton->setAutoRaise(true);
    connect(copyButton, &QToolButton::clicked, this, &ConfigPreview::copy);
    auto* head = new QHBoxLayout;
    head->addWidget(m_note, 1);
    head->addWidget(copyButton, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, gridUnit / 2, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addLayout(head);
    column->addWidget(m_text, 1);
    connect(&Theme::instance(), &Theme::changed, this, &ConfigPreview::applyTheme);
    applyTheme();
}

void ConfigPreview::showConfig(const QString& yaml, const QStringList& changedKeys, const QString& note) {
    m_note->setText(note);
    if (yaml == m_text->toPlainText() && changedKeys == m_changed)
        return;
    m_changed = changedKeys;
    if (yaml != m_text->toPlainText()) {
        // What was read stays in view while numbers change.
        const int place = m_text->verticalScrollBar()->value();
        m_text->setPlainText(yaml);
        m_text->verticalScrollBar()->setValue(place);
    }
    markChanged();
}

void ConfigPreview::markChanged() {
    const QStringList keys = yamlLineKeys(m_text->toPlainText());
    const std::set<QString> changed(m_changed.begin(), m_changed.end());
    QList<QTextEdit::ExtraSelection> marks;
    for (qsizetype line = 0; line < keys.size(); ++line) {
        if (!changed.contains(keys[line]))
            continue;
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_text->document()->findBlockByNumber(static_cast<int>(line)));
        mark.format.setBackground(Theme::instance().colours().accentFill);
        mark.format.setProperty(QTextFormat::FullWidthSelection, true);
        marks.append(mark);
    }
    m_text->setExtraSelections(marks);
}

QString ConfigPreview::yaml() const {
    return m_text->toPlainText();
}

void ConfigPreview::copy() const {
    QGuiApplication::clipboard()->setText(yaml());
}

void ConfigPreview::applyTheme() {
    QPalette faint = palette();
    faint.setColor(QPalette::WindowText, Theme::instance().colours().faintText);
    m_note->setPalette(faint);
    if (auto* highlighter = m_text->document()->findChild<QSyntaxHighlighter*>())
        highlighter->rehighlight();
    markChanged();
}

}  // namespace saeception
