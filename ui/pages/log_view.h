// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the Log page: stays at the newest line until the user scrolls up or chooses a line.
#pragma once

#include "base/logging.h"

#include <QTableView>

#include <vector>

namespace saeception {

class EmptyRows;
class LogFilterModel;
struct LogFilter;

class LogView : public QTableView {
    Q_OBJECT

public:
    explicit LogView(LogFilterModel* lines, QWidget* parent = nullptr);

    bool isFollowing() const { return m_following; }
    /// Goes to the newest line and stays there, or stays here.
    void setFollowing(bool following);
    /// Shows other lines; the chosen one stays chosen and in sight as long as it is among them.
    void setFilter(const LogFilter& filter);
    /// Rows of the log that are chosen, top to bottom.
    std::vector<int> chosenRows() const;
    /// Chooses the next line (`forward`) or the one before that is as grave as `least`, from the chosen one,
    /// or from the end. @returns whether there is one.
    bool chooseProblem(bool forward, LogLevel least);
    /// Chooses the last line as grave as an error; without one, follows the newest line.
    void chooseLastError();
    /// Says `text` in place of lines; with a button to show them all if `filtered`. Empty: nothing.
    void setEmptyText(const QString& text, bool filtered);

Q_SIGNALS:
    void followingChanged(bool following);
    void chosenChanged();
    void showAllRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void chooseRow(int row);
    void stick();
    void holdPlace(int first, int last);

    LogFilterModel* m_lines;
    EmptyRows* m_nothing;
    bool m_following = true;
    int m_ownScrolls = 0;  ///< above 0 while the bar moves by our doing
};

}  // namespace saeception
