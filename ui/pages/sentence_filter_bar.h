// SPDX-License-Identifier: GPL-3.0-or-later
// The filters of the Sentences page in one line: text, split, gold class, predictions, flips.
#pragma once

#include "ui/models/sentence_filter.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace saeception {

class SentenceFilterBar : public QWidget {
    Q_OBJECT

public:
    explicit SentenceFilterBar(QWidget* parent = nullptr);

    /// Offers the classes and cycles of `predictions`. What was chosen stays as far as it is still offered.
    /// Nothing is emitted.
    void setPredictions(const SentencePredictions& predictions);
    SentenceFilter filter() const;
    /// Back to no filter but `text`.
    void setSearch(const QString& text);
    void clear() { setSearch({}); }
    /// Takes the focus for a new search.
    void focusSearch();

Q_SIGNALS:
    void filterChanged();
    /// Down or Enter in the search line.
    void searchLeft();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QComboBox* addChooser(const char* name, const QString& accessibleName, const QString& tooltip);
    void changed();

    QLineEdit* m_search;
    QComboBox* m_split;
    QComboBox* m_gold;
    QComboBox* m_prediction;
    QComboBox* m_flips;
    QPushButton* m_clear;
    bool m_quiet = false;
};

}  // namespace saeception
