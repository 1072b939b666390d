// SPDX-License-Identifier: GPL-3.0-or-later
// What changed features do to the whole validation split: accuracy, and the sentences that flip.
#pragma once

#include "cycle/live_model.h"
#include "features/feature_index.h"

#include <QWidget>

#include <memory>

class QLabel;
class QProgressBar;

namespace saeception {

class FlipModel;
class RawTableView;

class ValidationEffect : public QWidget {
    Q_OBJECT

public:
    explicit ValidationEffect(QWidget* parent = nullptr);

    /// Says `words` in place of an effect.
    void showWords(const QString& words);
    /// An effect on the sentences of `index` is being worked out.
    void begin(std::shared_ptr<const FeatureIndex> index);
    /// `total` 0 while it is not known.
    void showProgress(qint64 done, qint64 total);
    void showEffect(std::shared_ptr<const SplitEffect> effect);
    QString text() const;
    /// The same in a few words; empty where there is no effect.
    QString summary() const { return m_summary; }

Q_SIGNALS:
    /// A flipped sentence of the validation split was opened.
    void sentenceRequested(qint64 example);
    void summaryChanged();

private:
    void summarise(const QString& summary);

    std::shared_ptr<const FeatureIndex> m_index;
    QString m_summary;
    QLabel* m_words;
    QProgressBar* m_progress;
    FlipModel* m_flips;
    RawTableView* m_table;
};

}  // namespace saeception
