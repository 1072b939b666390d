// SPDX-License-Identifier: GPL-3.0-or-later
// The chosen run below the list: where it lies, how it ended, what is wrong with it, and the words a person
// writes about it.
#pragma once

#include "cycle/run_library.h"

#include <QWidget>

#include <filesystem>

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace saeception {

class RunDetails : public QWidget {
    Q_OBJECT

public:
    explicit RunDetails(QWidget* parent = nullptr);
    ~RunDetails() override;

    /// Shows `run`. What is being typed is not overwritten while it stays the same run.
    void showRun(const RunSummary& run);
    /// Shows `words` in place of a run.
    void showWords(const QString& words);
    /// Hands over what was typed and not yet sent.
    void commit();

Q_SIGNALS:
    void notesEdited(const std::filesystem::path& root, const saeception::RunNotes& notes);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void showFacts(const RunSummary& run);
    void applyTheme();

    RunSummary m_run;  ///< root empty: none is shown
    QLabel* m_title;
    QLabel* m_folder;
    QLabel* m_facts;
    QLabel* m_problems;
    QLineEdit* m_name;
    QLineEdit* m_tags;
    QPlainTextEdit* m_note;
    QWidget* m_form;
};

}  // namespace saeception
