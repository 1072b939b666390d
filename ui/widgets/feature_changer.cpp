// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/feature_changer.h"

#include "ui/theme.h"

#include <QHBoxLayout>
#include <QIntValidator>
#include <QLineEdit>
#include <QToolButton>

namespace saeception {

FeatureChanger::FeatureChanger(int cycle, QWidget* parent) : QWidget(parent), m_number(new QLineEdit(this)) {
    m_number->setObjectName(QStringLiteral("featureNumber"));
    m_number->setPlaceholderText(tr("Feature"));
    m_number->setAccessibleName(tr("Number of the feature of cycle %1 to change").arg(cycle));
    m_number->setFixedWidth(m_number->fontMetrics().horizontalAdvance(QStringLiteral("Feature00")) +
                            gridUnit);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gridUnit / 2);
    row->addWidget(m_number);
    const struct {
        const char* name;
        QString text;
        QString tip;
        EditKind kind;
    } kinds[] = {{"ablateFeature", tr("Ablate"), tr("Set its activation to 0 and see what that does (Del)"),
                  EditKind::Ablate},
                 {"scaleFeature", tr("Scale"), tr("Multiply its activation"), EditKind::Scale},
                 {"fixFeature", tr("Fix"), tr("Set its activation to a value, also where it is silent"),
                  EditKind::Fix}};
    for (const auto& kind : kinds) {
        auto* button = new QToolButton(this);
        button->setObjectName(QString::fromLatin1(kind.name));
        button->setText(kind.text);
        button->setToolTip(kind.tip);
        button->setEnabled(false);  // until a feature is chosen
        connect(button, &QToolButton::clicked, this, [this, which = kind.kind] { request(which); });
        row->addWidget(button);
        m_buttons << button;
    }
    row->addStretch(1);
    connect(m_number, &QLineEdit::textChanged, this, [this](const QString& text) {
        const bool isNumber = !text.isEmpty() && m_number->hasAcceptableInput();
        for (QToolButton* button : m_buttons)
            button->setEnabled(isNumber);
        Q_EMIT problemChanged(isNumber || text.isEmpty() || m_features == 0
                                  ? QString()
                                  : tr("There is no feature %1: 0 to %2").arg(text).arg(m_features - 1));
    });
    connect(m_number, &QLineEdit::returnPressed, this, [this] { request(EditKind::Ablate); });
}

void FeatureChanger::setFeatureCount(int features) {
    m_features = features;
    delete m_number->validator();
    m_number->setValidator(new QIntValidator(0, features - 1, m_number));
    m_number->setToolTip(
        tr("The feature to change: the chosen one, or any other from 0 to %1").arg(features - 1));
}

void FeatureChanger::setFeature(int feature) {
    m_number->setText(feature < 0 ? QString() : QString::number(feature));
}

void FeatureChanger::request(EditKind kind) {
    if (m_number->hasAcceptableInput() && !m_number->text().isEmpty())
        Q_EMIT changeRequested(m_number->text().toInt(), kind);
}

}  // namespace saeception
