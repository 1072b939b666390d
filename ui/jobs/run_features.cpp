// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/run_features.h"

#include "base/error.h"
#include "cycle/cycle_features.h"
#include "cycle/cycle_matches.h"
#include "cycle/run_library.h"

#include <QPointer>
#include <QSet>

#include <algorithm>
#include <exception>
#include <utility>

namespace saeception {
namespace fs = std::filesystem;
namespace {

QString textOf(const std::exception& error) {
    return QString::fromStdString(oneLine(error.what()));
}

void put(FeatureLabels& labels, int feature, const FeatureLabel& label) {
    if (label.empty())
        labels.erase(feature);
    else
        labels[feature] = label;
}

}  // namespace

RunFeatures::RunFeatures(QObject* parent) : QObject(parent) {
    m_pool.setMaxThreadCount(2);
    m_saving.setMaxThreadCount(1);
}

RunFeatures::~RunFeatures() {
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
    m_saving.waitForDone();
}

template <typename Work, typename Take>
void RunFeatures::inBackground(Work work, Take take) {
    ++m_working;
    m_pool.start([this, generation = m_generation, work = std::move(work), take = std::move(take)]() mutable {
        auto answer = work();
        QMetaObject::invokeMethod(
            this,
            [this, generation, answer = std::move(answer), take = std::move(take)]() mutable {
                if (generation != m_generation)
                    return;
                --m_working;
                take(std::move(answer));
            },
            Qt::QueuedConnection);
    });
}

void RunFeatures::setRun(const fs::path& root) {
    if (root == m_root && m_run) {
        reload();
        return;
    }
    if (m_run)
        Q_EMIT aboutToForget();
    ++m_generation;
    m_stop.request_stop();
    m_stop = {};
    m_pool.clear();
    m_working = 0;
    m_known.clear();
    m_cycles.clear();
    m_run.reset();
    m_problem.clear();
    m_root = root;
    if (!root.empty()) {
        try {
            // What is left of a damaged run may well have features.
            m_run = isRunFolder(root) ? RunDirectory::at(root) : RunDirectory::open(root);
        } catch (const std::exception& error) {
            m_problem = textOf(error);
        }
    }
    findCycles();
    Q_EMIT cyclesChanged();
}

void RunFeatures::findCycles() {
    std::vector<int> cycles;
    if (m_run) {
        try {
            cycles = m_run->cyclesWithFeatures();
        } catch (const std::exception& error) {
            m_problem = textOf(error);
        }
    }
    m_cycles = std::move(cycles);
    std::erase_if(m_known, [this](const auto& entry) {
        return std::find(m_cycles.begin(), m_cycles.end(), entry.first) == m_cycles.end();
    });
}

void RunFeatures::reload() {
    const std::vector<int> before = m_cycles;
    findCycles();
    if (m_cycles != before)
        Q_EMIT cyclesChanged();
    for (const auto& [cycle, known] : m_known)
        if (known.state != State::Unread && known.state != State::Reading &&
            stateOf(*m_run, cycle) != known.files)
            start(cycle);
}

void RunFeatures::retry(int cycle) {
    if (m_run)
        start(cycle);
}

FileState RunFeatures::stateOf(const RunDirectory& run, int cycle) {
    return FileState({run.features(cycle), run.model(cycle), run.sae(cycle)});
}

RunFeatures::Cycle* RunFeatures::known(int cycle) {
    const auto found = m_known.find(cycle);
    return found == m_known.end() ? nullptr : &found->second;
}
const RunFeatures::Cycle* RunFeatures::known(int cycle) const {
    const auto found = m_known.find(cycle);
    return found == m_known.end() ? nullptr : &found->second;
}

RunFeatures::State RunFeatures::state(int cycle) const {
    const Cycle* found = known(cycle);
    return found == nullptr ? State::Unread : found->state;
}

std::shared_ptr<const FeatureIndex> RunFeatures::index(int cycle) const {
    const Cycle* found = known(cycle);
    return found == nullptr ? nullptr : found->read.index;
}

std::shared_ptr<const SentenceSearch> RunFeatures::search(int cycle) const {
    const Cycle* found = known(cycle);
    return found == nullptr ? nullptr : found->read.search;
}

QString RunFeatures::reason(int cycle) const {
    const Cycle* found = known(cycle);
    return found == nullptr ? QString() : found->read.reason;
}

void RunFeatures::want(int cycle) {
    if (m_run && state(cycle) == State::Unread)
        start(cycle);
}

RunFeatures::Read RunFeatures::readCycle(const RunDirectory& run, int cycle) {
    Read read;
    try {
        read.index = std::make_shared<const FeatureIndex>(openCycleFeatures(run, cycle));
        read.search = std::make_shared<const SentenceSearch>(*read.index);
    } catch (const std::exception& error) {
        read.index.reset();
        read.reason = textOf(error);
        return read;
    }
    try {
        const std::string& sae = read.index->origin().sae;
        read.labels = loadFeatureLabels(run.root(), sae);
        read.labelsOfOthers = saeception::labelsOfOthers(run.root(), sae, cycle);
    } catch (const std::exception& error) {
        read.labelsReason = textOf(error);
    }
    return read;
}

void RunFeatures::start(int cycle) {
    Cycle& of = m_known[cycle];
    of.state = State::Reading;
    of.files = stateOf(*m_run, cycle);
    of.request = ++m_requests;
    inBackground([run = *m_run, cycle] { return std::make_shared<Read>(readCycle(run, cycle)); },
                 [this, cycle, request = of.request](const std::shared_ptr<Read>& read) {
                     if (const Cycle* asked = known(cycle); asked != nullptr && asked->request == request)
                         accept(cycle, std::move(*read));
                 });
}

void RunFeatures::accept(int cycle, Read read) {
    Cycle& of = m_known[cycle];
    if (of.read.index && (!read.index || read.index->origin().sae != of.read.index->origin().sae))
        Q_EMIT aboutToForget();
    of.state = read.index ? State::Ready : State::Unusable;
    const QString labelsReason = read.labelsReason;
    of.read = std::move(read);
    if (of.read.index && of.read.index->origin().sae == of.editedOf)
        for (const auto& [feature, edit] : of.edited)
            put(of.read.labels, feature, edit.label);
    std::erase_if(of.edited, [](const auto& entry) { return entry.second.isSaved; });
    // Matches with either neighbour were of the index before.
    for (const int later : {cycle, cycle + 1})
        if (Cycle* matched = known(later)) {
            matched->matches.reset();
            matched->matchesReason.clear();
            matched->matching = false;
        }
    Q_EMIT indexChanged(cycle);
    if (!labelsReason.isEmpty())
        Q_EMIT labelsFailed(tr("Labels cannot be read: %1").arg(labelsReason));
    for (const int later : {cycle, cycle + 1})
        if (const Cycle* matched = known(later); matched != nullptr && matched->matchesWanted)
            startMatches(later);
    // What came while it was read.
    if (stateOf(*m_run, cycle) != known(cycle)->files)
        start(cycle);
}

// On disk: whoever reads it from now on finds it there.
void RunFeatures::saved(int cycle, int feature, const FeatureLabel& label) {
    Cycle* of = known(cycle);
    if (of == nullptr)
        return;
    const auto found = of->edited.find(feature);
    if (found == of->edited.end() || !(found->second.label == label))
        return;
    if (of->state == State::Reading)
        found->second.isSaved = true;  // what is being read may be older
    else
        of->edited.erase(found);
}

const FeatureLabels& RunFeatures::labels(int cycle) const {
    static const FeatureLabels none;
    const Cycle* found = known(cycle);
    return found == nullptr ? none : found->read.labels;
}

FeatureLabel RunFeatures::label(int cycle, int feature) const {
    const FeatureLabels& all = labels(cycle);
    const auto found = all.find(feature);
    return found == all.end() ? FeatureLabel{} : found->second;
}

void RunFeatures::setLabel(int cycle, int feature, const FeatureLabel& label) {
    Cycle* of = known(cycle);
    if (of == nullptr || !of->read.index || this->label(cycle, feature) == label)
        return;
    const FeatureLabel before = this->label(cycle, feature);
    const auto show = [this, cycle, feature](const FeatureLabel& value) {
        Cycle& shown = *known(cycle);
        put(shown.read.labels, feature, value);
        if (const std::string& sae = shown.read.index->origin().sae; shown.editedOf != sae) {
            shown.editedOf = sae;
            shown.edited.clear();
        }
        shown.edited[feature] = {value, false};
        Q_EMIT labelsChanged(cycle, feature);
    };
    show(label);
    ++m_unsaved;
    m_saving.start([this, show, before, label, cycle, feature, root = m_run->root(),
                    sae = of->read.index->origin().sae, generation = m_generation] {
        QString reason;
        try {
            saveFeatureLabel(root, sae, cycle, feature, label);
        } catch (const std::exception& error) {
            reason = textOf(error);
        }
        QMetaObject::invokeMethod(
            this,
            [this, show, before, label, cycle, feature, reason, generation] {
                --m_unsaved;
                if (reason.isEmpty()) {
                    if (generation == m_generation)
                        saved(cycle, feature, label);
                    return;
                }
                // What has been written since then stands.
                if (generation == m_generation && index(cycle) && this->label(cycle, feature) == label)
                    show(before);
                Q_EMIT labelsFailed(tr("Not saved: %1").arg(reason));
            },
            Qt::QueuedConnection);
    });
}

QStringList RunFeatures::lists() const {
    QSet<QString> names;
    for (const auto& [cycle, of] : m_known)
        for (const auto& [feature, label] : of.read.labels)
            for (const std::string& list : label.lists)
                names.insert(QString::fromStdString(list));
    QStringList sorted(names.begin(), names.end());
    sorted.sort(Qt::CaseInsensitive);
    return sorted;
}

int RunFeatures::labelsOfOthers(int cycle) const {
    const Cycle* found = known(cycle);
    return found == nullptr ? 0 : found->read.labelsOfOthers;
}

std::shared_ptr<const FeatureMatches> RunFeatures::matches(int cycle) const {
    const Cycle* found = known(cycle);
    return found == nullptr ? nullptr : found->matches;
}

QString RunFeatures::matchesReason(int cycle) const {
    const Cycle* found = known(cycle);
    return found == nullptr ? QString() : found->matchesReason;
}

bool RunFeatures::hasCycle(int cycle) const {
    return std::find(m_cycles.begin(), m_cycles.end(), cycle) != m_cycles.end();
}

void RunFeatures::wantMatches(int cycle) {
    if (!m_run || !hasCycle(cycle) || !hasCycle(cycle - 1))
        return;
    Cycle& of = m_known[cycle];
    of.matchesWanted = true;
    want(cycle - 1);
    want(cycle);
    startMatches(cycle);
}

void RunFeatures::startMatches(int cycle) {
    Cycle& of = m_known[cycle];
    if (of.matches || of.matching || !of.matchesReason.isEmpty())
        return;
    for (const int side : {cycle - 1, cycle}) {
        if (state(side) == State::Ready)
            continue;
        if (state(side) == State::Unusable) {
            of.matchesReason = reason(side);
            Q_EMIT matchesChanged(cycle);
        }
        return;  // until it has come
    }
    struct Answer {
        std::shared_ptr<const FeatureMatches> matches;
        QString reason;
        bool stopped = false;
    };
    of.matching = true;
    inBackground(
        [run = *m_run, before = index(cycle - 1), after = index(cycle), stop = m_stop.get_token()] {
            Answer answer;
            try {
                std::optional<FeatureMatches> kept = keptMatches(run, *before, *after);
                answer.matches = std::make_shared<const FeatureMatches>(
                    kept ? std::move(*kept) : makeMatches(run, *before, *after, StepControl(stop)));
            } catch (const Cancelled&) {
                answer.stopped = true;
            } catch (const std::exception& error) {
                answer.reason = textOf(error);
            }
            return answer;
        },
        [this, cycle, before = index(cycle - 1), after = index(cycle)](const Answer& answer) {
            Cycle* asked = known(cycle);
            // Of indexes that have been read anew since then they say nothing.
            if (asked == nullptr || answer.stopped || index(cycle - 1) != before || index(cycle) != after)
                return;
            asked->matching = false;
            asked->matches = answer.matches;
            asked->matchesReason = answer.reason;
            Q_EMIT matchesChanged(cycle);
        });
}

}  // namespace saeception
