// SPDX-License-Identifier: GPL-3.0-or-later
// What a model makes of a sentence, and what it makes of it with features changed.
#pragma once

#include "cycle/live_model.h"

#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>

namespace saeception {

class ElidedLabel;
class ProbabilityBar;

class PredictionView : public QWidget {
    Q_OBJECT

public:
    explicit PredictionView(QWidget* parent = nullptr);

    void showSentence(std::shared_ptr<const LiveSentence> sentence, const QStringList& classNames);
    /// With features changed; nothing for none.
    void showEdited(std::optional<EditedPrediction> edited);
    /// Why it cannot be told with features changed.
    void showProblem(const QString& line);
    /// What the changes do to the validation split, in a few words; empty for none.
    void setValidation(const QString& words);
    void applyTheme() { fill(); }

private:
    void fill();

    std::shared_ptr<const LiveSentence> m_sentence;
    QStringList m_classNames;
    std::optional<EditedPrediction> m_edited;
    QString m_problem;

    ElidedLabel* m_prediction;
    ProbabilityBar* m_bar;
    ElidedLabel* m_changedPrediction;
    ProbabilityBar* m_changedBar;
    ElidedLabel* m_validation;
    ElidedLabel* m_logits;
    ElidedLabel* m_sum;
};

}  // namespace saeception
