// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"

#include "ui/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace saeception {
namespace {

// The sources are drawn with this one colour, which is replaced before rendering.
const QByteArray inkOfSources = QByteArrayLiteral("#000000");

class ThemedIconEngine : public QIconEngine {
public:
    explicit ThemedIconEngine(QString name) : m_name(std::move(name)) {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(m_name));
        if (file.open(QIODevice::ReadOnly))
            m_svg = file.readAll();
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, rendered(rect.size() * ratio, mode, state));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        return rendered(size, mode, state);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override {
        return rendered(size, mode, state);
    }

    QString key() const override { return QStringLiteral("saeception"); }
    QString iconName() override { return m_name; }
    bool isNull() override { return m_svg.isEmpty(); }
    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

private:
    static QColor ink(QIcon::Mode mode, QIcon::State state) {
        const ThemeColours& colours = Theme::instance().colours();
        if (mode == QIcon::Disabled)
            return mixed(colours.faintText, colours.window, 0.45);
        if (state == QIcon::On || mode == QIcon::Selected)
            return colours.accent;
        return mode == QIcon::Active ? colours.text : colours.faintText;
    }

    QPixmap rendered(const QSize& size, QIcon::Mode mode, QIcon::State state) const {
        if (size.isEmpty())
            return {};
        const QColor colour = ink(mode, state);
        const QString cacheKey = QStringLiteral("icon:%1:%2x%3:%4")
                                     .arg(m_name)
                                     .arg(size.width())
                                     .arg(size.height())
                                     .arg(colour.name());
        QPixmap pixmap;
        if (QPixmapCache::find(cacheKey, &pixmap))
            return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QByteArray svg = m_svg;
        QSvgRenderer renderer(svg.replace(inkOfSources, colour.name().toLatin1()));
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.end();
        QPixmapCache::insert(cacheKey, pixmap);
        return pixmap;
    }

    QString m_name;
    QByteArray m_svg;
};

}  // namespace

QIcon themedIcon(const QString& name) {
    return QIcon(new ThemedIconEngine(name));
}

QIcon applicationIcon() {
    return QIcon(QStringLiteral(":/icons/saeception-studio.svg"));
}

}  // namespace saeception
