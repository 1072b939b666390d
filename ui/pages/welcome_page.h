// SPDX-License-Identifier: GPL-3.0-or-later
// The first page a new user sees: what the program does, the demo, and how to get and set up SST-2 with
// GPT-2.
#pragma once

#include "ui/jobs/input_check.h"

#include <QStringList>
#include <QTimer>
#include <QWidget>

class QAction;
class QCheckBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace saeception {

class PathEdit;

class WelcomePage : public QWidget {
    Q_OBJECT

public:
    explicit WelcomePage(QWidget* parent = nullptr);

    /// Whether the window should open with this page: until the user says otherwise.
    static bool isWantedAtStart();
    static void setWantedAtStart(bool wanted);
    /// Whether a chosen folder is still being looked at.
    bool isChecking() const;

Q_SIGNALS:
    void demoRequested();
    /// What to give the Launch page: the preset with the chosen folders.
    void setUpRequested(const QStringList& overrides);
    void openRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Input {
        PathEdit* edit = nullptr;
        QLabel* answer = nullptr;
        InputCheck (*check)(const QString&) = nullptr;
        QString settingsKey;
        InputCheck result;
        quint64 request = 0;
        bool checking = false;
        QTimer pause;  ///< until typing rests
    };

    QWidget* makeHead();
    QWidget* makeStart();
    QWidget* makeSetUp();
    void addInput(Input& input, QVBoxLayout* column, const QString& title, const QString& source);
    QLabel* addText(QVBoxLayout* column, const QString& text, bool isFaint);
    void begin(Input& input);
    void showAnswers();
    void setUp();
    void applyTheme();

    Input m_sst2;
    Input m_gpt2;
    QAction* m_setUp = nullptr;
    QPushButton* m_setUpButton = nullptr;
    QCheckBox* m_atStart = nullptr;
    QList<QLabel*> m_faint;
};

}  // namespace saeception
