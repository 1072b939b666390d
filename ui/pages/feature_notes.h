// SPDX-License-Identifier: GPL-3.0-or-later
// What a person writes about a feature: star, label, lists and a note, in place.
#pragma once

#include "features/feature_labels.h"

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace saeception {

/// What is typed is told when the field is left, with Enter, or when another feature is shown.
class FeatureNotes : public QWidget {
    Q_OBJECT

public:
    explicit FeatureNotes(QWidget* parent = nullptr);

    /// `lists`: names already in use, offered while one types. What was being typed about the feature before
    /// is told first; what is being typed about this one stays.
    void showFeature(int cycle, int feature, const FeatureLabel& label, const QStringList& lists);
    void clear();
    /// Tells what is being typed now.
    void commit();
    void toggleStar();
    void focusLabel();

Q_SIGNALS:
    void edited(int cycle, int feature, const saeception::FeatureLabel& label);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    FeatureLabel typed() const;
    void showNote(bool visible);

    QToolButton* m_star;
    QLineEdit* m_label;
    QLineEdit* m_lists;
    QToolButton* m_noteButton;
    QPlainTextEdit* m_note;
    int m_cycle = -1;
    int m_feature = -1;
    FeatureLabel m_shown;
};

}  // namespace saeception
