// SPDX-License-Identifier: GPL-3.0-or-later
// A strip above a page that says what is wrong until it is dismissed.
#pragma once

#include <QFrame>
#include <QStringList>

class QLabel;
class QPushButton;
class QToolButton;

namespace saeception {

/// Hidden while it has nothing to say. Its first line is shown with the number of further ones; the tooltip
/// has them all.
class NoticeBanner : public QFrame {
    Q_OBJECT

public:
    explicit NoticeBanner(QWidget* parent = nullptr);

    /// `lead` goes before the lines and may be empty; no lines hide the banner.
    void showLines(const QString& lead, const QStringList& lines);
    void showLine(const QString& line) { showLines({}, {line}); }
    /// Adds a button beside the lines, that mends what they say. `name` is its object name.
    QPushButton* addButton(const QString& text, const QString& name);
    const QStringList& lines() const { return m_lines; }
    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyTheme();
    void fill();

    QString m_lead;
    QStringList m_lines;
    bool m_all = false;
    QLabel* m_text;
    QToolButton* m_more;
    QToolButton* m_close;
};

}  // namespace saeception
