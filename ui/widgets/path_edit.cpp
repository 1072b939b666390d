// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/path_edit.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

namespace saeception {

PathEdit::PathEdit(Target target, QWidget* parent)
    : QWidget(parent), m_line(new QLineEdit(this)), m_button(new QToolButton(this)) {
    m_line->setClearButtonEnabled(true);
    m_button->setIcon(themedIcon(QStringLiteral("folder")));
    m_button->setToolTip(tr("Browse…"));
    m_button->setAccessibleName(tr("Browse"));
    m_button->setAutoRaise(true);
    m_button->setFixedWidth(4 * gridUnit);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit / 2);
    row->addWidget(m_line, 1);
    row->addWidget(m_button);
    setFocusProxy(m_line);
    connect(m_line, &QLineEdit::textChanged, this, &PathEdit::changed);
    if (target == Target::Folder) {
        connect(m_button, &QToolButton::clicked, this, [this] { chooseWith(false); });
        return;
    }
    auto* menu = new QMenu(m_button);
    menu->addAction(tr("Choose a folder…"), this, [this] { chooseWith(false); });
    menu->addAction(tr("Choose a file…"), this, [this] { chooseWith(true); });
    m_button->setMenu(menu);
    m_button->setPopupMode(QToolButton::InstantPopup);
}

QString PathEdit::path() const {
    return m_line->text().trimmed();
}

void PathEdit::setPath(const QString& path) {
    m_line->setText(path);
}

void PathEdit::setPlaceholder(const QString& text) {
    m_line->setPlaceholderText(text);
}

void PathEdit::chooseWith(bool files) {
    auto* dialog = new QFileDialog(this, files ? tr("Choose a file") : tr("Choose a folder"), path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(files ? QFileDialog::ExistingFile : QFileDialog::Directory);
    if (!files)
        dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &PathEdit::setPath);
    dialog->open();
}

}  // namespace saeception
