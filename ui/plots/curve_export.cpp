// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_export.h"

#include "ui/models/curve_store.h"
#include "ui/plots/qcustomplot_header.h"
#include "ui/theme.h"

#include <QBuffer>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <charconv>
#include <cmath>

namespace saeception {
namespace {

constexpr double pixelsAnInch = 96;
constexpr double pointsAnInch = 72;

void appendNumber(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        return;
    }
    char digits[32];
    // Steps and times as people write them, not as powers of ten.
    const bool whole = value == std::trunc(value) && std::abs(value) < 1e15;
    const auto end =
        whole ? std::to_chars(digits, digits + sizeof(digits), static_cast<std::int64_t>(value)).ptr
              : std::to_chars(digits, digits + sizeof(digits), value).ptr;
    out.append(digits, end);
}

// RFC 4180: quoted where it must be, quotes doubled.
void appendField(std::string& out, const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

class CaptionElement : public QCPLayoutElement {
public:
    CaptionElement(QCustomPlot* plot, QString title, std::vector<LegendEntry> entries)
        : QCPLayoutElement(plot), m_title(std::move(title)), m_entries(std::move(entries)) {
        setLayer(QStringLiteral("legend"));
        m_bold = plot->font();
        m_bold.setWeight(QFont::DemiBold);
    }
    QSize minimumOuterSizeHint() const override {
        const int line = QFontMetrics(m_bold).height() + gridUnit / 2;
        return {0, gridUnit + line * (1 + lines(parentPlot()->viewport().width()))};
    }
    QSize maximumOuterSizeHint() const override { return {QWIDGETSIZE_MAX, minimumOuterSizeHint().height()}; }

protected:
    void applyDefaultAntialiasingHint(QCPPainter*) const override {}
    void draw(QCPPainter* painter) override {
        const ThemeColours& colours = Theme::instance().colours();
        const int line = QFontMetrics(m_bold).height() + gridUnit / 2;
        painter->setFont(m_bold);
        painter->setPen(colours.text);
        painter->drawText(QRect(left, gridUnit / 2, rect().width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                          m_title);
        painter->setFont(parentPlot()->font());
        place(parentPlot()->viewport().width(), [&](const LegendEntry& entry, int x, int row) {
            const int top = gridUnit / 2 + line * (1 + row);
            painter->setAntialiasing(true);
            painter->setPen(QPen(entry.colour, 2, entry.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
            painter->drawLine(QPointF(x, top + line / 2.0), QPointF(x + sample, top + line / 2.0));
            painter->setPen(colours.text);
            painter->drawText(QRect(x + sample + gridUnit / 2, top, QWIDGETSIZE_MAX, line),
                              Qt::AlignLeft | Qt::AlignVCenter, entry.name);
        });
    }

private:
    static constexpr int left = 2 * gridUnit;
    static constexpr int sample = 2 * gridUnit;

    // Entries one after the other, in as many rows as they need. @returns the number of rows
    template <typename Visit>
    int place(int width, const Visit& visit) const {
        const QFontMetrics metrics(parentPlot()->font());
        int x = left;
        int row = 0;
        for (const LegendEntry& entry : m_entries) {
            const int wide = sample + gridUnit / 2 + metrics.horizontalAdvance(entry.name) + 2 * gridUnit;
            if (x > left && x + wide > width) {
                x = left;
                ++row;
            }
            visit(entry, x, row);
            x += wide;
        }
        return m_entries.empty() ? 0 : row + 1;
    }
    int lines(int width) const {
        return place(width, [](const LegendEntry&, int, int) {});
    }

    QString m_title;
    std::vector<LegendEntry> m_entries;
    QFont m_bold;
};

}  // namespace

PlotCaption::PlotCaption(QCustomPlot& plot, const QString& title, std::vector<LegendEntry> entries)
    : m_plot(plot) {
    plot.plotLayout()->insertRow(0);
    plot.plotLayout()->addElement(0, 0, new CaptionElement(&plot, title, std::move(entries)));
}

PlotCaption::~PlotCaption() {
    m_plot.plotLayout()->remove(m_plot.plotLayout()->element(0, 0));
    m_plot.plotLayout()->simplify();
}

std::string curvesAsCsv(const std::vector<ExportedCurve>& curves) {
    std::string out = "run,cycle,tag,step,time,seconds,value,smoothed\n";
    for (const ExportedCurve& curve : curves) {
        std::string front;
        appendField(front, curve.run);
        front += ',';
        if (curve.cycle != wholeRun)
            front += std::to_string(curve.cycle);
        front += ',';
        appendField(front, curve.tag);
        front += ',';
        for (std::size_t i = 0; i < curve.series.size(); ++i) {
            out += front;
            appendNumber(out, curve.series.step(i));
            out += ',';
            appendNumber(out, std::round(curve.series.wallTime(i) * 1000) / 1000);
            out += ',';
            appendNumber(out, curve.series.relativeTime(i));
            out += ',';
            appendNumber(out, curve.series.value(i));
            out += ',';
            if (!curve.smoothed.empty())
                appendNumber(out, curve.smoothed[i]);
            out += '\n';
        }
    }
    return out;
}

QByteArray plotAsSvg(QCustomPlot& plot, const QSize& size, const QString& title) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(title);
    QCPPainter painter;
    if (painter.begin(&generator)) {
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        plot.toPainter(&painter, size.width(), size.height());
        painter.end();
    }
    return bytes;
}

QByteArray plotAsPdf(QCustomPlot& plot, const QSize& size, const QString& title) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(title);
    writer.setCreator(QStringLiteral("SAEception Studio"));
    writer.setPageMargins(QMarginsF());
    writer.setPageSize(QPageSize(QSizeF(size) * pointsAnInch / pixelsAnInch, QPageSize::Point, QString(),
                                 QPageSize::ExactMatch));
    writer.setResolution(static_cast<int>(pixelsAnInch));
    QCPPainter painter;
    if (painter.begin(&writer)) {
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        plot.toPainter(&painter, size.width(), size.height());
        painter.end();
    }
    return bytes;
}

}  // namespace saeception
