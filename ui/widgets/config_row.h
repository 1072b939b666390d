// SPDX-License-Identifier: GPL-3.0-or-later
// One configuration key in a form: label, an editor that fits its type, unit and range, a button that resets
// it, and below them what is wrong with the value.
#pragma once

#include "ui/models/config_values.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace saeception {

class PathEdit;

class ConfigRow : public QWidget {
    Q_OBJECT

public:
    /// Width of the label's column, so that what stands above or below rows can line up with them.
    static int labelWidth();

    /// The editor's object name is `prefix` and the key; `values` must outlive the row.
    ConfigRow(ConfigValues& values, const KeySpec& spec, const QString& prefix, QWidget* parent = nullptr);

    const KeySpec& spec() const { return m_spec; }
    /// What takes the keyboard.
    QWidget* editor() const { return m_editor; }
    QLineEdit* line() const { return m_line; }  ///< none for switches and choices
    /// What an empty line means, shown in its place.
    void setPlaceholder(const QString& text);
    /// Shows what the values say of the key now.
    void refresh();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeEditor(const QString& name);
    void makeReset(const QString& prefix);
    void showText(const QString& text);
    void showProblem(const QString& problem);

    ConfigValues& m_values;
    const KeySpec& m_spec;
    QGridLayout* m_grid;
    QLabel* m_label;
    QLabel* m_hint;
    QWidget* m_editor = nullptr;
    QLineEdit* m_line = nullptr;
    PathEdit* m_path = nullptr;
    QComboBox* m_choice = nullptr;
    QCheckBox* m_switch = nullptr;
    QToolButton* m_reset = nullptr;  ///< made when first needed, as is the next
    QLabel* m_problem = nullptr;
    QString m_prefix;
};

}  // namespace saeception
