// SPDX-License-Identifier: GPL-3.0-or-later
// A small figure of one quantity by cycle: median and quartiles of all features beside those of some.
#pragma once

#include "ui/models/selectivity.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace saeception {

/// The band is from quartile to quartile, the line the median. The tooltip has the numbers.
class QuartileLines : public QWidget {
    Q_OBJECT

public:
    enum class Scale { Linear, Logarithmic };
    struct Line {
        QString name;
        std::vector<std::pair<int, Spread>> cycles;  ///< ascending; those without values are left out
    };

    QuartileLines(const QString& title, Scale scale, QWidget* parent = nullptr);

    /// At most two: the first dashed and faint, the second solid.
    void setLines(std::vector<Line> lines);
    /// What its tooltip says, as plain text: a line for each line and cycle.
    QString text() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QString m_title;
    Scale m_scale;
    std::vector<Line> m_lines;
};

}  // namespace saeception
