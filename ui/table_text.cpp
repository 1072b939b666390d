// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/table_text.h"

#include "ui/models/comparison_model.h"
#include "ui/models/config_diff_model.h"
#include "ui/models/metric_words.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace saeception {
namespace {

// A cell of a pipe table may hold neither its separator nor a line break.
QString cellText(QString text) {
    return text.replace(QLatin1Char('|'), QStringLiteral("\\|")).simplified();
}

QString quoted(const QString& text) {
    static const QString special = QStringLiteral("\",\r\n");
    bool plain = true;
    for (const QChar c : text)
        plain = plain && !special.contains(c);
    return plain ? text
                 : QLatin1Char('"') + QString(text).replace(QLatin1Char('"'), QStringLiteral("\"\"")) +
                       QLatin1Char('"');
}

QString exact(double value) {
    return std::isfinite(value) ? QLocale::c().toString(value, 'g', QLocale::FloatingPointShortest)
                                : QString();
}

QString metricWord() {
    return QCoreApplication::translate("TableText", "Metric");
}

QList<QStringList> configRows(const ConfigDiffModel& model) {
    QList<QStringList> rows;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells = {model.headerData(row, Qt::Vertical).toString()};
        for (int column = 0; column < model.columnCount(); ++column)
            cells.append(model.index(row, column).data().toString());
        rows.append(cells);
    }
    return rows;
}

QStringList configHeader(const ConfigDiffModel& model) {
    QStringList header = {QCoreApplication::translate("TableText", "Key")};
    for (int column = 0; column < model.columnCount(); ++column)
        header.append(model.headerData(column, Qt::Horizontal).toString());
    return header;
}

}  // namespace

QString markdownTable(const QStringList& header, const QList<QStringList>& rows, int numbersFrom) {
    QList<QStringList> lines = {header};
    lines.append(rows);
    QList<qsizetype> widths(header.size(), 3);
    for (QStringList& line : lines)
        for (qsizetype column = 0; column < line.size(); ++column) {
            line[column] = cellText(line[column]);
            widths[column] = std::max(widths[column], line[column].size());
        }
    QString text;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        text += QLatin1Char('|');
        for (qsizetype column = 0; column < header.size(); ++column) {
            const QString cell = lines[i].value(column);
            text += QLatin1Char(' ') +
                    (column >= numbersFrom ? cell.rightJustified(widths[column])
                                           : cell.leftJustified(widths[column])) +
                    QStringLiteral(" |");
        }
        text += QLatin1Char('\n');
        if (i > 0)
            continue;
        text += QLatin1Char('|');
        for (qsizetype column = 0; column < header.size(); ++column) {
            const bool number = column >= numbersFrom;
            text += QLatin1Char(' ') + QString(widths[column] - (number ? 1 : 0), QLatin1Char('-')) +
                    (number ? QStringLiteral(": |") : QStringLiteral(" |"));
        }
        text += QLatin1Char('\n');
    }
    return text;
}

QString csvTable(const QStringList& header, const QList<QStringList>& rows) {
    QString text;
    QList<QStringList> lines = {header};
    lines.append(rows);
    for (const QStringList& line : lines) {
        QStringList cells;
        for (const QString& cell : line)
            cells.append(quoted(cell));
        text += cells.join(QLatin1Char(',')) + QLatin1Char('\n');
    }
    return text;
}

QString comparisonMarkdown(const ComparisonModel& model) {
    QStringList header = {metricWord()};
    for (int column = 0; column < model.columnCount(); ++column)
        header.append(model.columnText(column));
    QList<QStringList> rows;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString title = model.headerData(row, Qt::Vertical).toString();
        const bool heading = model.headerData(row, Qt::Vertical, ComparisonModel::HeadingRole).toBool();
        QStringList cells = {heading ? QStringLiteral("**%1**").arg(title) : title};
        for (int column = 0; column < model.columnCount(); ++column) {
            const QModelIndex index = model.index(row, column);
            QStringList parts = {index.data().toString(),
                                 index.data(ComparisonModel::IntervalRole).toString()};
            const QString change = index.data(ComparisonModel::ChangeTextRole).toString();
            const QString word = verdictText(index.data(ComparisonModel::VerdictRole).toInt());
            if (!change.isEmpty())
                parts.append(QLatin1Char('(') + (word.isEmpty() ? change : change + QLatin1Char(' ') + word) +
                             QLatin1Char(')'));
            parts.removeAll(QString());
            cells.append(heading ? QString() : parts.join(QLatin1Char(' ')));
        }
        rows.append(cells);
    }
    return markdownTable(header, rows, 1);
}

QString comparisonCsv(const ComparisonModel& model) {
    QStringList header = {QStringLiteral("key"), metricWord()};
    for (int column = 0; column < model.columnCount(); ++column) {
        header.append(model.columnText(column));
        if (model.hasIntervals())
            header << model.columnText(column) + QStringLiteral(" low")
                   << model.columnText(column) + QStringLiteral(" high");
    }
    QList<QStringList> rows;
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.headerData(row, Qt::Vertical, ComparisonModel::HeadingRole).toBool())
            continue;
        QStringList cells = {model.headerData(row, Qt::Vertical, ComparisonModel::KeyRole).toString(),
                             model.headerData(row, Qt::Vertical).toString()};
        for (int column = 0; column < model.columnCount(); ++column) {
            const QModelIndex index = model.index(row, column);
            cells.append(exact(index.data(ComparisonModel::ValueRole).toDouble()));
            if (model.hasIntervals())
                cells << exact(index.data(ComparisonModel::LowRole).toDouble())
                      << exact(index.data(ComparisonModel::HighRole).toDouble());
        }
        rows.append(cells);
    }
    return csvTable(header, rows);
}

QString configMarkdown(const ConfigDiffModel& model) {
    return markdownTable(configHeader(model), configRows(model),
                         static_cast<int>(configHeader(model).size()));
}

QString configCsv(const ConfigDiffModel& model) {
    return csvTable(configHeader(model), configRows(model));
}

}  // namespace saeception
