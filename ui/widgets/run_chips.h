// SPDX-License-Identifier: GPL-3.0-or-later
// The compared runs in a row: the mark and title of each, and a button that takes it out.
#pragma once

#include <QWidget>

class QHBoxLayout;

namespace saeception {

class RunChips : public QWidget {
    Q_OBJECT

public:
    explicit RunChips(QWidget* parent = nullptr);

    struct Chip {
        QString title;
        QString tooltip;
    };
    void setRuns(const QList<Chip>& runs);

Q_SIGNALS:
    void removeRequested(int run);

private:
    QHBoxLayout* m_row;
};

}  // namespace saeception
