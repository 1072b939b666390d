// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/demo_corpus.h"

#include "base/error.h"
#include "base/install_paths.h"
#include "data/demo_grammar.h"
#include "data/demo_sentence.h"

#include <unordered_set>
#include <utility>

namespace saeception {
namespace {

constexpr int mostAttempts = 1000;

class Generator {
public:
    Generator(const DemoGrammar& grammar, std::uint64_t seed) : m_grammar(grammar), m_rng(seed) {}

    Split split(int size) {
        Split result;
        result.reserve(static_cast<std::size_t>(size));
        bool positive = false;
        for (int i = 0; i < size; ++i) {
            // Pairs of one sentence each way, in random order.
            positive = i % 2 == 0 ? m_rng.below(2) == 1 : !positive;
            result.push_back(example(positive ? Polarity::Positive : Polarity::Negative));
        }
        return result;
    }

private:
    Example example(Polarity polarity) {
        for (int attempt = 0; attempt < mostAttempts; ++attempt) {
            DemoSentence sentence = formSentence(m_grammar, polarity, m_rng);
            if (sentence.words < m_grammar.fewestWords || sentence.words > m_grammar.mostWords)
                continue;
            if (!m_seen.insert(sentence.text).second)
                continue;
            return {std::move(sentence.text), static_cast<std::int32_t>(polarity),
                    std::move(sentence.concepts)};
        }
        fail(
            "grammar.yaml: only {} distinct sentences of {} to {} words were found; widen the grammar or ask "
            "for fewer",
            m_seen.size(), m_grammar.fewestWords, m_grammar.mostWords);
    }

    const DemoGrammar& m_grammar;
    Rng m_rng;
    std::unordered_set<std::string> m_seen;
};

}  // namespace

Dataset makeDemoCorpus(const ExperimentConfig& config) {
    if (config.dataset.numClasses != 2)
        fail("the demo corpus has the classes negative and positive, not {}; set dataset.num_classes=2",
             config.dataset.numClasses);
    const DemoGrammar grammar = loadDemoGrammar(dataDirectory("demo"));
    Generator generator(grammar, deriveSeed(static_cast<std::uint64_t>(config.seed), "demo corpus"));
    Dataset dataset;
    dataset.conceptNames = grammar.lexicon.concepts;
    dataset.train = generator.split(grammar.trainSize);
    dataset.validation = generator.split(grammar.validationSize);
    return dataset;
}

}  // namespace saeception
