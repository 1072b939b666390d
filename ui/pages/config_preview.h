// SPDX-License-Identifier: GPL-3.0-or-later
// The composed configuration as YAML, its changed lines marked, and the command that asks for it; both to be
// copied.
#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace saeception {

/// The dotted key that each line of block-style YAML belongs to; lines of a list have their key's name.
QStringList yamlLineKeys(const QString& yaml);

class ConfigPreview : public QWidget {
    Q_OBJECT

public:
    explicit ConfigPreview(QWidget* parent = nullptr);

    /// `note` stands above the text: which job of a sweep it is, or that it does not hold yet.
    void showConfig(const QString& yaml, const QStringList& changedKeys, const QString& note);
    QString yaml() const;
    void copy() const;

private:
    void markChanged();
    void applyTheme();

    QLabel* m_note;
    QPlainTextEdit* m_text;
    QStringList m_changed;
};

}  // namespace saeception
