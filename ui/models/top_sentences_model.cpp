// SPDX-License-Identifier: GPL-3.0-or-later
// The list of a feature's top sentences.
#include "ui/models/top_sentences_model.h"

#include <utility>

namespace saeception {
namespace {

QString plainText(const ShadedSentence& sentence) {
    std::string bytes;
    for (const std::string& token : sentence.tokens)
        bytes += token;
    return QString::fromStdString(bytes).trimmed();
}

}  // namespace

QString visibleToken(const std::string& token) {
    QString text = QString::fromStdString(token);
    for (QChar& character : text) {
        const char16_t code = character.unicode();
        if (code == u'\n')
            character = QChar(0x23CE);
        else if (code == u'\t')
            character = QChar(0x21E5);
        else if (code < 0x20)
            character = QChar(0x2400 + code);
        else if (code == 0x7F)
            character = QChar(0x2421);
        else if (code == 0x2028 || code == 0x2029 || code == 0x85)
            character = QChar(0x23CE);
    }
    return text;
}

void TopSentencesModel::setSentences(std::vector<ShadedSentence> sentences,
                                     std::vector<std::string> classNames, float scale) {
    static quint64 generations = 0;
    beginResetModel();
    m_sentences = std::move(sentences);
    m_classNames = std::move(classNames);
    m_scale = scale;
    m_generation = ++generations;
    endResetModel();
}

int TopSentencesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_sentences.size());
}

QString TopSentencesModel::className(int label) const {
    if (label >= 0 && label < static_cast<int>(m_classNames.size()))
        return QString::fromStdString(m_classNames[static_cast<std::size_t>(label)]);
    return QString::number(label);
}

QString TopSentencesModel::description(const ShadedSentence& sentence) const {
    const QString verdict = sentence.label == sentence.prediction
                                ? tr("labelled and predicted %1").arg(className(sentence.label))
                                : tr("labelled %1, wrongly predicted %2")
                                      .arg(className(sentence.label), className(sentence.prediction));
    const QString peak = QString::number(static_cast<double>(sentence.peak), 'g', 3);
    return sentence.nearMiss ? tr("%1; lacked %2 to fire; %3").arg(plainText(sentence), peak, verdict)
                             : tr("%1; peak activation %2; %3").arg(plainText(sentence), peak, verdict);
}

QVariant TopSentencesModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ShadedSentence& sentence = m_sentences[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
        case CopyRole:
            return plainText(sentence);
        case Qt::AccessibleTextRole:
            return description(sentence);
        case SentenceRole:
            return QVariant::fromValue(&sentence);
        case LabelRole:
            return className(sentence.label);
        case PredictionRole:
            return className(sentence.prediction);
        case WrongRole:
            return sentence.label != sentence.prediction;
        case ScaleRole:
            return m_scale;
        case GenerationRole:
            return QVariant::fromValue(m_generation);
        default:
            return {};
    }
}

}  // namespace saeception
