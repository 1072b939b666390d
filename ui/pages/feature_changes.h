// SPDX-License-Identifier: GPL-3.0-or-later
// The changes that a person makes to features: a row each, with what is done, by how much and where.
#pragma once

#include "cycle/live_model.h"

#include <QWidget>

#include <functional>
#include <string>
#include <vector>

class QVBoxLayout;

namespace saeception {

class FeatureChanges : public QWidget {
    Q_OBJECT

public:
    using NameOf = std::function<QString(int feature)>;
    explicit FeatureChanges(NameOf name, QWidget* parent = nullptr);

    const std::vector<FeatureEdit>& edits() const { return m_edits; }
    /// A feature that is changed already is changed in this way instead.
    void add(const FeatureEdit& edit);
    void clear();
    /// The tokens a change can be kept to. Of another sentence than before: changes of single tokens go.
    void setTokens(std::vector<std::string> tokens);

Q_SIGNALS:
    void changed();
    void featureRequested(int feature);

private:
    QWidget* makeRow(std::size_t at);
    void rebuild();
    void set(std::size_t at, const FeatureEdit& edit);

    NameOf m_name;
    std::vector<FeatureEdit> m_edits;
    std::vector<std::string> m_tokens;
    QVBoxLayout* m_column;
    std::vector<QWidget*> m_rows;
};

}  // namespace saeception
