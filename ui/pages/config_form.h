// SPDX-License-Identifier: GPL-3.0-or-later
// Every configuration key as a row, in sections with a list of them beside: found by words, narrowed to what
// was changed.
#pragma once

#include "ui/models/config_values.h"
#include "ui/models/key_words.h"

#include <QTimer>
#include <QWidget>

#include <functional>
#include <string>
#include <vector>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace saeception {

class ConfigRow;

class ConfigForm : public QWidget {
    Q_OBJECT

public:
    /// `lead` stands above the rows, as the section called `leadTitle`; `leadMatches` says whether it has the
    /// words that are looked for (lower case; none where only changed settings are shown). `values` must
    /// outlive the form.
    ConfigForm(ConfigValues& values, QWidget* lead, const QString& leadTitle,
               std::function<bool(const QStringList&)> leadMatches, QWidget* parent = nullptr);

    /// Puts the keyboard into the search box, its text selected.
    void startSearch();
    void clearSearch();
    void setChangedOnly(bool only);
    /// Scrolls to the row of `key` and puts the keyboard into its editor, showing it where a search hides it.
    void showKey(const std::string& key);
    /// The row of `key` among the main ones, else in its own section; built if it was not yet.
    ConfigRow* row(const std::string& key);
    /// Whether every section has its rows; they are built one section a turn of the event loop.
    bool isBuilt() const { return m_unbuilt == 0; }

private:
    struct Section {
        QString title;
        QString prefix;  ///< of its rows' object names
        std::vector<const KeySpec*> keys;
        QWidget* box = nullptr;
        QVBoxLayout* layout = nullptr;
        std::vector<ConfigRow*> rows;  ///< empty until built
        bool isMain = false;           ///< its keys stand in their own sections once more
    };

    QWidget* makeBar();
    QWidget* makeSections(QWidget* lead, const QString& leadTitle);
    QWidget* makeEmptyState();
    void addSection(QVBoxLayout* column, Section section);
    void build(Section& section);
    void buildNext();
    void keyChanged(const std::string& key);
    void filter();
    void countSections();
    void scrolled();
    void goTo(int item);
    void goToFirst();
    QWidget* boxOf(int item) const;
    bool isFiltered() const;
    bool shows(const Section& section, const KeySpec& spec, const QStringList& words) const;
    void applyTheme();

    ConfigValues& m_values;
    QWidget* m_lead;
    std::function<bool(const QStringList&)> m_leadMatches;
    QWidget* m_leadBox = nullptr;
    std::vector<Section> m_sections;
    std::size_t m_unbuilt = 0;
    QTimer m_building;
    QTimer m_counting;

    QLineEdit* m_search = nullptr;
    QCheckBox* m_changedOnly = nullptr;
    QLabel* m_count = nullptr;
    QListWidget* m_list = nullptr;
    QScrollArea* m_scroll = nullptr;
    QWidget* m_empty = nullptr;
    QLabel* m_emptyText = nullptr;
    QPushButton* m_emptyButton = nullptr;
    bool m_jumping = false;
};

}  // namespace saeception
