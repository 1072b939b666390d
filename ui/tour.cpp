// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tour.h"

#include "ui/theme.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPainter>
#include <QSaveFile>

namespace saeception {
namespace {

constexpr int pollMs = 5;
// A chart draws ten frames a second while something new arrives: nothing painted for longer than two of them
// means that all is drawn.
constexpr qint64 quietMs = 220;
// A clock or a busy bar never rests; the sight is there all the same.
constexpr qint64 longestRestlessMs = 1500;

QString themeName(int theme) {
    return theme == 0 ? QStringLiteral("light") : QStringLiteral("dark");
}

// The window, and over it the dialogs that belong to it.
QPixmap pictureOf(QWidget& window) {
    QPixmap picture = window.grab();
    QPainter painter(&picture);
    for (QWidget* over : QApplication::topLevelWidgets()) {
        const bool ofWindow = over->parentWidget() != nullptr && over->parentWidget()->window() == &window;
        if (!ofWindow || !over->isVisible() || over->windowType() == Qt::ToolTip)
            continue;
        QPoint at = over->pos() - window.pos();
        at.setX(std::clamp(at.x(), 0, std::max(0, window.width() - over->width())));
        at.setY(std::clamp(at.y(), 0, std::max(0, window.height() - over->height())));
        painter.drawPixmap(at, over->grab());
        painter.setPen(Theme::instance().colours().faintText);
        painter.drawRect(QRect(at, over->size()).adjusted(-1, -1, 0, 0));
    }
    return picture;
}

}  // namespace

Tour::Tour(QWidget* window, std::vector<TourStep> steps, QObject* parent)
    : QObject(parent),
      m_window(window),
      m_steps(std::move(steps)),
      m_sizes({QSize(1280, 800), QSize(1920, 1080)}) {
    m_turn.setInterval(pollMs);
    connect(&m_turn, &QTimer::timeout, this, &Tour::poll);
    connect(window, &QObject::destroyed, this,
            [this] { end(false, tr("The window was closed during the tour")); });
}

void Tour::start(const QString& directory) {
    m_directory = directory;
    m_sizeBefore = m_window->size();
    m_themeBefore = static_cast<int>(Theme::instance().choice());
    QMetaObject::invokeMethod(
        this,
        [this] {
            // Told before anything is shown, not after the first minute.
            QSaveFile probe(QDir(m_directory).filePath(QStringLiteral(".tour")));
            if (!QDir().mkpath(m_directory) || !probe.open(QIODevice::WriteOnly)) {
                end(false, tr("%1: pictures cannot be written there: %2")
                               .arg(m_directory, probe.error() == QFileDevice::NoError
                                                     ? tr("the folder cannot be made")
                                                     : probe.errorString()));
                return;
            }
            probe.cancelWriting();
            if (m_steps.empty() || m_sizes.isEmpty()) {
                end(false, tr("The tour has nothing to show"));
                return;
            }
            qApp->installEventFilter(this);
            begin();
        },
        Qt::QueuedConnection);
}

void Tour::begin() {
    Theme::instance().setChoice(m_theme == 0 ? ThemeChoice::Light : ThemeChoice::Dark);
    if (m_window->isMaximized() || m_window->isFullScreen())
        m_window->showNormal();
    m_window->resize(m_sizes[m_size]);
    if (step().show)
        step().show();
    m_waiting.start();
    m_sinceEvent.start();
    m_turn.start();
}

bool Tour::isQuiet() const {
    return m_sinceEvent.elapsed() >= quietMs || m_waiting.elapsed() >= longestRestlessMs;
}

void Tour::poll() {
    const bool sized = m_window->size() == m_sizes[m_size];
    const bool settled = !step().settled || step().settled();
    if (sized && settled && isQuiet()) {
        m_turn.stop();
        if (save())
            next();
        else
            end(false, m_problem);
        return;
    }
    if (m_waiting.elapsed() < m_patienceMs)
        return;
    const QSize& wanted = m_sizes[m_size];
    const QString what = sized ? tr("it was not all there after %1 s").arg(m_patienceMs / 1000.0)
                               : tr("the window cannot be made %1 x %2: it stays %3 x %4")
                                     .arg(wanted.width())
                                     .arg(wanted.height())
                                     .arg(m_window->width())
                                     .arg(m_window->height());
    end(false, tr("%1 (%2): %3").arg(step().name, themeName(m_theme), what));
}

bool Tour::save() {
    const QSize& size = m_sizes[m_size];
    const QString path = QDir(m_directory)
                             .filePath(QStringLiteral("%1-%2-%3x%4.png")
                                           .arg(step().name, themeName(m_theme))
                                           .arg(size.width())
                                           .arg(size.height()));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !pictureOf(*m_window).save(&file, "PNG") || !file.commit()) {
        m_problem = tr("%1 cannot be written: %2").arg(path, file.errorString());
        return false;
    }
    m_files.append(path);
    return true;
}

void Tour::next() {
    if (step().leave)
        step().leave();
    if (++m_step == m_steps.size()) {
        m_step = 0;
        if (++m_size == m_sizes.size()) {
            m_size = 0;
            if (++m_theme == 2) {
                end(true, tr("%1 pictures in %2").arg(m_files.size()).arg(m_directory));
                return;
            }
        }
    }
    begin();
}

void Tour::end(bool ok, const QString& message) {
    m_turn.stop();
    qApp->removeEventFilter(this);
    if (m_window != nullptr) {
        m_window->disconnect(this);
        m_window->resize(m_sizeBefore);
        Theme::instance().setChoice(static_cast<ThemeChoice>(m_themeBefore));
    }
    Q_EMIT finished(ok, m_files, message);
}

bool Tour::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::Paint:
        case QEvent::LayoutRequest:
        case QEvent::Resize:
        case QEvent::UpdateRequest:
            m_sinceEvent.restart();
            break;
        default:
            break;
    }
    return QObject::eventFilter(watched, event);
}

}  // namespace saeception
