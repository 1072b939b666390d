// SPDX-License-Identifier: GPL-3.0-or-later
// Walks a window through named sights in both themes and two sizes, and saves a picture of each.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QSize>
#include <QStringList>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <vector>

namespace saeception {

struct TourStep {
    QString name;                   ///< of the file: "dashboard"
    std::function<void()> show;     ///< brings the sight up
    std::function<bool()> settled;  ///< all that it shows is there; asked again and again. Empty: at once
    std::function<void()> leave;    ///< puts away what show() opened; may be empty
};

/// DIR/NAME-THEME-WIDTHxHEIGHT.png for each step, theme (light, dark) and size, the sizes in logical pixels.
/// Dialogs that a step opens are drawn where they stand over the window. The window's size and the theme are
/// put back at the end. Lives on the GUI thread.
class Tour : public QObject {
    Q_OBJECT

public:
    /// `window` must outlive the tour or end it by being destroyed.
    Tour(QWidget* window, std::vector<TourStep> steps, QObject* parent = nullptr);

    /// For tests: other sizes than 1280 x 800 and 1920 x 1080, another patience than 20 s for a step.
    void setSizes(QList<QSize> sizes) { m_sizes = std::move(sizes); }
    void setPatience(int milliseconds) { m_patienceMs = milliseconds; }

    /// Makes `directory` where there is none. Call once; the answer is finished(), never from within this
    /// call.
    void start(const QString& directory);

Q_SIGNALS:
    /// `files` in the order in which they were taken; `message` is one line: how many, or what went wrong.
    void finished(bool ok, const QStringList& files, const QString& message);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void begin();
    void poll();
    bool isQuiet() const;
    bool save();
    void next();
    void end(bool ok, const QString& message);
    const TourStep& step() const { return m_steps[m_step]; }

    QPointer<QWidget> m_window;
    std::vector<TourStep> m_steps;
    QList<QSize> m_sizes;
    int m_patienceMs = 20'000;
    QString m_directory;
    QStringList m_files;
    QSize m_sizeBefore;
    int m_themeBefore = 0;
    int m_theme = 0;  ///< 0 light, 1 dark
    qsizetype m_size = 0;
    std::size_t m_step = 0;
    QTimer m_turn;
    QElapsedTimer m_waiting;     ///< since the step was shown
    QElapsedTimer m_sinceEvent;  ///< since the window was last laid out or painted
    QString m_problem;
};

}  // namespace saeception
