// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/validation_effect.h"

#include "ui/models/flip_model.h"
#include "ui/models/raw_filter_model.h"
#include "ui/theme.h"
#include "ui/widgets/raw_table_view.h"

#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QVBoxLayout>

#include <utility>

namespace saeception {
namespace {

QString percent(double share) {
    return QString::number(100 * share, 'f', 1);
}

QString effectWords(const SplitEffect& effect) {
    const QLocale locale;
    if (effect.touched == 0)
        return ValidationEffect::tr(
            "Over the validation split nothing changes: no sentence has these features.");
    QString words =
        ValidationEffect::tr("Over %1 validation sentences: accuracy %2 % → %3 %, loss %4 → %5. ")
            .arg(locale.toString(static_cast<qlonglong>(effect.sentences)), percent(effect.accuracyBefore),
                 percent(effect.accuracyAfter), QString::number(effect.lossBefore, 'f', 3),
                 QString::number(effect.lossAfter, 'f', 3));
    if (effect.flips.empty())
        return words + ValidationEffect::tr("No prediction flips.");
    if (effect.flips.size() == 1)
        return words + (effect.corrected() == 1 ? ValidationEffect::tr("One prediction flips, to right.")
                        : effect.broken() == 1
                            ? ValidationEffect::tr("One prediction flips, to wrong.")
                            : ValidationEffect::tr("One prediction flips, from wrong to wrong."));
    return words + ValidationEffect::tr("%1 predictions flip: %2 to right, %3 to wrong.")
                       .arg(locale.toString(static_cast<qulonglong>(effect.flips.size())),
                            locale.toString(static_cast<qlonglong>(effect.corrected())),
                            locale.toString(static_cast<qlonglong>(effect.broken())));
}

QString effectSummary(const SplitEffect& effect) {
    if (effect.touched == 0)
        return ValidationEffect::tr("Validation: nothing changes");
    return ValidationEffect::tr("Validation: %1 → %2 % right, %3 flips to right, %4 to wrong")
        .arg(percent(effect.accuracyBefore), percent(effect.accuracyAfter),
             QString::number(effect.corrected()), QString::number(effect.broken()));
}

}  // namespace

ValidationEffect::ValidationEffect(QWidget* parent)
    : QWidget(parent),
      m_words(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_flips(new FlipModel(this)) {
    m_table = new RawTableView(new RawFilterModel(m_flips, this), this);
    m_table->setObjectName(QStringLiteral("flips"));
    m_table->setAccessibleName(tr("Sentences whose prediction flips"));
    m_words->setObjectName(QStringLiteral("validationWords"));
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Reading the validation split"));
    m_progress->setFixedHeight(gridUnit / 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addWidget(m_words);
    column->addWidget(m_progress);
    column->addWidget(m_table, 1);
    column->addStretch(0);
    connect(m_table, &RawTableView::opened, this, [this](const QModelIndex& index) {
        Q_EMIT sentenceRequested(m_flips->exampleIn(m_table->rows()->sourceRow(index.row())));
    });
    showWords({});
}

void ValidationEffect::showWords(const QString& words) {
    m_words->setText(words);
    m_progress->hide();
    m_table->hide();
    m_flips->setEffect(nullptr, nullptr);
    summarise({});
}

void ValidationEffect::begin(std::shared_ptr<const FeatureIndex> index) {
    m_index = std::move(index);
    showWords(tr("Over the validation split …"));
    m_progress->show();
    showProgress(0, 0);
    summarise(tr("Validation split …"));
}

void ValidationEffect::showProgress(qint64 done, qint64 total) {
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
}

void ValidationEffect::showEffect(std::shared_ptr<const SplitEffect> effect) {
    m_words->setText(effectWords(*effect));
    summarise(effectSummary(*effect));
    m_progress->hide();
    m_table->setVisible(!effect->flips.empty());
    m_flips->setEffect(std::move(effect), m_index);
}

void ValidationEffect::summarise(const QString& summary) {
    m_summary = summary;
    Q_EMIT summaryChanged();
}

QString ValidationEffect::text() const {
    return m_words->text();
}

}  // namespace saeception
