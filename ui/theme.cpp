// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include "ui/studio_style.h"
#include "ui/system_scheme.h"

#include <QApplication>
#include <QToolTip>

#include <algorithm>
#include <cmath>

// A static library's resources are left out by the linker unless they are asked for, from outside any
// namespace.
static void loadResources() {
    Q_INIT_RESOURCE(app);
}

namespace saeception {
namespace {

ThemeColours lightColours() {
    ThemeColours c;
    c.window = QColor(0xf6, 0xf7, 0xf9);
    c.surface = QColor(0xff, 0xff, 0xff);
    c.raised = QColor(0xec, 0xee, 0xf2);
    c.text = QColor(0x1a, 0x1e, 0x24);
    c.faintText = QColor(0x58, 0x61, 0x6c);
    c.separator = QColor(0xd8, 0xdc, 0xe2);
    c.grid = QColor(0xec, 0xee, 0xf1);
    c.accent = QColor(0x0a, 0x66, 0xb0);
    c.onAccent = QColor(0xff, 0xff, 0xff);
    c.accentFill = QColor(0xde, 0xec, 0xf8);
    c.warning = QColor(0x8a, 0x54, 0x00);
    c.error = QColor(0xb3, 0x26, 0x1e);
    c.shading = QColor(0x5a, 0xb0, 0xe8);
    c.series = {QColor(0x00, 0x72, 0xb2), QColor(0xd5, 0x5e, 0x00), QColor(0x00, 0x8a, 0x65),
                QColor(0xb3, 0x55, 0x8b), QColor(0xa8, 0x70, 0x00), QColor(0x2f, 0x8f, 0xc8),
                QColor(0x52, 0x58, 0x60)};
    return c;
}

ThemeColours darkColours() {
    ThemeColours c;
    c.window = QColor(0x18, 0x1b, 0x1f);
    c.surface = QColor(0x20, 0x24, 0x29);
    c.raised = QColor(0x2b, 0x30, 0x36);
    c.text = QColor(0xe6, 0xe9, 0xed);
    c.faintText = QColor(0xa1, 0xaa, 0xb5);
    c.separator = QColor(0x38, 0x3e, 0x46);
    c.grid = QColor(0x2d, 0x32, 0x39);
    c.accent = QColor(0x5c, 0xb2, 0xf2);
    c.onAccent = QColor(0x0d, 0x14, 0x1b);
    c.accentFill = QColor(0x22, 0x3d, 0x54);
    c.warning = QColor(0xf0, 0xb4, 0x4c);
    c.error = QColor(0xff, 0x8f, 0x84);
    c.shading = QColor(0x0c, 0x68, 0xbe);
    c.series = {QColor(0x5a, 0xae, 0xe8), QColor(0xf2, 0x88, 0x48), QColor(0x2f, 0xc2, 0x99),
                QColor(0xe0, 0x96, 0xc3), QColor(0xe8, 0xb0, 0x40), QColor(0x86, 0xce, 0xf5),
                QColor(0xbd, 0xc4, 0xcc)};
    return c;
}

double luminance(const QColor& colour) {
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

QPalette paletteOf(const ThemeColours& c) {
    QPalette p;
    p.setColor(QPalette::Window, c.window);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.surface);
    p.setColor(QPalette::AlternateBase, mixed(c.surface, c.raised, 0.5));
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::Button, c.raised);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, c.error);
    p.setColor(QPalette::PlaceholderText, c.faintText);
    p.setColor(QPalette::ToolTipBase, c.raised);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Highlight, c.accent);
    p.setColor(QPalette::HighlightedText, c.onAccent);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::LinkVisited, c.accent);
    p.setColor(QPalette::Light, mixed(c.raised, c.surface, 0.5));
    p.setColor(QPalette::Midlight, c.raised);
    p.setColor(QPalette::Mid, c.separator);
    p.setColor(QPalette::Dark, mixed(c.separator, c.faintText, 0.3));
    p.setColor(QPalette::Shadow, mixed(c.window, QColor(Qt::black), 0.6));
    const QColor disabled = mixed(c.faintText, c.window, 0.35);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, disabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.separator);
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, disabled);
    return p;
}

}  // namespace

const ThemeColours& themeColours(bool dark) {
    static const ThemeColours light = lightColours();
    static const ThemeColours night = darkColours();
    return dark ? night : light;
}

double contrastRatio(const QColor& a, const QColor& b) {
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QColor mixed(const QColor& from, const QColor& to, double amount) {
    const auto t = static_cast<float>(std::clamp(amount, 0.0, 1.0));
    return QColor::fromRgbF(from.redF() + (to.redF() - from.redF()) * t,
                            from.greenF() + (to.greenF() - from.greenF()) * t,
                            from.blueF() + (to.blueF() - from.blueF()) * t);
}

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

Theme::Theme() = default;

void Theme::install(QApplication& application, ThemeChoice choice) {
    loadResources();
    m_choice = choice;
    // The platform's own palette is the first hint; it must be read before ours replaces it.
    m_systemDark = luminance(application.palette().color(QPalette::Window)) < 0.2;
    application.setStyle(new StudioStyle);
    m_installed = true;
    auto* scheme = new SystemScheme(&application);
    QObject::connect(scheme, &SystemScheme::darkChanged, this, [this](bool dark) {
        m_systemDark = dark;
        apply();
    });
    scheme->watch();
    m_dark = !(m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_systemDark));
    apply();
}

void Theme::setChoice(ThemeChoice choice) {
    m_choice = choice;
    apply();
}

QColor Theme::series(int index) const {
    const auto& set = colours().series;
    return set[static_cast<std::size_t>(std::max(0, index)) % set.size()];
}

QColor Theme::classColour(int label) const {
    return series(label == 0 ? 1 : label == 1 ? 0 : label);
}

void Theme::apply() {
    const bool dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_systemDark);
    if (!m_installed || dark == m_dark)
        return;
    m_dark = dark;
    const QPalette palette = paletteOf(colours());
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    Q_EMIT changed();
}

bool parseThemeChoice(const QString& name, ThemeChoice& choice) {
    for (const ThemeChoice candidate : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark})
        if (themeChoiceName(candidate) == name) {
            choice = candidate;
            return true;
        }
    return false;
}

QString themeChoiceName(ThemeChoice choice) {
    switch (choice) {
        case ThemeChoice::Light:
            return QStringLiteral("light");
        case ThemeChoice::Dark:
            return QStringLiteral("dark");
        case ThemeChoice::System:
            break;
    }
    return QStringLiteral("system");
}

}  // namespace saeception
