// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences shaded token by token: what they hold, how they wrap, what a token tells under the mouse.
#include "support/feature_fixture.h"
#include "ui/format.h"
#include "ui/models/token_shading_delegate.h"
#include "ui/models/top_sentences_model.h"
#include "ui/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QHelpEvent>
#include <QListView>
#include <QStyleOption>
#include <QTemporaryDir>
#include <QTest>
#include <QToolTip>

#include <cmath>
#include <limits>

using namespace saeception;

namespace {

QStyleOptionViewItem optionOf(const QListView& view, const QModelIndex& index) {
    QStyleOptionViewItem option;
    option.initFrom(&view);
    option.font = view.font();
    option.widget = &view;
    option.rect = view.visualRect(index);
    return option;
}

}  // namespace

class TestTokenShading : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<const FeatureIndex> m_index;

    /// A shown list of the top sentences of `feature`.
    struct Sentences {
        TopSentencesModel model;
        QListView view;
        TokenShadingDelegate* delegate = nullptr;

        Sentences(const FeatureIndex& index, int feature, int width) {
            model.setSentences(index.sentences(feature, Band::Top), index.classNames(),
                               index.maxActivation()[static_cast<std::size_t>(feature)]);
            view.setModel(&model);
            delegate = new TokenShadingDelegate(&view);
            view.setItemDelegate(delegate);
            view.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
            view.setResizeMode(QListView::Adjust);
            view.resize(width, 500);
            view.show();
            view.doItemsLayout();
        }
        int rowOf(std::int64_t example) const {
            for (int row = 0; row < model.rowCount(); ++row)
                if (sentence(row).example == example)
                    return row;
            return -1;
        }
        const ShadedSentence& sentence(int row) const {
            return *model.index(row).data(TopSentencesModel::SentenceRole).value<const ShadedSentence*>();
        }
    };

