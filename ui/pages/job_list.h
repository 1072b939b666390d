// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the Queue page: rows are dragged to another place, columns remember their widths.
#pragma once

#include <QTableView>

#include <vector>

namespace saeception {

class JobTableModel;

class JobList : public QTableView {
    Q_OBJECT

public:
    explicit JobList(JobTableModel* jobs, QWidget* parent = nullptr);

    /// Ids of the chosen jobs, top to bottom.
    std::vector<quint64> chosen() const;
    void choose(quint64 id);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitProgress();

    JobTableModel* m_jobs;
};

}  // namespace saeception
