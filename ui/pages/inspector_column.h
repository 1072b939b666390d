// SPDX-License-Identifier: GPL-3.0-or-later
// One cycle in the Inspector: what its model makes of the sentence, which of its features fire, and what
// changing them does.
#pragma once

#include "cycle/live_model.h"
#include "features/feature_index.h"
#include "ui/models/live_feature_model.h"
#include "ui/models/live_words.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QStackedWidget;
class QTabBar;

namespace saeception {

class ElidedLabel;
class FeatureChanger;
class FeatureChanges;
class PredictionView;
class RawTableView;
class TokenStrip;
class ValidationEffect;

class InspectorColumn : public QWidget {
    Q_OBJECT

public:
    InspectorColumn(int cycle, LiveFeatureModel::NameOf name, QWidget* parent = nullptr);

    int cycle() const { return m_cycle; }
    /// Names and validation sentences come from it; null where it cannot be used.
    void setIndex(std::shared_ptr<const FeatureIndex> index);
    void refreshNames();

    void showSentence(std::shared_ptr<const LiveSentence> sentence);
    /// In the place of a sentence: that it is being read, or why it cannot be.
    void showMessage(const QString& text);
    const std::shared_ptr<const LiveSentence>& sentence() const { return m_sentence; }
    /// The gold label of the sentence; -1 where it has none.
    void setGold(int label);
    void setShading(TokenShading shading);
    /// A token, by its number, as in all columns; -1: none.
    void setHoveredToken(int token);
    void setPinnedToken(int token);
    /// What stands for a feature that was chosen in another column: `feature`, or -1 for none; `words` say
    /// so.
    void setKin(int feature, const QString& words);
    /// Forgets the chosen feature, and what stands for one of another column.
    void clearChosen();

    const std::vector<FeatureEdit>& edits() const;
    /// Ablates the feature that moves the prediction most, and shows the changes.
    void changeStrongest();
    /// Leaves all features as they are, and shows them.
    void forgetChanges();
    void showEdited(const EditedPrediction& prediction);
    /// In the place of the changed prediction.
    void showEditProblem(const QString& line);
    const std::shared_ptr<const FeatureIndex>& index() const { return m_index; }
    ValidationEffect* validation() const { return m_validation; }

    /// Narrower ones are hard to read.
    static int leastWidth() { return 272; }

Q_SIGNALS:
    void tokenHovered(int token);
    void tokenPinned(int token);
    /// A feature of this cycle was chosen; -1: none is any more.
    void featureChosen(int feature);
    void featureRequested(int feature);
    /// Features are changed in another way, or none is any more.
    void editsChanged();
    void sentenceRequested(qint64 example);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeFeatures();
    QWidget* makeChanges();
    void change(int feature, EditKind kind);
    void editsWereChanged();
    void chooseRow(int feature);
    void showFeatures();
    void showOutcome();
    void showValidationLine();
    void showShades();
    QString nameOf(int label) const { return m_classNames.value(label); }
    void applyTheme();

    int m_cycle;
    LiveFeatureModel::NameOf m_name;
    std::shared_ptr<const FeatureIndex> m_index;
    std::shared_ptr<const LiveSentence> m_sentence;
    QStringList m_classNames;
    int m_gold = -1;
    TokenShading m_shading = TokenShading::Contribution;
    int m_pinnedToken = -1;
    int m_hoveredToken = -1;
    int m_chosen = -1;          ///< feature
    int m_hoveredFeature = -1;  ///< under the mouse
    QString m_kinWords;         ///< about a feature of another column that was chosen
    bool m_filling = false;

    QLabel* m_title = nullptr;
    ElidedLabel* m_explained = nullptr;
    QLabel* m_outcome = nullptr;
    QStackedWidget* m_stack = nullptr;
    QLabel* m_message = nullptr;
    QWidget* m_content = nullptr;
    PredictionView* m_prediction = nullptr;
    ElidedLabel* m_caption = nullptr;
    TokenStrip* m_tokens = nullptr;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_sheets = nullptr;
    LiveFeatureModel* m_features = nullptr;
    RawTableView* m_table = nullptr;
    ContributionDelegate* m_bars = nullptr;
    FeatureChanger* m_changer = nullptr;
    FeatureChanges* m_changes = nullptr;
    ValidationEffect* m_validation = nullptr;
};

}  // namespace saeception
