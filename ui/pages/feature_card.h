// SPDX-License-Identifier: GPL-3.0-or-later
// One feature at a glance: what it is in words, how strongly it fires, and the sentences that drive it.
#pragma once

#include "features/feature_index.h"

#include <QWidget>

#include <memory>

class QLabel;
class QListView;
class QStackedWidget;

namespace saeception {

class ActivationHistogram;
class TopSentencesModel;

class FeatureCard : public QWidget {
    Q_OBJECT

public:
    explicit FeatureCard(QWidget* parent = nullptr);

    /// `feature` must be one of `features`. @throws UserError if its sentences cannot be read; the card is
    /// then empty.
    void showFeature(const FeatureIndex& features, int feature);
    void clear();

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyTheme();
    void copySentences() const;

    QLabel* m_heading;
    QLabel* m_facts;
    QLabel* m_classMeans;
    QStackedWidget* m_body;
    QLabel* m_message;
    ActivationHistogram* m_histogram;
    QLabel* m_sentencesHeading;
    TopSentencesModel* m_sentences;
    QListView* m_list;
};

}  // namespace saeception
