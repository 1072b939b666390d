// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences that drive one feature, strongest first, with every token's activation.
#pragma once

#include "features/feature_index.h"

#include <QAbstractListModel>
#include <QMetaType>
#include <QString>

#include <vector>

namespace saeception {

/// Token bytes as people read them: line breaks as ⏎, tabs as ⇥, other control characters as their Unicode
/// pictures.
QString visibleToken(const std::string& token);

class TopSentencesModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        SentenceRole = Qt::UserRole,  ///< const ShadedSentence*, valid until the next reset
        LabelRole,                    ///< the gold class's name
        PredictionRole,               ///< the predicted class's name
        WrongRole,                    ///< whether they differ
        ScaleRole,                    ///< float: the activation that is shaded fully, the same for all rows
        GenerationRole,               ///< quint64: unique to these contents in this process; a key for caches
        CopyRole                      ///< the sentence as plain text
    };

    using QAbstractListModel::QAbstractListModel;

    /// Shows other sentences. `scale` is the feature's largest activation; `classNames[c]` names label c.
    void setSentences(std::vector<ShadedSentence> sentences, std::vector<std::string> classNames,
                      float scale);
    void clear() { setSentences({}, {}, 0); }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    QString className(int label) const;
    QString description(const ShadedSentence& sentence) const;

    std::vector<ShadedSentence> m_sentences;
    std::vector<std::string> m_classNames;
    float m_scale = 0;
    quint64 m_generation = 0;
};

}  // namespace saeception

Q_DECLARE_METATYPE(const saeception::ShadedSentence*)
