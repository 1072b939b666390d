// SPDX-License-Identifier: GPL-3.0-or-later
// The tour: pictures of every step in both themes and every size, once what they show is there.
#include "ui/theme.h"
#include "ui/tour.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QMainWindow>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace saeception;

class TestTour : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QMainWindow> m_window;
    QStackedWidget* m_pages = nullptr;

    QString folder() const { return m_folder->filePath(QStringLiteral("pictures/of all")); }
    std::vector<TourStep> steps() {
        std::vector<TourStep> list;
        for (int page = 0; page < 2; ++page)
            list.push_back({QStringLiteral("page%1").arg(page),
                            [this, page] { m_pages->setCurrentIndex(page); },
                            [] { return true; },
                            {}});
        return list;
    }
    // Runs the tour to its end; its three answers.
    QVariantList run(Tour& tour, const QString& directory) {
        QSignalSpy ended(&tour, &Tour::finished);
        tour.start(directory);
        if (!ended.isEmpty())
            qFatal("the answer came from within start()");
        return ended.wait(30'000) ? ended.takeFirst() : QVariantList{false, QStringList(), QString()};
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp, ThemeChoice::Dark); }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = std::make_unique<QMainWindow>();
        m_pages = new QStackedWidget;
        m_pages->addWidget(new QLabel(QStringLiteral("first")));
        m_pages->addWidget(new QLabel(QStringLiteral("second")));
        m_window->setCentralWidget(m_pages);
        m_window->resize(500, 300);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup() {
        m_window.reset();
        Theme::instance().setChoice(ThemeChoice::Dark);
    }

    void everyStepInEveryThemeAndSize() {
        Tour tour(m_window.get(), steps());
        tour.setSizes({QSize(640, 400), QSize(800, 500)});
        const QVariantList answer = run(tour, folder());
        QVERIFY2(answer[0].toBool(), qPrintable(answer[2].toString()));
        const QStringList files = answer[1].toStringList();
        QCOMPARE(files.size(), 8);
        QStringList names = QDir(folder()).entryList(QDir::Files | QDir::Hidden);
        QCOMPARE(names,
                 (QStringList{"page0-dark-640x400.png", "page0-dark-800x500.png", "page0-light-640x400.png",
                              "page0-light-800x500.png", "page1-dark-640x400.png", "page1-dark-800x500.png",
                              "page1-light-640x400.png", "page1-light-800x500.png"}));
        for (const QString& file : files) {
            const QImage image(file);
            QCOMPARE(image.size(),
                     file.contains(QStringLiteral("640x400")) ? QSize(640, 400) : QSize(800, 500));
            // The corner is the window's own ground.
            QCOMPARE(image.pixelColor(1, 1), themeColours(file.contains(QStringLiteral("dark"))).window);
        }
        QVERIFY(QImage(files[0]) != QImage(files[1]));
        QCOMPARE(Theme::instance().choice(), ThemeChoice::Dark);
        QCOMPARE(m_window->size(), QSize(500, 300));
    }

    void aPictureWaitsUntilAllIsThere() {
        auto* label = qobject_cast<QLabel*>(m_pages->widget(0));
        bool there = false;
        int asked = 0;
        Tour tour(m_window.get(), {{QStringLiteral("late"),
                                    [&] {
                                        there = false;
                                        label->setStyleSheet(QString());
                                        QTimer::singleShot(30, label, [&] {
                                            label->setStyleSheet(QStringLiteral("background: #123456"));
                                            there = true;
                                        });
                                    },
                                    [&] {
                                        ++asked;
                                        return there;
                                    },
                                    {}}});
        tour.setSizes({QSize(640, 400)});
        const QVariantList answer = run(tour, folder());
        QVERIFY(answer[0].toBool());
        QVERIFY(asked > 2);
        for (const QString& file : answer[1].toStringList())
            QCOMPARE(QImage(file).pixelColor(320, 200), QColor(0x12, 0x34, 0x56));
    }

    void aStepThatNeverSettlesIsNamed() {
        std::vector<TourStep> list = steps();
        list[1].settled = [] { return false; };
        Tour tour(m_window.get(), list);
        tour.setSizes({QSize(640, 400)});
        tour.setPatience(800);
        const QVariantList answer = run(tour, folder());
        QVERIFY(!answer[0].toBool());
        QCOMPARE(answer[1].toStringList().size(), 1);
        QVERIFY(answer[2].toString().startsWith(QStringLiteral("page1 (light): ")));
    }

    void aWindowThatCannotGrowIsTold() {
        m_window->setFixedSize(500, 300);
        Tour tour(m_window.get(), steps());
        tour.setPatience(50);
        const QVariantList answer = run(tour, folder());
        QVERIFY(!answer[0].toBool());
        QVERIFY(answer[2].toString().contains(QStringLiteral("500 x 300")));
        QVERIFY(answer[1].toStringList().isEmpty());
    }

    void dialogsAreDrawnOverTheWindowAndPutAway() {
        std::unique_ptr<QDialog> dialog;
        int left = 0;
        Tour tour(m_window.get(), {{QStringLiteral("dialog"),
                                    [&] {
                                        dialog = std::make_unique<QDialog>(m_window.get());
                                        dialog->setStyleSheet(QStringLiteral("background: #654321"));
                                        dialog->resize(200, 100);
                                        dialog->open();
                                        dialog->move(m_window->pos() + QPoint(100, 80));
                                    },
                                    [] { return true; },
                                    [&] {
                                        dialog.reset();
                                        ++left;
                                    }}});
        tour.setSizes({QSize(640, 400)});
        const QVariantList answer = run(tour, folder());
        QVERIFY(answer[0].toBool());
        QCOMPARE(left, 2);
        const QImage picture(answer[1].toStringList()[0]);
        QCOMPARE(picture.size(), QSize(640, 400));
        QCOMPARE(picture.pixelColor(200, 130), QColor(0x65, 0x43, 0x21));
    }

    void aFolderThatCannotBeWrittenIsOneLine() {
        const QString file = m_folder->filePath(QStringLiteral("a file"));
        QVERIFY(QFile(file).open(QIODevice::WriteOnly));
        for (const QString& wrong : {file, file + QStringLiteral("/below")}) {
            Tour tour(m_window.get(), steps());
            const QVariantList answer = run(tour, wrong);
            QVERIFY(!answer[0].toBool());
            QVERIFY(answer[2].toString().startsWith(wrong));
            QVERIFY(!answer[2].toString().contains(QLatin1Char('\n')));
        }
    }

    void aWindowThatGoesEndsTheTour() {
        std::vector<TourStep> list = steps();
        list[1].settled = [this] {
            QTimer::singleShot(0, this, [this] { m_window.reset(); });
            return false;
        };
        Tour tour(m_window.get(), list);
        tour.setSizes({QSize(640, 400)});
        const QVariantList answer = run(tour, folder());
        QVERIFY(!answer[0].toBool());
        QVERIFY(!answer[2].toString().isEmpty());
    }
};

QTEST_MAIN(TestTour)
#include "tst_tour.moc"
