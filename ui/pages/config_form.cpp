// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/config_form.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpression>
#include <QToolButton>

#include <cmath>
#include <stdexcept>

namespace saeception {
namespace {

QString plainText(const nlohmann::ordered_json& value) {
    return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump());
}

QString rangeText(const KeySpec& spec) {
    const bool below = std::isfinite(spec.maximum) && spec.maximum < 1e9;
    const bool above = std::isfinite(spec.minimum);
    const auto written = [](double value) { return QLocale(QLocale::English).toString(value, 'g', 9); };
    const QString low = written(spec.minimum);
    if (above && below)
        return spec.minimumIsOpen ? ConfigForm::tr("above %1, up to %2").arg(low, written(spec.maximum))
                                  : ConfigForm::tr("%1 to %2").arg(low, written(spec.maximum));
    if (above)
        return spec.minimumIsOpen ? ConfigForm::tr("above %1").arg(low)
                                  : ConfigForm::tr("%1 or more").arg(low);
    return {};
}

QString hintText(const KeySpec& spec) {
    const QString unit = QString::fromStdString(spec.unit);
    const QString range = rangeText(spec);
    return unit.isEmpty() || range.isEmpty() ? unit + range : ConfigForm::tr("%1, %2").arg(unit, range);
}

}  // namespace

QString overrideText(const QString& key, const QString& value) {
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./~+-]*$"));
    if (plain.match(value).hasMatch())
        return key + QLatin1Char('=') + value;
    QString quoted;
    qsizetype backslashes = 0;
    const auto doubleBackslashes = [&] { quoted += QString(backslashes, QLatin1Char('\\')); };
    for (const QChar c : value) {
        if (c == QLatin1Char('\'')) {
            doubleBackslashes();
            quoted += QLatin1Char('\\');
        }
        backslashes = c == QLatin1Char('\\') ? backslashes + 1 : 0;
        quoted += c;
    }
    doubleBackslashes();
    return key + QStringLiteral("='") + quoted + QLatin1Char('\'');
}

ConfigForm::ConfigForm(const std::vector<Entry>& entries, QWidget* parent) : QWidget(parent) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(gridUnit);
    grid->setVerticalSpacing(gridUnit / 2);
    grid->setColumnStretch(2, 1);
    for (const Entry& entry : entries)
        addRow(grid, entry);
    connect(&Theme::instance(), &Theme::changed, this, &ConfigForm::applyTheme);
    applyTheme();
}

void ConfigForm::addRow(QGridLayout* grid, const Entry& entry) {
    const KeySpec* spec = findKey(entry.key);
    if (spec == nullptr)
        throw std::logic_error("no such configuration key: " + entry.key);
    Row row;
    row.spec = spec;
    row.label = new QLabel(entry.label, this);
    row.edit = new QLineEdit(this);
    row.edit->setObjectName(QString::fromStdString(entry.key));
    row.edit->setAccessibleName(entry.label);
    row.edit->setAccessibleDescription(QString::fromStdString(spec->doc));
    row.edit->setAlignment(Qt::AlignRight);
    row.edit->setFixedWidth(13 * gridUnit);
    row.label->setBuddy(row.edit);
    row.hint = new QLabel(hintText(*spec), this);
    row.reset = new QToolButton(this);
    row.reset->setObjectName(QStringLiteral("reset:") + QString::fromStdString(entry.key));
    row.reset->setIcon(themedIcon(QStringLiteral("reset")));
    row.reset->setAutoRaise(true);
    row.reset->setAccessibleName(tr("Reset %1").arg(entry.label));
    QSizePolicy keepPlace = row.reset->sizePolicy();
    keepPlace.setRetainSizeWhenHidden(true);
    row.reset->setSizePolicy(keepPlace);
    const QString tip =
        QStringLiteral("<p><b>%1</b></p><p>%2</p>")
            .arg(QString::fromStdString(entry.key), QString::fromStdString(spec->doc).toHtmlEscaped());
    row.label->setToolTip(tip);
    row.edit->setToolTip(tip);
    const int line = static_cast<int>(m_order.size());
    grid->addWidget(row.label, line, 0);
    grid->addWidget(row.edit, line, 1);
    grid->addWidget(row.hint, line, 2);
    grid->addWidget(row.reset, line, 3);
    m_order.push_back(entry.key);
    m_rows.emplace(entry.key, row);
    connect(row.edit, &QLineEdit::textEdited, this, [this, key = entry.key] {
        Row& edited = m_rows.at(key);
        edited.touched = edited.edit->text().trimmed() != edited.base;
        refresh(edited);
        Q_EMIT changed();
    });
    connect(row.reset, &QToolButton::clicked, this, [this, key = entry.key] {
        setText(key, m_rows.at(key).base);
        m_rows.at(key).edit->setFocus();
    });
}

void ConfigForm::setBase(const ExperimentConfig& base) {
    for (auto& [key, row] : m_rows) {
        row.base = plainText(row.spec->get(base));
        if (row.touched)
            row.touched = row.edit->text().trimmed() != row.base;
        else
            row.edit->setText(row.base);
        refresh(row);
    }
}

QStringList ConfigForm::overrides() const {
    QStringList list;
    for (const std::string& key : m_order) {
        const Row& row = m_rows.at(key);
        if (row.touched)
            list.append(overrideText(QString::fromStdString(key), row.edit->text().trimmed()));
    }
    return list;
}

void ConfigForm::setText(const std::string& key, const QString& text) {
    Row& row = m_rows.at(key);
    row.edit->setText(text);
    row.touched = text.trimmed() != row.base;
    refresh(row);
    Q_EMIT changed();
}

void ConfigForm::resetAll() {
    for (auto& [key, row] : m_rows) {
        row.edit->setText(row.base);
        row.touched = false;
        refresh(row);
    }
    Q_EMIT changed();
}

void ConfigForm::showError(const QString& message) {
    m_error = message;
    for (auto& [key, row] : m_rows)
        refresh(row);
}

void ConfigForm::refresh(Row& row) {
    const ThemeColours& colours = Theme::instance().colours();
    QFont font = this->font();
    font.setBold(row.touched);
    row.label->setFont(font);
    row.reset->setVisible(row.touched);
    row.reset->setToolTip(tr("Changed; back to %1").arg(row.base));
    // A whole key only: sae.k must not light up for sae.k_something.
    const QRegularExpression key(QStringLiteral("(?<![\\w.])%1(?![\\w.]*\\w)")
                                     .arg(QRegularExpression::escape(QString::fromStdString(row.spec->key))));
    const bool wrong = !m_error.isEmpty() && key.match(m_error).hasMatch();
    QPalette palette = this->palette();
    palette.setColor(QPalette::WindowText, wrong ? colours.error : colours.faintText);
    row.hint->setPalette(palette);
    row.hint->setText(wrong ? tr("✕ %1").arg(hintText(*row.spec)) : hintText(*row.spec));
    QPalette editor = this->palette();
    editor.setColor(QPalette::Text, wrong ? colours.error : colours.text);
    row.edit->setPalette(editor);
}

void ConfigForm::applyTheme() {
    for (auto& [key, row] : m_rows)
        refresh(row);
}

}  // namespace saeception
