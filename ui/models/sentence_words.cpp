// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentence_words.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <cmath>

namespace saeception {
namespace {

constexpr qsizetype mostAccuracies = 6;

QString tr(const char* text) {
    return QCoreApplication::translate("SentenceWords", text);
}

QString countText(std::int64_t count) {
    // As the words around it, and with the decimal point of all other numbers.
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(count));
}

QString accuracyText(double accuracy) {
    return std::isnan(accuracy) ? QStringLiteral("–") : QString::number(accuracy, 'f', 3);
}

}  // namespace

QString sentenceCountText(int shown, int all) {
    if (shown != all)
        return tr("%1 of %2").arg(countText(shown), countText(all));
    return all == 1 ? tr("1 sentence") : tr("%1 sentences").arg(countText(all));
}

QString summaryText(const SentenceSummary& summary) {
    QStringList accuracies;
    for (const double accuracy : summary.accuracy)
        accuracies << accuracyText(accuracy);
    if (accuracies.size() > mostAccuracies) {
        accuracies.remove(2, accuracies.size() - 4);
        accuracies.insert(2, QStringLiteral("…"));
    }
    const QString accuracy = tr("Accuracy of these: %1").arg(accuracies.join(QStringLiteral(" → ")));
    if (summary.accuracy.size() < 2)
        return accuracy;
    if (summary.flips == 0)
        return tr("%1; no flips").arg(accuracy);
    const QString flips = summary.flips == 1 ? tr("1 flip") : tr("%1 flips").arg(countText(summary.flips));
    return tr("%1; %2, %3 to right, %4 to wrong")
        .arg(accuracy, flips, countText(summary.toRight), countText(summary.toWrong));
}

QString summaryDetails(const SentencePredictions& predictions, const SentenceSummary& summary) {
    QStringList lines;
    for (std::size_t i = 0; i < summary.accuracy.size(); ++i)
        lines
            << tr("Cycle %1: %2").arg(predictions.cycles()[i]->cycle).arg(accuracyText(summary.accuracy[i]));
    if (summary.accuracy.size() > 1)
        lines << tr("A flip: the prediction changes from one cycle to the next.");
    return lines.join(QLatin1Char('\n'));
}

QString differingSentences(const SentencePredictions& predictions) {
    QStringList cycles;
    for (const auto& cycle : predictions.cycles())
        if (cycle->known < predictions.count())
            cycles << tr("cycle %1 has %2").arg(QString::number(cycle->cycle), countText(cycle->known));
    if (cycles.isEmpty())
        return {};
    return tr("The cycles were not indexed over the same sentences: of these %1, %2. Where a cycle does not "
              "have a "
              "sentence there is “–”.")
        .arg(countText(predictions.count()), cycles.join(QStringLiteral(", ")));
}

QString exportedText(int count, const QString& file) {
    return count == 1 ? tr("Exported 1 sentence to %1").arg(file)
                      : tr("Exported %1 sentences to %2").arg(countText(count), file);
}

}  // namespace saeception
