// SPDX-License-Identifier: GPL-3.0-or-later
// One feature at a glance: what it is in words, how strongly it fires, what it does, what is related to it,
// what was written about it, and the sentences that drive it.
#pragma once

#include "features/feature_index.h"
#include "features/feature_labels.h"
#include "features/feature_matches.h"

#include <QStringList>
#include <QWidget>

#include <memory>

class QLabel;
class QStackedWidget;

namespace saeception {

class ActivationHistogram;
class EffectBars;
class FeatureNotes;
class LinkRow;
class SentenceBands;

/// What became of a feature in the cycle before and the one after, as far as it is known.
struct FeatureKin {
    std::shared_ptr<const FeatureMatches> before;  ///< of this cycle with the one before
    std::shared_ptr<const FeatureMatches> after;   ///< of the next cycle with this one
};

class FeatureCard : public QWidget {
    Q_OBJECT

public:
    explicit FeatureCard(QWidget* parent = nullptr);

    /// `feature` must be one of `features`.
    void showFeature(std::shared_ptr<const FeatureIndex> features, int feature, const FeatureLabel& label,
                     const QStringList& lists);
    /// What was written about the feature shown.
    void setLabel(const FeatureLabel& label, const QStringList& lists);
    void setKin(const FeatureKin& kin);
    void clear();
    /// Tells what is being typed about the feature now.
    void commit();
    void toggleStar();
    void focusLabel();

Q_SIGNALS:
    /// `cycle`, `feature`: what was shown while it was written.
    void labelEdited(int cycle, int feature, const saeception::FeatureLabel& label);
    /// A feature of this cycle, or of another, is asked for.
    void featureRequested(int cycle, int feature);
    /// What became of the feature shown across cycles.
    void historyRequested();
    void sentenceActivated(saeception::SplitKind split, qint64 example);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildFigures();
    void buildRelations();
    void fillFacts();
    void fillEffects();
    void fillRelations();
    void follow(const QString& address);
    void applyTheme();

    std::shared_ptr<const FeatureIndex> m_features;
    int m_feature = -1;
    FeatureKin m_kin;

    QLabel* m_heading;
    QLabel* m_facts;
    QLabel* m_quantiles;
    FeatureNotes* m_notes;
    QStackedWidget* m_body;
    QLabel* m_message;
    QWidget* m_figures = nullptr;
    ActivationHistogram* m_histogram = nullptr;
    QLabel* m_effectsHeading = nullptr;
    EffectBars* m_effects = nullptr;
    QLabel* m_raises = nullptr;
    QLabel* m_lowers = nullptr;
    QLabel* m_caveat = nullptr;
    LinkRow* m_neighbours = nullptr;
    LinkRow* m_companions = nullptr;
    LinkRow* m_concepts = nullptr;
    LinkRow* m_cycles = nullptr;
    SentenceBands* m_bands = nullptr;
};

}  // namespace saeception
