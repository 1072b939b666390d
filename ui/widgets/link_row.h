// SPDX-License-Identifier: GPL-3.0-or-later
// A title and as many links after it as the width holds; the rest is in the tooltip, and a click on the dots
// unfolds it.
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

class QLabel;

namespace saeception {

class LinkRow : public QWidget {
    Q_OBJECT

public:
    struct Item {
        QString text;     ///< the link: "80"
        QString after;    ///< said behind it: "0.35"
        QString address;  ///< what linkActivated tells; empty: plain text
        QString tip;      ///< one line, for the tooltip
    };

    explicit LinkRow(const QString& title, QWidget* parent = nullptr);

    /// No items: `none` is said in their place.
    void setItems(QList<Item> items, const QString& none);
    QString text() const;
    const QList<Item>& items() const { return m_items; }
    /// All titles of a card are as wide as the widest.
    void setTitleWidth(int width);
    int titleWidth() const;

Q_SIGNALS:
    void linkActivated(const QString& address);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fill();
    void applyTheme();

    QLabel* m_title;
    QLabel* m_links;
    QList<Item> m_items;
    QString m_none;
    bool m_unfolded = false;
};

}  // namespace saeception
