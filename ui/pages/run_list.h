// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the Runs page: columns that remember their widths, order and sorting.
#pragma once

#include <QTableView>

#include <vector>

class QLabel;

namespace saeception {

class RunFilterModel;

class RunList : public QTableView {
    Q_OBJECT

public:
    explicit RunList(RunFilterModel* runs, QWidget* parent = nullptr);

    /// Rows of the filter's source that are chosen, top to bottom as shown.
    std::vector<int> chosenRows() const;
    /// Starts to edit `column` of the chosen run, if it is one.
    void editChosen(int column);
    /// Says in place of rows that no run matches.
    void showNothing(bool nothing);

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyTheme();

    RunFilterModel* m_runs;
    QLabel* m_nothing;
};

}  // namespace saeception
