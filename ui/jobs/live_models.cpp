// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/live_models.h"

#include "base/error.h"
#include "ui/jobs/file_state.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace saeception {
namespace fs = std::filesystem;

struct LiveModels::Slot {
    Slot(fs::path folder, int of) : root(std::move(folder)), cycle(of) {}

    const fs::path root;
    const int cycle;
    std::array<std::atomic<quint64>, 3> latest{};  ///< request of each Kind
    std::stop_source stopValidation;               ///< of the request that is the latest
    std::stop_source gone;  ///< stops what outlives a request: reading the validation split

    std::mutex mutex;
    std::shared_ptr<const LiveModel> model;
    FileState files;

    std::atomic<quint64>& latestOf(Kind kind) { return latest[static_cast<std::size_t>(kind)]; }
    std::shared_ptr<const LiveModel> ready() {
        const std::lock_guard lock(mutex);
        const RunDirectory run = RunDirectory::at(root);
        FileState now({run.model(cycle), run.sae(cycle)});
        if (!model || now != files) {
            model.reset();
            model = LiveModel::load(run, cycle);
            files = std::move(now);
        }
        return model;
    }
};

LiveModels::LiveModels(QObject* parent) : QObject(parent) {
    m_pool.setMaxThreadCount(1);
    m_validation.setMaxThreadCount(1);
}

LiveModels::~LiveModels() {
    for (const auto& [cycle, slot] : m_slots)
        letGo(*slot);
    m_pool.waitForDone();
    m_validation.waitForDone();
}

// Nothing that was asked of it will be answered.
void LiveModels::letGo(Slot& slot) {
    for (std::atomic<quint64>& latest : slot.latest)
        ++latest;
    slot.stopValidation.request_stop();
    slot.gone.request_stop();
}

void LiveModels::setRun(const fs::path& root) {
    if (root == m_root)
        return;
    keepOnly({});
    m_root = root;
}

void LiveModels::keepOnly(const std::vector<int>& cycles) {
    std::erase_if(m_slots, [&cycles](const auto& entry) {
        if (std::find(cycles.begin(), cycles.end(), entry.first) != cycles.end())
            return false;
        letGo(*entry.second);
        return true;
    });
}

std::shared_ptr<LiveModels::Slot> LiveModels::slotOf(int cycle) {
    std::shared_ptr<Slot>& slot = m_slots[cycle];
    if (!slot)
        slot = std::make_shared<Slot>(m_root, cycle);
    return slot;
}

template <typename Work, typename Take, typename Refuse>
void LiveModels::ask(int cycle, Kind kind, Work work, Take take, Refuse refuse) {
    const std::shared_ptr<Slot> slot = slotOf(cycle);
    const quint64 request = ++slot->latestOf(kind);
    const bool quick = kind != Kind::Validation;
    m_sentences += quick ? 1 : 0;
    const auto isLatest = [slot, kind, request] { return slot->latestOf(kind) == request; };
    (quick ? m_pool : m_validation)
        .start([this, slot, quick, isLatest, work = std::move(work), take = std::move(take),
                refuse = std::move(refuse)]() mutable {
            using Answer = decltype(work(*slot->model, isLatest));
            std::optional<Answer> answer;
            QString line;
            if (isLatest()) {
                try {
                    const std::shared_ptr<const LiveModel> model = slot->ready();
                    if (isLatest())
                        answer = work(*model, isLatest);
                } catch (const Cancelled&) {
                    // superseded
                } catch (const std::exception& error) {
                    line = QString::fromStdString(oneLine(error.what()));
                }
            }
            QMetaObject::invokeMethod(
                this,
                [this, quick, isLatest, line, answer = std::move(answer), take = std::move(take),
                 refuse = std::move(refuse)]() mutable {
                    m_sentences -= quick ? 1 : 0;
                    if (!isLatest())
                        return;
                    if (answer)
                        take(std::move(*answer));
                    else
                        refuse(line);
                },
                Qt::QueuedConnection);
        });
}

void LiveModels::inspect(int cycle, SentenceToInspect sentence) {
    forgetEdit(cycle);
    ask(
        cycle, Kind::Sentence,
        [sentence = std::move(sentence)](const LiveModel& model, const auto&) {
            return std::make_shared<const LiveSentence>(sentence.ids.empty() ? model.inspect(sentence.text)
                                                                             : model.inspect(sentence.ids));
        },
        [this, cycle](std::shared_ptr<const LiveSentence> answer) {
            Q_EMIT inspected(cycle, std::move(answer));
        },
        [this, cycle](const QString& line) { Q_EMIT failed(cycle, line); });
}

void LiveModels::edit(int cycle, std::vector<std::int32_t> ids, std::vector<FeatureEdit> edits) {
    ask(
        cycle, Kind::Edit,
        [ids = std::move(ids), edits = std::move(edits)](const LiveModel& model, const auto&) {
            return model.edit(ids, edits);
        },
        [this, cycle](const EditedPrediction& answer) { Q_EMIT edited(cycle, answer); },
        [this, cycle](const QString& line) { Q_EMIT editFailed(cycle, line); });
}

void LiveModels::forgetEdit(int cycle) {
    ++slotOf(cycle)->latestOf(Kind::Edit);
}

void LiveModels::editValidation(int cycle, std::shared_ptr<const FeatureIndex> index,
                                std::vector<FeatureEdit> edits) {
    const std::shared_ptr<Slot> slot = slotOf(cycle);
    slot->stopValidation.request_stop();
    slot->stopValidation = {};
    ask(
        cycle, Kind::Validation,
        [this, cycle, gone = slot->gone.get_token(), stop = slot->stopValidation.get_token(),
         index = std::move(index), edits = std::move(edits)](const LiveModel& model, const auto& isLatest) {
            const auto progress = [this, cycle, &isLatest](std::int64_t done, std::int64_t total) {
                QMetaObject::invokeMethod(
                    this,
                    [this, cycle, isLatest, done, total] {
                        if (isLatest())
                            Q_EMIT validationProgress(cycle, done, total);
                    },
                    Qt::QueuedConnection);
            };
            model.readValidation(*index, StepControl(gone), progress);
            return std::make_shared<const SplitEffect>(
                model.editValidation(edits, StepControl(stop), progress));
        },
        [this, cycle](std::shared_ptr<const SplitEffect> answer) {
            Q_EMIT validated(cycle, std::move(answer));
        },
        [this, cycle](const QString& line) { Q_EMIT validationFailed(cycle, line); });
}

void LiveModels::forgetValidation(int cycle) {
    const std::shared_ptr<Slot> slot = slotOf(cycle);
    ++slot->latestOf(Kind::Validation);
    slot->stopValidation.request_stop();
}

}  // namespace saeception
