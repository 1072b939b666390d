// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a sentence with each token's background shaded by its activation, wrapped, and tells the value under
// the mouse.
#pragma once

#include "ui/models/token_layout.h"

#include <QCache>
#include <QFont>
#include <QRectF>
#include <QStyledItemDelegate>

#include <vector>

class QAbstractItemView;

namespace saeception {

/// For views over TopSentencesModel's roles. A row is: the peak activation, the sentence, and below it gold
/// label and prediction; in the compact form, for narrow columns, the sentence has the whole width, and the
/// peak stands below it with the label and a prediction that is wrong. Text is laid out once per (contents,
/// width, font); colours are taken from the theme at each paint.
class TokenShadingDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    enum class Form { Full, Compact };

    /// Rows are as wide as `view` less the room for its scroll bar, whether that shows or not: heights stay
    /// put.
    explicit TokenShadingDelegate(QAbstractItemView* view, Form form = Form::Full);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

    /// The token of `index` at `position` (viewport coordinates, as option.rect), or -1.
    int tokenAt(const QStyleOptionViewItem& option, const QModelIndex& index, QPointF position) const;
    /// Where token `token` is drawn: one rectangle a line it touches.
    std::vector<QRectF> tokenRects(const QStyleOptionViewItem& option, const QModelIndex& index,
                                   int token) const;
    /// "“wonderful” · activation 3.21", or that the token is not part of the SAE's data.
    static QString tokenDescription(const QModelIndex& index, int token);
    /// The background of a token: the page's own for 0, the theme's full shading for 1; `share` is activation
    /// / scale.
    static QColor shade(double share);

private:
    struct Row {
        quint64 generation = 0;
        int width = 0;
        QFont font;
        TokenLayout sentence;
    };

    const Row& row(const QStyleOptionViewItem& option, const QModelIndex& index) const;
    QPointF sentenceOrigin(const QStyleOptionViewItem& option, const QModelIndex& index) const;
    int rowWidth() const;
    double gutterRoom(const QModelIndex& index, const QFont& font) const;
    void paintMeta(QPainter* painter, const QRectF& area, const QModelIndex& index, const QFont& font) const;

    QAbstractItemView* m_view;
    Form m_form;
    mutable QCache<int, Row> m_rows;
};

}  // namespace saeception
