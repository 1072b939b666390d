// SPDX-License-Identifier: GPL-3.0-or-later
// One cycle in a feature's history: what stands for the feature there, its figures and its top sentences.
#pragma once

#include "features/feature_index.h"
#include "ui/theme.h"

#include <QString>
#include <QWidget>

#include <memory>

class QLabel;
class QListView;
class QStackedWidget;

namespace saeception {

class TopSentencesModel;

class HistoryColumn : public QWidget {
    Q_OBJECT

public:
    static constexpr int sentencesShown = 8;

    explicit HistoryColumn(int cycle, QWidget* parent = nullptr);

    int cycle() const { return m_cycle; }
    /// `label`: what a person called it, may be empty. @throws UserError when its sentences cannot be read.
    void showFeature(const std::shared_ptr<const FeatureIndex>& index, int feature, const QString& label);
    /// In the place of a feature: why there is none.
    void showMessage(const QString& text);
    /// What became of it in the next column ("kept 0.86"), and more of that for a tooltip; empty: nothing.
    void setArrow(const QString& text, const QString& tip);
    /// Whether it is the cycle in which the feature was chosen.
    void setChosen(bool chosen);
    int feature() const { return m_feature; }

    /// A feature in a narrower one is hard to read; a message needs less.
    static int leastWidth(bool hasFeature) { return (hasFeature ? 40 : 18) * gridUnit; }

Q_SIGNALS:
    void featureRequested(int feature);
    void sentenceRequested(saeception::SplitKind split, qint64 example);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeFigures();
    void showFigures();
    void openSentence();
    void showLink();
    void applyTheme();

    int m_cycle;
    std::shared_ptr<const FeatureIndex> m_index;
    int m_feature = -1;
    bool m_chosen = false;
    QLabel* m_title = nullptr;
    QLabel* m_link = nullptr;
    QLabel* m_arrow = nullptr;
    QLabel* m_label = nullptr;
    QLabel* m_words = nullptr;
    QStackedWidget* m_body = nullptr;
    QList<QLabel*> m_captions;
    QList<QLabel*> m_figures;
    QLabel* m_message = nullptr;
    TopSentencesModel* m_sentences = nullptr;
    QListView* m_list = nullptr;
};

}  // namespace saeception
