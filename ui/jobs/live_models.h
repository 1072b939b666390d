// SPDX-License-Identifier: GPL-3.0-or-later
// The models of a run's cycles at work for the window: sentences inspected, features changed, off its thread.
#pragma once

#include "cycle/live_model.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace saeception {

/// A sentence to inspect: the tokens themselves where they are known, else a text.
struct SentenceToInspect {
    std::string text;
    std::vector<std::int32_t> ids;
};

/// Lives on the GUI thread. A cycle's model is read when it is first asked for something, and again once its
/// files have changed. Of each kind of request only the latest of a cycle counts: one that was superseded is
/// not begun, and what it would have told never arrives.
class LiveModels : public QObject {
    Q_OBJECT

public:
    explicit LiveModels(QObject* parent = nullptr);
    ~LiveModels() override;

    /// Another run, or none for an empty path: its models are let go, and what was asked of them.
    void setRun(const std::filesystem::path& root);
    /// Lets go of the models of all other cycles.
    void keepOnly(const std::vector<int>& cycles);

    /// Answered by inspected() or failed(). Takes back what was asked of the sentence before.
    void inspect(int cycle, SentenceToInspect sentence);
    /// Answered by edited() or editFailed().
    void edit(int cycle, std::vector<std::int32_t> ids, std::vector<FeatureEdit> edits);
    void forgetEdit(int cycle);
    /// Answered by validated() or validationFailed(), after any number of validationProgress(). `index` is of
    /// the cycle.
    void editValidation(int cycle, std::shared_ptr<const FeatureIndex> index, std::vector<FeatureEdit> edits);
    void forgetValidation(int cycle);

    /// A sentence or an edit is still to be answered; the validation split may take longer.
    bool isWorking() const { return m_sentences > 0; }

Q_SIGNALS:
    void inspected(int cycle, std::shared_ptr<const saeception::LiveSentence> sentence);
    void edited(int cycle, const saeception::EditedPrediction& prediction);
    void failed(int cycle, const QString& line);
    void editFailed(int cycle, const QString& line);
    void validationProgress(int cycle, qint64 done, qint64 total);
    void validated(int cycle, std::shared_ptr<const saeception::SplitEffect> effect);
    void validationFailed(int cycle, const QString& line);

private:
    struct Slot;
    enum class Kind { Sentence, Edit, Validation };

    std::shared_ptr<Slot> slotOf(int cycle);
    static void letGo(Slot& slot);
    /// Runs `work(model)` for the cycle and hands its answer to `take`, or what it threw to `refuse`, here;
    /// unless another request of the kind has come by then.
    template <typename Work, typename Take, typename Refuse>
    void ask(int cycle, Kind kind, Work work, Take take, Refuse refuse);

    std::filesystem::path m_root;
    std::map<int, std::shared_ptr<Slot>> m_slots;
    int m_sentences = 0;
    QThreadPool m_pool;        ///< one thread: a model uses all cores by itself
    QThreadPool m_validation;  ///< one more, so that a sentence does not wait for a split
};

}  // namespace saeception
