// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as text for other programs: Markdown and CSV.
#pragma once

#include <QList>
#include <QStringList>

namespace saeception {

class ComparisonModel;
class ConfigDiffModel;

/// GitHub's pipe table, its columns padded so that it reads as plain text too. Columns from `numbersFrom` on
/// are right-aligned.
QString markdownTable(const QStringList& header, const QList<QStringList>& rows, int numbersFrom);

/// RFC 4180 with a line feed at each line's end.
QString csvTable(const QStringList& header, const QList<QStringList>& rows);

/// As it is shown: values with intervals and changes, families in bold.
QString comparisonMarkdown(const ComparisonModel& model);
/// Raw values in full precision, with the ends of their intervals in columns of their own where there are
/// any.
QString comparisonCsv(const ComparisonModel& model);

QString configMarkdown(const ConfigDiffModel& model);
QString configCsv(const ConfigDiffModel& model);

}  // namespace saeception
