// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/feature_changes.h"

#include "ui/icons.h"
#include "ui/models/live_words.h"
#include "ui/theme.h"
#include "ui/widgets/link_row.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace saeception {
namespace {

constexpr double mostValue = 1000;

}  // namespace

FeatureChanges::FeatureChanges(NameOf name, QWidget* parent)
    : QWidget(parent), m_name(std::move(name)), m_column(new QVBoxLayout(this)) {
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(gridUnit);
}

void FeatureChanges::add(const FeatureEdit& edit) {
    const auto same = std::find_if(m_edits.begin(), m_edits.end(),
                                   [&edit](const FeatureEdit& e) { return e.feature == edit.feature; });
    if (same == m_edits.end())
        m_edits.push_back(edit);
    else
        *same = edit;
    rebuild();
    Q_EMIT changed();
}

void FeatureChanges::clear() {
    if (m_edits.empty())
        return;
    m_edits.clear();
    rebuild();
    Q_EMIT changed();
}

void FeatureChanges::setTokens(std::vector<std::string> tokens) {
    if (tokens == m_tokens)
        return;
    m_tokens = std::move(tokens);
    const bool any = std::erase_if(m_edits, [](const FeatureEdit& edit) { return edit.token >= 0; }) > 0;
    rebuild();
    if (any)
        Q_EMIT changed();
}

void FeatureChanges::set(std::size_t at, const FeatureEdit& edit) {
    if (m_edits[at] == edit)
        return;
    m_edits[at] = edit;
    Q_EMIT changed();
}

void FeatureChanges::rebuild() {
    for (QWidget* row : m_rows) {
        row->hide();
        m_column->removeWidget(row);
        row->deleteLater();  // one of its own buttons may have asked for this
    }
    m_rows.clear();
    for (std::size_t at = 0; at < m_edits.size(); ++at) {
        m_rows.push_back(makeRow(at));
        m_column->addWidget(m_rows.back());
        m_rows.back()->show();
    }
}

QWidget* FeatureChanges::makeRow(std::size_t at) {
    const FeatureEdit edit = m_edits[at];
    auto* row = new QWidget(this);
    auto* title = new LinkRow(QString(), row);
    title->setTitleWidth(0);
    title->setObjectName(QStringLiteral("changedFeature"));
    title->setItems({{QString::number(edit.feature), m_name(edit.feature), QString::number(edit.feature),
                      m_name(edit.feature)}},
                    {});
    connect(title, &LinkRow::linkActivated, this,
            [this](const QString& feature) { Q_EMIT featureRequested(feature.toInt()); });
    auto* remove = new QToolButton(row);
    remove->setObjectName(QStringLiteral("removeChange"));
    remove->setIcon(themedIcon(QStringLiteral("close")));
    remove->setAutoRaise(true);
    remove->setToolTip(tr("Leave this feature as it is"));
    remove->setAccessibleName(remove->toolTip());
    connect(remove, &QToolButton::clicked, this, [this, at] {
        m_edits.erase(m_edits.begin() + static_cast<std::ptrdiff_t>(at));
        rebuild();
        Q_EMIT changed();
    });

    auto* kind = new QComboBox(row);
    kind->setObjectName(QStringLiteral("changeKind"));
    kind->setAccessibleName(tr("What is done to feature %1").arg(edit.feature));
    kind->addItem(tr("Ablate"), int(EditKind::Ablate));
    kind->addItem(tr("Scale by"), int(EditKind::Scale));
    kind->addItem(tr("Fix at"), int(EditKind::Fix));
    kind->setItemData(0, tr("Its activation becomes 0"), Qt::ToolTipRole);
    kind->setItemData(1, tr("Its activation is multiplied"), Qt::ToolTipRole);
    kind->setItemData(2, tr("Its activation becomes this, also where it is silent"), Qt::ToolTipRole);
    kind->setCurrentIndex(kind->findData(int(edit.kind)));
    auto* value = new QDoubleSpinBox(row);
    value->setObjectName(QStringLiteral("changeValue"));
    value->setAccessibleName(tr("By how much"));
    value->setRange(-mostValue, mostValue);
    value->setDecimals(2);
    value->setSingleStep(0.5);
    value->setValue(edit.value);
    value->setVisible(edit.kind != EditKind::Ablate);
    auto* where = new QComboBox(row);
    where->setObjectName(QStringLiteral("changeWhere"));
    where->setAccessibleName(tr("On which token"));
    where->setToolTip(tr("Everywhere, or on one token of this sentence alone"));
    where->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    where->setMinimumContentsLength(8);
    where->addItem(tr("everywhere"), -1);
    for (std::size_t t = 0; t < m_tokens.size(); ++t)
        where->addItem(quotedToken(m_tokens[t]), static_cast<int>(t));
    where->setCurrentIndex(where->findData(edit.token));

    connect(kind, &QComboBox::currentIndexChanged, this, [this, at, kind, value] {
        FeatureEdit edited = m_edits[at];
        edited.kind = static_cast<EditKind>(kind->currentData().toInt());
        value->setVisible(edited.kind != EditKind::Ablate);
        set(at, edited);
    });
    connect(value, &QDoubleSpinBox::valueChanged, this, [this, at](double typed) {
        FeatureEdit edited = m_edits[at];
        edited.value = typed;
        set(at, edited);
    });
    connect(where, &QComboBox::currentIndexChanged, this, [this, at, where] {
        FeatureEdit edited = m_edits[at];
        edited.token = where->currentData().toInt();
        set(at, edited);
    });

    auto* top = new QHBoxLayout;
    top->setSpacing(0);
    top->addWidget(title, 1);
    top->addWidget(remove);
    auto* bottom = new QHBoxLayout;
    bottom->setSpacing(gridUnit);
    bottom->addWidget(kind);
    bottom->addWidget(value);
    bottom->addWidget(where, 1);
    auto* column = new QVBoxLayout(row);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gridUnit / 2);
    column->addLayout(top);
    column->addLayout(bottom);
    return row;
}

}  // namespace saeception
