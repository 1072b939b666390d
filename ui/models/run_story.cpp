// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_story.h"

#include "ui/models/metric_table_model.h"
#include "ui/models/stage_list_model.h"

#include <utility>

namespace saeception {
namespace {

constexpr int maximumWarnings = 100;
constexpr std::size_t maximumMilestones = 4096;

}  // namespace

RunStory::RunStory(QString id, QString title, bool live, QObject* parent)
    : QObject(parent),
      m_id(std::move(id)),
      m_title(std::move(title)),
      m_live(live),
      m_stages(new StageListModel(this)),
      m_metrics(new MetricTableModel(this)) {}

void RunStory::setTitle(const QString& title) {
    if (title == m_title)
        return;
    m_title = title;
    Q_EMIT changed();
}

void RunStory::setState(RunState state) {
    if (state == m_state)
        return;
    m_state = state;
    Q_EMIT changed();
}

void RunStory::consume(const EventBatch& batch) {
    bool told = false;
    for (const Event& event : batch) {
        m_stages->apply(event);
        remember(event);
        if (const auto* run = std::get_if<RunStarted>(&event.body)) {
            m_folder = QString::fromStdString(run->directory);
            told = true;
        } else if (const auto* evaluated = std::get_if<CycleEvaluated>(&event.body)) {
            m_metrics->setCycle(evaluated->cycle, evaluated->metrics);
            told = true;
        } else if (const auto* warning = std::get_if<Warning>(&event.body)) {
            warn(QString::fromStdString(warning->text));
        } else if (const auto* failure = std::get_if<RunFailed>(&event.body)) {
            warn(QString::fromStdString(failure->message));
        }
        if (isTerminal(event)) {
            m_ended = true;
            told = true;
        }
    }
    if (told)
        Q_EMIT changed();
}

void RunStory::remember(const Event& event) {
    if (std::holds_alternative<Scalar>(event.body))
        return;
    const bool isProgress = std::holds_alternative<Progress>(event.body);
    if (isProgress && !m_milestones.empty() && std::holds_alternative<Progress>(m_milestones.back().body)) {
        m_milestones.back() = event;
        return;
    }
    // The first tells the run's folder and cycles.
    if (m_milestones.size() >= maximumMilestones)
        m_milestones.erase(m_milestones.begin() + 1, m_milestones.begin() + 1 + maximumMilestones / 4);
    m_milestones.push_back(event);
}

void RunStory::warn(const QString& text) {
    m_warnings.append(text);
    if (m_warnings.size() > maximumWarnings)
        m_warnings.removeFirst();
    Q_EMIT changed();
}

void RunStory::tick(double wallTime) {
    if (m_live && !m_ended && m_state != RunState::Paused)
        m_stages->tick(wallTime);
}

}  // namespace saeception
