// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/run_chips.h"

#include "ui/icons.h"
#include "ui/plots/series_mark.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLayoutItem>
#include <QPainter>
#include <QToolButton>

namespace saeception {
namespace {

constexpr int markEdge = 2 * gridUnit;
constexpr int widest = 26 * gridUnit;

// A title that gives way where the row is narrow, with its mark before it.
class ChipLabel : public QWidget {
public:
    ChipLabel(int run, QString title, QWidget* parent)
        : QWidget(parent), m_run(run), m_title(std::move(title)) {
        setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
        setAccessibleName(m_title);
    }
    QSize sizeHint() const override {
        return {std::min(widest, markEdge + gridUnit + fontMetrics().horizontalAdvance(m_title)),
                fontMetrics().height()};
    }
    QSize minimumSizeHint() const override { return {markEdge + 5 * gridUnit, fontMetrics().height()}; }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        drawSeriesMark(painter, QPointF(markEdge / 2.0, height() / 2.0), m_run, markEdge - gridUnit);
        painter.setPen(Theme::instance().colours().text);
        const QRect rest = rect().adjusted(markEdge + gridUnit / 2, 0, 0, 0);
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(m_title, Qt::ElideMiddle, rest.width()));
    }

private:
    int m_run;
    QString m_title;
};

}  // namespace

RunChips::RunChips(QWidget* parent) : QWidget(parent), m_row(new QHBoxLayout(this)) {
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(gridUnit / 2);
}

void RunChips::setRuns(const QList<Chip>& runs) {
    while (QLayoutItem* item = m_row->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    for (int run = 0; run < runs.size(); ++run) {
        auto* label = new ChipLabel(run, runs[run].title, this);
        label->setToolTip(runs[run].tooltip);
        auto* remove = new QToolButton(this);
        remove->setObjectName(QStringLiteral("removeRun%1").arg(run));
        remove->setIcon(themedIcon(QStringLiteral("close")));
        remove->setIconSize({12, 12});
        remove->setAutoRaise(true);
        remove->setFocusPolicy(Qt::TabFocus);
        remove->setToolTip(tr("Take %1 out of the comparison").arg(runs[run].title));
        remove->setAccessibleName(remove->toolTip());
        connect(remove, &QToolButton::clicked, this, [this, run] { Q_EMIT removeRequested(run); });
        m_row->addWidget(label);
        m_row->addWidget(remove);
        m_row->addSpacing(gridUnit);
    }
}

}  // namespace saeception
