// SPDX-License-Identifier: GPL-3.0-or-later
// A line for a folder or file with a button that browses for it.
#pragma once

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace saeception {

class PathEdit : public QWidget {
    Q_OBJECT

public:
    enum class Target { Folder, FolderOrFile };

    explicit PathEdit(Target target, QWidget* parent = nullptr);

    QString path() const;
    void setPath(const QString& path);
    /// What an empty line means, shown in its place.
    void setPlaceholder(const QString& text);
    QLineEdit* line() const { return m_line; }

Q_SIGNALS:
    void changed();

private:
    void chooseWith(bool files);

    QLineEdit* m_line;
    QToolButton* m_button;
};

}  // namespace saeception
