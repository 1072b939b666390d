// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/prediction_view.h"

#include "ui/models/live_words.h"
#include "ui/plots/probability_bar.h"
#include "ui/theme.h"
#include "ui/widgets/elided_label.h"

#include <QVBoxLayout>

#include <utility>

namespace saeception {

PredictionView::PredictionView(QWidget* parent)
    : QWidget(parent),
      m_prediction(new ElidedLabel(this)),
      m_bar(new ProbabilityBar(this)),
      m_changedPrediction(new ElidedLabel(this)),
      m_changedBar(new ProbabilityBar(this)),
      m_validation(new ElidedLabel(this)),
      m_logits(new ElidedLabel(this)),
      m_sum(new ElidedLabel(this)) {
    const std::pair<QWidget*, const char*> parts[] = {{m_prediction, "prediction"},
                                                      {m_bar, "predictionBar"},
                                                      {m_changedPrediction, "changedPrediction"},
                                                      {m_changedBar, "changedBar"},
                                                      {m_validation, "validationLine"},
                                                      {m_logits, "sentenceFacts"},
                                                      {m_sum, "contributionSum"}};
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    for (const auto& [part, name] : parts) {
        part->setObjectName(QString::fromLatin1(name));
        column->addWidget(part);
    }
    m_logits->setFaint(true);
    m_sum->setFaint(true);
    m_sum->setToolTip(tr(
        "What the difference of the logits is made of: what the features of all tokens add, the rest "
        "(biases, "
        "tokens outside of the SAE's data, and what is not linear in the blocks that follow), and what the "
        "reconstruction misses. The scales of the layer norms are held as they are."));
    setValidation({});
    fill();
}

void PredictionView::showSentence(std::shared_ptr<const LiveSentence> sentence,
                                  const QStringList& classNames) {
    m_sentence = std::move(sentence);
    m_classNames = classNames;
    showEdited(std::nullopt);
}

void PredictionView::showEdited(std::optional<EditedPrediction> edited) {
    m_edited = std::move(edited);
    m_problem.clear();
    fill();
}

void PredictionView::showProblem(const QString& line) {
    m_edited.reset();
    m_problem = line;
    fill();
}

void PredictionView::setValidation(const QString& words) {
    m_validation->setText(words);
    m_validation->setVisible(!words.isEmpty());
}

void PredictionView::fill() {
    m_changedPrediction->setVisible(m_edited || !m_problem.isEmpty());
    m_changedPrediction->setText(m_problem);
    m_changedBar->setVisible(m_edited.has_value());
    if (!m_sentence)
        return;
    m_prediction->setText(predictionText(m_sentence->prediction, m_sentence->probabilities, m_classNames));
    m_bar->setProbabilities(m_sentence->probabilities, m_classNames);
    m_logits->setText(tr("Logits %1")
                          .arg(logitsText(m_sentence->logits, m_classNames,
                                          m_edited ? m_edited->logits : std::vector<float>())));
    m_sum->setText(sumText(*m_sentence, m_classNames));
    if (!m_edited)
        return;
    const QString text = predictionText(m_edited->prediction, m_edited->probabilities, m_classNames);
    m_changedPrediction->setText(m_edited->prediction == m_sentence->prediction
                                     ? tr("Changed: %1").arg(text)
                                     : tr("Changed: flips to %1").arg(text));
    m_changedBar->setProbabilities(m_edited->probabilities, m_classNames);
}

}  // namespace saeception
