// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences of a feature, band by band: the strongest, samples from below, and those where it just does
// not fire.
#pragma once

#include "features/feature_index.h"

#include <QWidget>

#include <memory>

class QLabel;
class QListView;
class QTabBar;

namespace saeception {

class TopSentencesModel;

class SentenceBands : public QWidget {
    Q_OBJECT

public:
    explicit SentenceBands(QWidget* parent = nullptr);

    /// The band stays the same from feature to feature, unless the feature has nothing there.
    void showFeature(std::shared_ptr<const FeatureIndex> features, int feature);
    void clear();

Q_SIGNALS:
    /// A sentence was asked for: double-clicked, or Enter.
    void sentenceActivated(saeception::SplitKind split, qint64 example);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showBand();
    void copySentences() const;
    void activate(const QModelIndex& index);
    void applyTheme();

    QTabBar* m_tabs;
    QLabel* m_words;  ///< what the band holds
    TopSentencesModel* m_sentences;
    QListView* m_list;
    std::shared_ptr<const FeatureIndex> m_features;
    int m_feature = -1;
    Band m_wanted = Band::Top;
    bool m_filling = false;
};

}  // namespace saeception
