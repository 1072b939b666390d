// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the sentences of the Sentences page: open, copy, export.
#include "ui/jobs/in_background.h"
#include "ui/models/sentence_csv.h"
#include "ui/models/sentence_filter_model.h"
#include "ui/models/sentence_table_model.h"
#include "ui/models/sentence_words.h"
#include "ui/pages/sentence_filter_bar.h"
#include "ui/pages/sentence_header.h"
#include "ui/pages/sentence_list.h"
#include "ui/pages/sentences_page.h"
#include "ui/widgets/notice_banner.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>

#include <utility>

namespace saeception {

void SentencesPage::makeActions() {
    m_menu = new QMenu(this);
    const auto add = [this](const QString& text, const char* name, const QList<QKeySequence>& keys,
                            auto&& work) {
        QAction* action = m_menu->addAction(text, this, std::forward<decltype(work)>(work));
        action->setObjectName(QString::fromLatin1(name));
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        return action;
    };
    m_open = add(tr("&Open in the Inspector"), "openSentence",
                 {QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)}, [this] { openCurrent(); });
    m_copy = add(tr("&Copy sentences"), "copySentences", {QKeySequence::Copy}, [this] { copyChosen(); });
    for (QAction* action : {m_open, m_copy}) {
        action->setStatusTip(tr("Choose a sentence"));
        // These keys do other things in the search line.
        action->setShortcutContext(Qt::WidgetShortcut);
        m_list->addAction(action);
    }
    m_export = add(tr("&Export as CSV…"), "exportSentences", {QKeySequence::Save}, [this] { chooseFile(); });
    m_export->setToolTip(tr("All sentences that the filters leave, with what every cycle predicts"));
    m_menu->addSeparator();
    add(tr("&Search the sentences"), "searchSentences", {QKeySequence::Find, QKeySequence(Qt::Key_Slash)},
        [this] { m_filters->focusSearch(); });
    add(tr("Show &all sentences"), "showAllOfThem", {}, [this] { m_filters->clear(); });
    auto* columns = m_menu->addMenu(tr("Col&umns"));
    columns->setObjectName(QStringLiteral("columnChoices"));
    connect(columns, &QMenu::aboutToShow, this, [this, columns] {
        columns->clear();
        m_list->header()->fillMenu(columns);
    });
}

void SentencesPage::requestRebuilds() {
    for (const int cycle : unusableCycles())
        Q_EMIT rebuildRequested(cycle);
}

void SentencesPage::openCurrent() {
    const QModelIndex current = m_rows->mapToSource(m_list->currentIndex());
    if (!current.isValid())
        return;
    const SentencePredictions& predictions = *m_table->predictions();
    const CyclePredictions* cycle = predictions.of(m_table->column(current.column()).cycle);
    const bool has = cycle != nullptr && cycle->label[static_cast<std::size_t>(current.row())] >= 0;
    Q_EMIT sentenceRequested(has ? cycle->cycle : predictions.newest(),
                             predictions.rows().split(current.row()),
                             predictions.rows().example[static_cast<std::size_t>(current.row())]);
}

void SentencesPage::copyChosen() {
    QStringList lines;
    for (const int row : m_list->chosenRows())
        lines.append(m_table->index(row, 0).data(SentenceTableModel::CopyRole).toString());
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void SentencesPage::chooseFile() {
    // What is shown now: while the dialog is open another run may come into view.
    const std::shared_ptr<const SentencePredictions> predictions = m_table->predictions();
    if (!predictions)
        return;
    auto* dialog = new QFileDialog(this, tr("Export sentences"), QStringLiteral("sentences.csv"),
                                   tr("CSV files (*.csv)"));
    dialog->setObjectName(QStringLiteral("exportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, predictions, rows = m_rows->sourceRows()](const QString& path) {
                exportTo(path, predictions, rows);
            });
    dialog->open();
}

void SentencesPage::exportTo(const QString& path, std::shared_ptr<const SentencePredictions> predictions,
                             std::vector<int> rows) {
    m_exportBanner->showLines({}, {});
    m_note->setText(tr("Writing…"));
    const auto count = static_cast<int>(rows.size());
    writeInBackground(path, [predictions = std::move(predictions), rows = std::move(rows)] {
        return sentencesAsCsv(*predictions, rows);
    }).then(this, [this, path, count](const QString& problem) {
        m_note->clear();
        if (!problem.isEmpty()) {
            m_exportBanner->showLine(tr("Nothing was exported: %1").arg(problem));
            return;
        }
        m_note->setText(exportedText(count, QFileInfo(path).fileName()));
        m_note->setToolTip(path);
    });
}

}  // namespace saeception
