// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep over up to three keys: their values, and the list of the jobs that these make.
#pragma once

#include "config/overrides.h"

#include <QStringList>
#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QStringListModel;
class QToolButton;
class QVBoxLayout;

namespace saeception {

class SweepEditor : public QWidget {
    Q_OBJECT

public:
    static constexpr int mostKeys = 3;

    explicit SweepEditor(QWidget* parent = nullptr);

    /// One a key that is filled in soundly, "sae.k=25,50".
    QStringList overrides() const;
    /// The first thing that is wrong with a key or its values, in one line; else empty.
    QString error() const;
    /// Takes an override with several values over; false where there is no row left for it.
    bool load(const Override& override);
    void clear();
    void addKey();

    /// The jobs that all choices together make. They may come out of a preset: then nothing is typed here.
    void showJobs(const QStringList& jobs, int shown, bool isSweep);
    /// What is wrong with one of the jobs, in one line; empty: nothing.
    void showProblem(const QString& problem);

Q_SIGNALS:
    void changed();
    /// The configuration of this job is wanted.
    void jobChosen(int job);

private:
    struct Axis {
        QWidget* box = nullptr;
        QComboBox* key = nullptr;
        QLineEdit* values = nullptr;
        QToolButton* remove = nullptr;
        QLabel* problem = nullptr;
    };

    Axis makeAxis();
    void removeAxis(QWidget* box);
    void check(const Axis& axis);
    void refresh();
    void applyTheme();
    static QString overrideOf(const Axis& axis);
    static QString problemOf(const Axis& axis);

    std::vector<Axis> m_axes;
    QVBoxLayout* m_rows;
    QPushButton* m_add;
    QLabel* m_hint;
    QLabel* m_count;
    QLabel* m_problem;
    QListView* m_list;
    QStringListModel* m_jobs;
    bool m_showing = false;
};

}  // namespace saeception
