// SPDX-License-Identifier: GPL-3.0-or-later
// A form over some configuration keys, built from the schema: label, value, unit and range, and what has been
// changed.
#pragma once

#include "config/schema.h"

#include <QStringList>
#include <QWidget>

#include <map>
#include <string>
#include <vector>

class QGridLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace saeception {

/// `key=value` in Hydra's grammar; a text value is quoted where it must be.
QString overrideText(const QString& key, const QString& value);

class ConfigForm : public QWidget {
    Q_OBJECT

public:
    struct Entry {
        std::string key;
        QString label;
    };

    /// One row an entry; keys the schema does not know are a programming error (throws std::logic_error).
    explicit ConfigForm(const std::vector<Entry>& entries, QWidget* parent = nullptr);

    /// The values that hold where nothing has been typed. Typed values stay as they are.
    void setBase(const ExperimentConfig& base);
    /// Overrides for what differs from the base, in the order of the rows.
    QStringList overrides() const;
    bool has(const std::string& key) const { return m_rows.count(key) > 0; }
    void setText(const std::string& key, const QString& text);
    /// Every row back to the base.
    void resetAll();
    /// Marks the rows whose key stands in `message`; an empty message clears all marks.
    void showError(const QString& message);
    QLineEdit* editor(const std::string& key) const { return m_rows.at(key).edit; }

Q_SIGNALS:
    void changed();

private:
    struct Row {
        const KeySpec* spec = nullptr;
        QLabel* label = nullptr;
        QLineEdit* edit = nullptr;
        QLabel* hint = nullptr;
        QToolButton* reset = nullptr;
        QString base;
        bool touched = false;
    };

    void addRow(QGridLayout* grid, const Entry& entry);
    void refresh(Row& row);
    void applyTheme();

    std::vector<std::string> m_order;
    std::map<std::string, Row> m_rows;
    QString m_error;
};

}  // namespace saeception
