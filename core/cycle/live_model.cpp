// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/live_model.h"

#include "base/error.h"
#include "base/files.h"
#include "base/thread_budget.h"
#include "config/override_value.h"
#include "cycle/activation_store.h"
#include "cycle/feature_edits.h"
#include "cycle/job_plan.h"
#include "cycle/validation_edits.h"
#include "data/text.h"
#include "data/tokenizer.h"
#include "features/class_scores.h"
#include "model/checkpoint.h"
#include "model/pretrained.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <mutex>

namespace saeception {
namespace {

std::vector<float> valuesOf(const at::Tensor& row) {
    const at::Tensor whole = row.detach().to(at::kFloat).contiguous();
    return {whole.data_ptr<float>(), whole.data_ptr<float>() + whole.numel()};
}

// The tokens of `text` as a person reads them: bytes of one character that are several tokens show it once.
std::vector<std::string> readableTokens(const std::string& text, const std::vector<TokenSpan>& spans) {
    const auto isContinuation = [&](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    std::vector<std::string> shown;
    for (const TokenSpan& span : spans) {
        std::size_t begin = span.begin;
        std::size_t end = span.end;
        while (begin < end && isContinuation(begin))
            ++begin;  // of a character that an earlier token has shown
        if (begin == end && span.begin < span.end) {
            shown.emplace_back("…");
            continue;
        }
        while (isContinuation(end))
            ++end;
        shown.push_back(text.substr(begin, end - begin));
    }
    return shown;
}

}  // namespace

float LiveToken::contribution() const {
    float sum = 0;
    for (const FeatureActivation& feature : features)
        sum += feature.contribution();
    return sum;
}

std::int64_t SplitEffect::corrected() const {
    return std::count_if(flips.begin(), flips.end(),
                         [](const Flip& flip) { return flip.after == flip.label; });
}
std::int64_t SplitEffect::broken() const {
    return std::count_if(flips.begin(), flips.end(),
                         [](const Flip& flip) { return flip.before == flip.label; });
}

struct LiveModel::Impl {
    ExperimentConfig config;
    int cycle = 0;
    int threads = 0;
    int maxLength = 0;
    Gpt2Classifier model;
    std::unique_ptr<Autoencoder> sae;
    Tokenizer tokenizer;
    std::int64_t block = 0;

    mutable std::mutex validationMutex;
    mutable std::unique_ptr<const ValidationEdits> validation;  // once it has been read

