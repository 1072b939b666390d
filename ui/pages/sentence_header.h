// SPDX-License-Identifier: GPL-3.0-or-later
// The header of the sentence table: columns that can be chosen, and widths, both remembered.
#pragma once

#include "ui/models/sentence_filter_model.h"

#include <QHeaderView>

class QMenu;

namespace saeception {

/// The sentences have the width that the other columns leave. Columns of one kind are compared, so that they
/// share a width. Of losses only the newest cycle's is shown until others are chosen.
class SentenceHeader : public QHeaderView {
    Q_OBJECT

public:
    /// `rows` must outlive the header.
    explicit SentenceHeader(SentenceFilterModel* rows, QWidget* parent = nullptr);

    /// Shows and hides columns, gives them their widths and marks the one that rows are sorted by: after the
    /// model's columns have changed.
    void layOut();
    /// Adds an action for each column that can be hidden, and one that brings back the columns of the start.
    void fillMenu(QMenu* menu);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    using Column = SentenceTableModel::Column;
    using Kind = SentenceTableModel::Kind;

    QString settingOf(const Column& column) const;
    bool isShown(int section) const;
    int firstWidth(Kind kind) const;
    void giveWidths();
    void widthChosen(int section, int width);
    void fitSentences();

    SentenceFilterModel* m_rows;
    bool m_layingOut = false;
};

}  // namespace saeception
