// SPDX-License-Identifier: GPL-3.0-or-later
// The look: one light and one dark palette, their semantic colours, and the switch between them while the
// program runs.
#pragma once

#include <QColor>
#include <QObject>
#include <QPalette>

#include <vector>

class QApplication;

namespace saeception {

enum class ThemeChoice { System, Light, Dark };

/// What a colour is for. Text colours reach WCAG AA (4.5:1) on `window` and `surface`, series and marks 3:1.
struct ThemeColours {
    QColor window;      ///< behind everything
    QColor surface;     ///< tables, charts, editors
    QColor raised;      ///< hovered rows, the rail
    QColor text;        ///< what is read
    QColor faintText;   ///< labels, axes, units
    QColor separator;   ///< thin lines
    QColor grid;        ///< lines inside charts, fainter than separators
    QColor accent;      ///< the one accent: selection, focus, progress, links
    QColor onAccent;    ///< text on accent
    QColor accentFill;  ///< a pale tint of the accent for selected rows
    QColor warning;     ///< text of warnings
    QColor error;       ///< text of errors
    QColor shading;     ///< full strength of activation shading; text stays readable on it
    std::vector<QColor>
        series;  ///< colour-blind-safe (Okabe-Ito, darkened or lightened to the theme's contrast)
};

/// The colours of one of the two themes.
const ThemeColours& themeColours(bool dark);

/// WCAG 2 contrast ratio of two opaque colours, 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);

/// `from` mixed towards `to`; amount 0..1.
QColor mixed(const QColor& from, const QColor& to, double amount);

/// The 8-pixel grid, in device-independent pixels.
inline constexpr int gridUnit = 8;

/// The theme in force. Lives on the GUI thread; one for the process.
class Theme : public QObject {
    Q_OBJECT

public:
    static Theme& instance();

    /// Sets Fusion style and the first palette. Call once, after QApplication and before any window.
    void install(QApplication& application, ThemeChoice choice);

    void setChoice(ThemeChoice choice);
    ThemeChoice choice() const { return m_choice; }
    bool isDark() const { return m_dark; }
    const ThemeColours& colours() const { return themeColours(m_dark); }

    /// Colour of series `index` (a cycle, a class, a run); repeats after the set is used up.
    QColor series(int index) const;
    /// Colour of class `label` of the data set, the same wherever classes are told apart: the first
    /// (negative) is orange and the second (positive) blue.
    QColor classColour(int label) const;

Q_SIGNALS:
    /// The palette has been replaced: repaint what does not follow QPalette by itself (plots, cached
    /// pixmaps).
    void changed();

private:
    Theme();
    void apply();

    ThemeChoice m_choice = ThemeChoice::System;
    bool m_systemDark = false;
    bool m_dark = false;
    bool m_installed = false;
};

/// "system", "light", "dark" and back; false if `name` is none of them.
bool parseThemeChoice(const QString& name, ThemeChoice& choice);
QString themeChoiceName(ThemeChoice choice);

}  // namespace saeception