private Q_SLOTS:
    void initTestCase() {
        Theme::instance().install(*qApp, ThemeChoice::Light);
        const std::filesystem::path file =
            m_folder.filePath(QStringLiteral("index.safetensors")).toStdString();
        fixture::writeIndex(file, 3);
        m_index = fixture::openIndex(file);
    }

    void sentencesCarryWhatIsShown() {
        TopSentencesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSentences(m_index->sentences(1, Band::Top), m_index->classNames(), 4);
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex first = model.index(0);
        QCOMPARE(first.data().toString(), QStringLiteral("A dull <b> film"));
        QCOMPARE(first.data(TopSentencesModel::LabelRole).toString(), QStringLiteral("negative"));
        QCOMPARE(first.data(TopSentencesModel::PredictionRole).toString(), QStringLiteral("positive"));
        QVERIFY(first.data(TopSentencesModel::WrongRole).toBool());
        QVERIFY(first.data(Qt::AccessibleTextRole)
                    .toString()
                    .contains(QStringLiteral("wrongly predicted positive")));
        QVERIFY(!model.index(1).data(TopSentencesModel::WrongRole).toBool());
        const auto generation = first.data(TopSentencesModel::GenerationRole).toULongLong();
        model.setSentences(m_index->sentences(1, Band::Top), m_index->classNames(), 4);
        QVERIFY(model.index(0).data(TopSentencesModel::GenerationRole).toULongLong() != generation);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void controlCharactersAreShown() {
        QCOMPARE(visibleToken("\n"), QStringLiteral("⏎"));
        QCOMPARE(visibleToken("a\tb"), QStringLiteral("a⇥b"));
        QCOMPARE(visibleToken(std::string(1, '\0')), QStringLiteral("␀"));
        QCOMPARE(visibleToken(" caf\xC3\xA9"), QStringLiteral(" café"));
    }

    void rowsGrowAsTheyWrapAndNeverClip() {
        Sentences wide(*m_index, 1, 1000);
        Sentences narrow(*m_index, 1, 320);
        const int row = wide.rowOf(7);
        QVERIFY(row >= 0);
        for (Sentences* list : {&wide, &narrow}) {
            const QModelIndex index = list->model.index(row);
            const QStyleOptionViewItem option = optionOf(list->view, index);
            QCOMPARE(option.rect.height(), list->delegate->sizeHint(option, index).height());
            const auto tokens = static_cast<int>(list->sentence(row).tokens.size());
            for (int token = 0; token < tokens; ++token) {
                const auto rects = list->delegate->tokenRects(option, index, token);
                QVERIFY(!rects.empty());
                for (const QRectF& rect : rects)
                    QVERIFY(QRectF(option.rect).contains(rect));
            }
        }
        QVERIFY(narrow.view.visualRect(narrow.model.index(row)).height() >
                2 * wide.view.visualRect(wide.model.index(row)).height());
        const int shortRow = 1 - row;
        QVERIFY(narrow.view.visualRect(narrow.model.index(row)).height() >
                narrow.view.visualRect(narrow.model.index(shortRow)).height());
    }

    void everyTokenIsFoundUnderTheMouse() {
        for (const int width : {320, 1000}) {
            Sentences list(*m_index, 1, width);
            for (int row = 0; row < list.model.rowCount(); ++row) {
                const QModelIndex index = list.model.index(row);
                const QStyleOptionViewItem option = optionOf(list.view, index);
                const auto tokens = static_cast<int>(list.sentence(row).tokens.size());
                for (int token = 0; token < tokens; ++token)
                    for (const QRectF& rect : list.delegate->tokenRects(option, index, token))
                        QCOMPARE(list.delegate->tokenAt(option, index, rect.center()), token);
                QCOMPARE(list.delegate->tokenAt(option, index, option.rect.bottomRight()), -1);
            }
        }
    }

    void partsOfAWordTouch() {
        Sentences list(*m_index, 0, 1000);
        const QModelIndex index = list.model.index(list.rowOf(0));
        const QStyleOptionViewItem option = optionOf(list.view, index);
        const QRectF won = list.delegate->tokenRects(option, index, 1).front();
        const QRectF der = list.delegate->tokenRects(option, index, 2).front();
        const QRectF ful = list.delegate->tokenRects(option, index, 3).front();
        const QRectF film = list.delegate->tokenRects(option, index, 4).front();
        QVERIFY(std::abs(won.right() - der.left()) < 0.51);
        QVERIFY(std::abs(der.right() - ful.left()) < 0.51);
        QVERIFY(film.left() - ful.right() > 2);
    }

    void shadingFollowsActivation() {
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::instance().setChoice(theme);
            Sentences list(*m_index, 0, 1000);
            const QModelIndex index = list.model.index(list.rowOf(0));
            const QStyleOptionViewItem option = optionOf(list.view, index);
            const QImage image = list.view.viewport()->grab().toImage();
            const auto background = [&](int token) {
                const QRectF rect = list.delegate->tokenRects(option, index, token).front();
                return image.pixelColor(static_cast<int>(rect.center().x()),
                                        static_cast<int>(rect.top()) + 1);
            };
            const QColor surface = Theme::instance().colours().surface;
            QCOMPARE(background(1).rgb(), TokenShadingDelegate::shade(1).rgb());
            QCOMPARE(background(2).rgb(), TokenShadingDelegate::shade(0.5).rgb());
            QCOMPARE(background(4).rgb(), surface.rgb());
            QVERIFY(contrastRatio(background(1), surface) > contrastRatio(background(2), surface));
            QVERIFY(contrastRatio(background(2), surface) > contrastRatio(background(3), surface));
            QVERIFY(contrastRatio(background(3), surface) > 1.02);
            QVERIFY(contrastRatio(background(1), surface) > 1.6 * contrastRatio(background(2), surface));
        }
        Theme::instance().setChoice(ThemeChoice::Light);
    }

    void textStaysReadableOnEveryShade() {
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::instance().setChoice(theme);
            for (int step = 0; step <= 20; ++step)
                QVERIFY(contrastRatio(Theme::instance().colours().text,
                                      TokenShadingDelegate::shade(step / 20.0)) >= 4.5);
        }
        QCOMPARE(TokenShadingDelegate::shade(std::numeric_limits<double>::quiet_NaN()),
                 Theme::instance().colours().surface);
        Theme::instance().setChoice(ThemeChoice::Light);
    }

    void hoveringTellsTheActivation() {
        Sentences list(*m_index, 0, 1000);
        const QModelIndex index = list.model.index(list.rowOf(0));
        QCOMPARE(TokenShadingDelegate::tokenDescription(index, 1), QStringLiteral("“won” · activation 8.00"));
        QCOMPARE(TokenShadingDelegate::tokenDescription(index, 4), QStringLiteral("“film” · activation 0"));
        QCOMPARE(TokenShadingDelegate::tokenDescription(index, 0),
                 QStringLiteral("“A” · not part of the SAE's data"));

        const QRectF rect = list.delegate->tokenRects(optionOf(list.view, index), index, 2).front();
        QHelpEvent help(QEvent::ToolTip, rect.center().toPoint(),
                        list.view.viewport()->mapToGlobal(rect.center().toPoint()));
        QApplication::sendEvent(list.view.viewport(), &help);
        QVERIFY(QToolTip::text().contains(QStringLiteral("“der” · activation 4.00")));
    }

    void nearMissesTellWhatWasLacking() {
        TopSentencesModel model;
        const std::vector<ShadedSentence> near = m_index->sentences(5, Band::NearMiss);
        QVERIFY(!near.empty());
        model.setSentences(near, m_index->classNames(), near.back().peak);
        const QModelIndex first = model.index(0);
        QCOMPARE(TokenShadingDelegate::tokenDescription(first, near[0].peakToken),
                 QStringLiteral("“%1” · lacked %2 to fire")
                     .arg(visibleToken(near[0].tokens[static_cast<std::size_t>(near[0].peakToken)]).trimmed(),
                          formatFigure(static_cast<double>(near[0].peak), 4)));
        QVERIFY(first.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("to fire")));
    }
};

QTEST_MAIN(TestTokenShading)
#include "tst_token_shading.moc"
