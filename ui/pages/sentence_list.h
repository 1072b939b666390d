// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the Sentences page: what is chosen and in view stays so while rows and columns come and go.
#pragma once

#include "ui/models/sentence_filter_model.h"

#include <QTableView>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace saeception {

class EmptyRows;
class SentenceHeader;

class SentenceList : public QTableView {
    Q_OBJECT

public:
    explicit SentenceList(SentenceFilterModel* rows, QWidget* parent = nullptr);

    /// Shows other predictions, or none. The sentences that were chosen stay chosen and those in view stay in
    /// view, as far as they are still shown.
    void setPredictions(std::shared_ptr<const SentencePredictions> predictions);
    /// The chosen sentences stay chosen as far as they pass; where the current one does not, the first rows
    /// show.
    void setFilter(const SentenceFilter& filter);
    /// Back to validation first, by example.
    void resetOrder();

    /// Rows of the table that are chosen, top to bottom as shown.
    std::vector<int> chosenRows() const;
    /// Takes the focus, and chooses the first row where none is.
    void enter();
    SentenceHeader* header() const { return m_header; }
    /// What stands in place of rows, empty for nothing; `filtered`: because of the filters.
    void setEmptyText(const QString& text, bool filtered);

Q_SIGNALS:
    void chosenChanged();
    /// The button shown when no sentence passes.
    void showAllRequested();

protected:
    void changeEvent(QEvent* event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    /// Typed letters search nothing here, which would take as long as to write out all sentences; the page
    /// has a search line.
    void keyboardSearch(const QString&) override {}

private:
    using Kind = SentenceTableModel::Kind;
    /// What is chosen and in view, by sentence.
    struct Place {
        std::vector<SentenceKey> chosen;
        std::optional<SentenceKey> current;
        int currentColumn = 0;
        std::optional<SentenceKey> anchor;  ///< stays where it is in the viewport
        int anchorTop = 0;
        int scrolled = 0;
    };

    Place place(bool currentOnly) const;
    void restore(const Place& place, bool toTop);
    void choose(const Place& place);
    void keepingPlace(bool filtering, const std::function<void()>& change);
    std::optional<SentenceKey> keyAt(int row) const;
    int rowOf(SentenceKey sentence) const;
    int rowHeight() const;

    void applyTheme();

    SentenceFilterModel* m_rows;
    SentenceHeader* m_header;
    EmptyRows* m_nothing;
    bool m_wasReset = false;
};

}  // namespace saeception