    int firstToken(std::size_t tokens) const {
        return static_cast<int>(firstSaeToken(static_cast<std::int64_t>(tokens), config.sae.tokenLevel,
                                              config.sae.skipFirstToken));
    }
    at::Tensor stream(std::span<const std::int32_t> ids) const;
    SparseCode codeOf(const at::Tensor& stream, int first) const;
    LiveSentence inspect(std::vector<std::int32_t> ids, std::vector<std::string> texts) const;
    void addEffects(LiveSentence& sentence, const at::Tensor& stream, const SparseCode& code,
                    const at::Tensor& error, int first) const;
};

LiveModel::LiveModel(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
LiveModel::~LiveModel() = default;

std::shared_ptr<const LiveModel> LiveModel::load(const RunDirectory& run, int cycle, int threads) {
    const at::NoGradGuard noGrad;
    at::set_num_threads(resolveThreads(threads));
    ComposeRequest request;
    const std::string folder = run.root().string();
    request.overrides = {"hydra.run.dir=" + overrideValueText(folder),
                         "cycle.current=" + std::to_string(cycle)};
    const JobPlan plan = planJob("features", request);
    ExperimentConfig config = plan.composition.config;
    const std::optional<std::filesystem::path> kept = keptTokenizer(plan);
    if (!kept && config.model.tokenizer == "train")
        fail("{}: the tokenizer that the run trained is gone (its folder tokenizer/); train the run again",
             folder);
    Tokenizer tokenizer = Tokenizer::load(kept ? *kept : std::filesystem::path(config.model.tokenizer));
    Gpt2Classifier model = loadClassifier(plan.sources.require({ArtefactKind::Model, cycle}), config);
    if (tokenizer.vocabSize() > model.config().vocabSize)
        fail("{}: the tokenizer has {} tokens and the model only {}; they do not belong together", folder,
             tokenizer.vocabSize(), model.config().vocabSize);
    for (const auto& [name, parameter] : model.parameters())
        parameter.set_requires_grad(false);  // gradients are asked for the stream alone
    const std::filesystem::path saeFile = plan.sources.require({ArtefactKind::Sae, cycle});
    std::unique_ptr<Autoencoder> sae =
        loadAutoencoder(loadCheckpoint(saeFile), config.sae, model.config().hiddenSize, saeFile.string());
    const std::int64_t block = model.resolveLayer(config.model.targetLayer);
    const int maxLength =
        static_cast<int>(std::min<std::int64_t>(config.dataset.maxLength, model.config().maxPositions));
    return std::shared_ptr<const LiveModel>(new LiveModel(std::unique_ptr<Impl>(new Impl{std::move(config),
                                                                                         cycle,
                                                                                         threads,
                                                                                         maxLength,
                                                                                         std::move(model),
                                                                                         std::move(sae),
                                                                                         std::move(tokenizer),
                                                                                         block,
                                                                                         {},
                                                                                         nullptr})));
}

int LiveModel::cycle() const {
    return m_impl->cycle;
}
int LiveModel::features() const {
    return static_cast<int>(m_impl->sae->features());
}
const std::vector<std::string>& LiveModel::classNames() const {
    return m_impl->config.dataset.classNames;
}
bool LiveModel::readsLastBlock() const {
    return m_impl->block + 1 == m_impl->model.config().numLayers;
}

// The stream that the autoencoder reads, [tokens, d].
at::Tensor LiveModel::Impl::stream(std::span<const std::int32_t> ids) const {
    const std::vector<std::int64_t> wide(ids.begin(), ids.end());
    const at::Tensor batch = at::tensor(wide, at::kLong).view({1, static_cast<std::int64_t>(wide.size())});
    return model.runBlocks(model.embed(batch), 0, block + 1)[0].contiguous();
}

SparseCode LiveModel::Impl::codeOf(const at::Tensor& rows, int first) const {
    return sae->encode(rows.narrow(0, first, rows.size(0) - first).contiguous());
}

LiveSentence LiveModel::Impl::inspect(std::vector<std::int32_t> ids, std::vector<std::string> texts) const {
    at::set_num_threads(resolveThreads(threads));
    LiveSentence sentence;
    sentence.cycle = cycle;
    sentence.classNames = config.dataset.classNames;
    sentence.leftOut = ids.size() > static_cast<std::size_t>(maxLength)
                           ? ids.size() - static_cast<std::size_t>(maxLength)
                           : 0;
    ids.resize(ids.size() - sentence.leftOut);
    sentence.ids = std::move(ids);
    const int first = firstToken(sentence.ids.size());
    const at::NoGradGuard noGrad;
    const at::Tensor rows = stream(sentence.ids);
    const SparseCode code = codeOf(rows, first);
    const at::Tensor read = rows.narrow(0, first, rows.size(0) - first);
    const at::Tensor error = read - sae->decode(code);
    const at::Tensor spread = read - read.mean(at::IntArrayRef{0}, true);
    const double variance = spread.square().sum().item<double>();
    sentence.fvu = variance > 0 ? error.square().sum().item<double>() / variance
                                : std::numeric_limits<double>::quiet_NaN();
    sentence.featureCount = static_cast<int>(sae->features());

    const at::Tensor last = model.runBlocks(rows.unsqueeze(0), block + 1, model.config().numLayers)[0];
    const at::Tensor readings = model.classify(last);
    for (std::size_t t = 0; t < sentence.ids.size(); ++t) {
        LiveToken token;
        token.text = std::move(texts[t]);
        token.inSaeData = static_cast<int>(t) >= first;
        token.logits = valuesOf(readings[static_cast<std::int64_t>(t)]);
        sentence.tokens.push_back(std::move(token));
    }
    sentence.logits = sentence.tokens.back().logits;
    sentence.prediction = likeliestClass(sentence.logits);
    sentence.probabilities = classProbabilities(sentence.logits);
    addEffects(sentence, rows, code, error, first);
    return sentence;
}

void LiveModel::Impl::addEffects(LiveSentence& sentence, const at::Tensor& rows, const SparseCode& code,
                                 const at::Tensor& error, int first) const {
    at::Tensor gradient;
    {
        const at::AutoGradMode withGradients(true);
        const FrozenNorms frozen;
        const at::Tensor leaf = rows.detach().clone().set_requires_grad(true);
        const at::Tensor lengths = at::tensor(std::vector<std::int64_t>{rows.size(0)}, at::kLong);
        const at::Tensor logits = model.logitsFrom(leaf.unsqueeze(0), block + 1, lengths)[0];
        const at::Tensor own = logits[sentence.prediction];
        const double others = static_cast<double>(std::max<std::int64_t>(1, logits.size(0) - 1));
        const at::Tensor margin = logits.size(0) > 1 ? own - (logits.sum() - own) / others : own;
        sentence.margin = margin.item<double>();
        margin.backward();
        gradient = leaf.grad().contiguous();
    }
    sentence.fromError = (gradient.narrow(0, first, error.size(0)) * error).sum().item<double>();
    const at::Tensor& decoder = sae->parameter("decoder.weight").value;
    const auto d = static_cast<std::size_t>(decoder.size(1));
    for (std::int64_t r = 0; r < code.rows(); ++r) {
        const SparseCode::Row row = code.row(r);
        const float* const along = gradient.data_ptr<float>() + static_cast<std::size_t>(first + r) * d;
        std::vector<FeatureActivation>& features =
            sentence.tokens[static_cast<std::size_t>(first + r)].features;
        for (std::size_t e = 0; e < row.size(); ++e) {
            const float* const direction =
                decoder.data_ptr<float>() + static_cast<std::size_t>(row.columns[e]) * d;
            double effect = 0;
            for (std::size_t i = 0; i < d; ++i)
                effect += static_cast<double>(along[i]) * static_cast<double>(direction[i]);
            features.push_back({row.columns[e], row.values[e], static_cast<float>(effect)});
            sentence.fromFeatures += static_cast<double>(row.values[e]) * effect;
        }
        std::sort(
            features.begin(), features.end(), [](const FeatureActivation& a, const FeatureActivation& b) {
                return a.activation != b.activation ? a.activation > b.activation : a.feature < b.feature;
            });
    }
}

LiveSentence LiveModel::inspect(std::string_view text) const {
    const std::string valid = validUtf8(text);
    const std::string read(m_impl->config.dataset.strip ? stripWhiteSpace(valid) : std::string_view(valid));
    Encoding encoding = m_impl->tokenizer.encodeWithSpans(read);
    std::vector<std::string> texts = readableTokens(read, encoding.spans);
    if (encoding.ids.empty()) {
        encoding.ids.push_back(m_impl->tokenizer.endOfText());
        texts.push_back(m_impl->tokenizer.tokenBytes(encoding.ids.front()));
    }
    return m_impl->inspect(std::move(encoding.ids), std::move(texts));
}

LiveSentence LiveModel::inspect(std::span<const std::int32_t> ids) const {
    if (ids.empty())
        fail("a sentence needs at least one token");
    std::string text;
    std::vector<TokenSpan> spans;
    for (const std::int32_t id : ids) {
        if (id < 0 || id >= m_impl->tokenizer.vocabSize())
            fail("token {} is not in the vocabulary of cycle {}; the sentence belongs to another run", id,
                 m_impl->cycle);
        const auto begin = static_cast<std::uint32_t>(text.size());
        text += m_impl->tokenizer.tokenBytes(id);
        spans.push_back({begin, static_cast<std::uint32_t>(text.size())});
    }
    std::vector<std::string> texts = readableTokens(text, spans);
    for (std::string& shown : texts)
        shown = validUtf8(shown);
    return m_impl->inspect({ids.begin(), ids.end()}, std::move(texts));
}

EditedPrediction LiveModel::edit(std::span<const std::int32_t> ids,
                                 std::span<const FeatureEdit> edits) const {
    const at::NoGradGuard noGrad;
    at::set_num_threads(resolveThreads(m_impl->threads));
    checkEdits(edits, m_impl->sae->features(), static_cast<std::int64_t>(ids.size()));
    at::Tensor rows = m_impl->stream(ids);
    const int first = m_impl->firstToken(ids.size());
    rows.narrow(0, first, rows.size(0) - first)
        .add_(streamChange(*m_impl->sae, codeChange(m_impl->codeOf(rows, first), edits, first)));
    const at::Tensor lengths = at::tensor(std::vector<std::int64_t>{rows.size(0)}, at::kLong);
    EditedPrediction edited;
    edited.logits = valuesOf(m_impl->model.logitsFrom(rows.unsqueeze(0), m_impl->block + 1, lengths)[0]);
    edited.prediction = likeliestClass(edited.logits);
    edited.probabilities = classProbabilities(edited.logits);
    return edited;
}

void LiveModel::readValidation(const FeatureIndex& index, const StepControl& steps,
                               const Progress& progress) const {
    at::set_num_threads(resolveThreads(m_impl->threads));
    const std::lock_guard lock(m_impl->validationMutex);
    if (!m_impl->validation)
        m_impl->validation = std::make_unique<const ValidationEdits>(
            m_impl->model, *m_impl->sae, m_impl->block, m_impl->config.sae, index, steps, progress);
}

SplitEffect LiveModel::editValidation(std::span<const FeatureEdit> asked, const StepControl& steps,
                                      const Progress& progress) const {
    at::set_num_threads(resolveThreads(m_impl->threads));
    std::vector<FeatureEdit> edits;
    std::copy_if(asked.begin(), asked.end(), std::back_inserter(edits),
                 [](const FeatureEdit& edit) { return edit.token < 0; });
    checkEdits(edits, m_impl->sae->features(), -1);
    const ValidationEdits* validation = nullptr;
    {
        const std::lock_guard lock(m_impl->validationMutex);
        validation = m_impl->validation.get();
    }
    if (validation == nullptr)
        fail("the validation sentences of cycle {} have not been read yet", m_impl->cycle);
    return validation->effect(edits, steps, progress);
}

}  // namespace saeception
