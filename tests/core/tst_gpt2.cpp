// SPDX-License-Identifier: GPL-3.0-or-later
// The GPT-2 classifier against reference numbers, its shortcuts against the plain way, and its dropout.
#include "base/error.h"
#include "model/attention.h"
#include "model/gpt2.h"
#include "support/golden.h"

#include <QTest>

#include <set>

using namespace saeception;
using namespace saeception::test;

namespace {

Gpt2Config goldenConfig() {
    Gpt2Config config;
    config.vocabSize = 613;
    config.maxPositions = 48;
    config.hiddenSize = 48;
    config.numLayers = 3;
    config.numHeads = 4;
    config.numLabels = 2;
    config.dropout = 0.1;
    return config;
}

Gpt2Classifier goldenModel() {
    Gpt2Classifier model(goldenConfig(), 1);
    model.loadStateDict(loadTensors(golden("gpt2_tiny.safetensors")), "gpt2_tiny.safetensors");
    return model;
}

struct GoldenBatch {
    SafetensorsFile file = golden("gpt2_tiny_expected.safetensors");
    at::Tensor ids = loadTensor(file, "input_ids");
    at::Tensor mask = loadTensor(file, "attention_mask");
    at::Tensor labels = loadTensor(file, "labels");
    at::Tensor lengths = mask.sum(1);
    at::Tensor expected(const std::string& name) const { return loadTensor(file, name); }
};

NamedTensors gradients(const Gpt2Classifier& model, const at::Tensor& loss) {
    for (const auto& [name, tensor] : model.parameters())
        tensor.mutable_grad() = at::Tensor();
    loss.backward();
    NamedTensors result;
    for (const auto& [name, tensor] : model.parameters())
        if (tensor.grad().defined())
            result.emplace_back(name, tensor.grad().is_sparse() ? tensor.grad().to_dense() : tensor.grad());
    return result;
}

std::string messageOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const UserError& error) {
        return error.what();
    }
    return "no error";
}

/// The textbook composition, by torch's own operators.
at::Tensor plainAttention(const at::Tensor& qkv, std::int64_t heads) {
    const std::int64_t rows = qkv.size(0), tokens = qkv.size(1), d = qkv.size(2) / 3;
    const auto split = [&](std::int64_t part) {
        return qkv.narrow(2, part * d, d).reshape({rows, tokens, heads, d / heads}).transpose(1, 2);
    };
    const at::Tensor scores =
        at::matmul(split(0), split(1).transpose(2, 3)) / std::sqrt(static_cast<double>(d / heads));
    const at::Tensor future = at::ones({tokens, tokens}, at::TensorOptions(at::kBool)).triu(1);
    const at::Tensor weights =
        at::softmax(scores.masked_fill(future, -std::numeric_limits<double>::infinity()), -1);
    return at::matmul(weights, split(2)).transpose(1, 2).reshape({rows, tokens, d});
}

}  // namespace

class TestGpt2 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { at::manual_seed(7); }

    void logitsAndLossMatchTheReference() {
        const Gpt2Classifier model = goldenModel();
        const GoldenBatch batch;
        const at::Tensor logits = model.logits(batch.ids, batch.lengths);
        QVERIFY(maxRelativeError(logits, batch.expected("logits")) < 1e-4);
        const at::Tensor loss = at::cross_entropy_loss(logits, batch.labels);
        QVERIFY(relativeError(loss.item<double>(), batch.expected("loss").item<double>()) < 1e-4);
    }

    // Pad positions are left out: nothing reads them, and the reference attends there in its own way.
    void hiddenStatesMatchTheReferenceAtRealTokens() {
        const Gpt2Classifier model = goldenModel();
        const GoldenBatch batch;
        const at::Tensor real = batch.mask.unsqueeze(2).to(at::kFloat);
        at::Tensor x = model.embed(batch.ids);
        for (int block = 0; block <= 3; ++block) {
            const std::string name = "hidden_state." + std::to_string(block);
            // block i".
            QVERIFY2(maxRelativeError(x * real, batch.expected(name) * real) < 1e-4, name.c_str());
            if (block < 3)
                x = model.runBlocks(x, block, block + 1);
        }
        QVERIFY(maxRelativeError(Gpt2Classifier::lastTokens(x, batch.lengths),
                                 batch.expected("last_token_activation")) < 1e-4);
        QVERIFY(maxRelativeError(model.sentenceActivations(batch.ids, batch.lengths, 2),
                                 batch.expected("last_token_activation")) < 1e-4);
    }

    void gradientsMatchTheReference() {
        const Gpt2Classifier model = goldenModel();
        const GoldenBatch batch;
        const NamedTensors actual =
            gradients(model, at::cross_entropy_loss(model.logits(batch.ids, batch.lengths), batch.labels));
        QCOMPARE(actual.size(), model.parameters().size());
        for (const auto& [name, gradient] : actual) {
            const double error = maxRelativeError(gradient, batch.expected("grad." + name));
            QVERIFY2(error < 1e-4, qPrintable(QString("%1: %2").arg(name.c_str()).arg(error)));
        }
    }

    // The last block at one token a row must be what the whole block gives there, forward and backward.
    void lastTokenShortcutEqualsTheFullWay() {
        const Gpt2Classifier model = goldenModel();
        const GoldenBatch batch;
        const at::Tensor full = model.classify(
            Gpt2Classifier::lastTokens(model.runBlocks(model.embed(batch.ids), 0, 3), batch.lengths));
        const at::Tensor quick = model.logits(batch.ids, batch.lengths);
        QVERIFY(maxRelativeError(quick, full) < 1e-5);
        const NamedTensors expected = gradients(model, at::cross_entropy_loss(full, batch.labels));
        const NamedTensors actual = gradients(model, at::cross_entropy_loss(quick, batch.labels));
        QCOMPARE(actual.size(), expected.size());
        for (std::size_t i = 0; i < actual.size(); ++i)
            QVERIFY2(maxRelativeError(actual[i].second, expected[i].second) < 1e-5, actual[i].first.c_str());
    }

    void paddingChangesNothing() {
        const Gpt2Classifier model = goldenModel();
        const GoldenBatch batch;
        const at::Tensor wide = at::constant_pad_nd(batch.ids, {0, 9}, 5);
        QVERIFY(maxRelativeError(model.logits(wide, batch.lengths), model.logits(batch.ids, batch.lengths)) <
                1e-5);
    }

    void streamMayBeCutAndSpliced() {
        const Gpt2Classifier model = goldenModel();
        const GoldenBatch batch;
        const at::Tensor stream = model.runBlocks(model.embed(batch.ids), 0, 2);
        QVERIFY(maxRelativeError(model.logitsFrom(stream, 2, batch.lengths), batch.expected("logits")) <
                1e-4);
        const at::Tensor top = model.runBlocks(stream, 2, 3);
        QVERIFY(maxRelativeError(model.logitsFrom(top, 3, batch.lengths), batch.expected("logits")) < 1e-4);
    }

    void attentionEqualsThePlainComposition_data() {
        QTest::addColumn<int>("tokens");
        for (const int tokens : {1, 2, 15, 16, 17, 40})
            QTest::addRow("%d tokens", tokens) << tokens;
    }
    void attentionEqualsThePlainComposition() {
        QFETCH(int, tokens);
        const at::Tensor qkv = at::randn({3, tokens, 3 * 24}).set_requires_grad(true);
        const at::Tensor weight = at::randn({3, tokens, 24});
        const at::Tensor fused = causalAttention(qkv, 3, 0, nullptr);
        (fused * weight).sum().backward();
        const at::Tensor fusedGradient = qkv.grad().clone();
        qkv.mutable_grad() = at::Tensor();
        const at::Tensor plain = plainAttention(qkv, 3);
        (plain * weight).sum().backward();
        QVERIFY(maxRelativeError(fused, plain) < 1e-5);
        QVERIFY(maxRelativeError(fusedGradient, qkv.grad()) < 1e-5);
    }

    void freezingStopsGradientsBelowTheTarget() {
        Gpt2Classifier model = goldenModel();
        const GoldenBatch batch;
        model.freezeBelow(1);
        const NamedTensors some =
            gradients(model, at::cross_entropy_loss(model.logits(batch.ids, batch.lengths), batch.labels));
        std::set<std::string> names;
        for (const auto& [name, gradient] : some)
            names.insert(name);
        QCOMPARE(names.size(), std::size_t(2 * 12 + 3));
        QVERIFY(names.count("transformer.wte.weight") == 0 &&
                names.count("transformer.h.0.ln_1.weight") == 0);
        QVERIFY(names.count("transformer.h.1.ln_1.weight") == 1 && names.count("score.weight") == 1);
        model.unfreeze();
        QCOMPARE(gradients(model, model.logits(batch.ids, batch.lengths).sum()).size(),
                 model.parameters().size());
    }

    void layersCountFromBothEnds() {
        const Gpt2Classifier model(goldenConfig(), 1);
        QCOMPARE(model.resolveLayer(-1), std::int64_t(2));
        QCOMPARE(model.resolveLayer(0), std::int64_t(0));
        const std::string message = messageOf([&] { (void)model.resolveLayer(3); });
        QVERIFY2(message.find("model.target_layer=3") != std::string::npos, message.c_str());
    }

    void initialisationIsSeededAndShapedAsHuggingFaces() {
        Gpt2Config config = goldenConfig();
        config.hiddenSize = 128;
        const Gpt2Classifier a(config, 5), b(config, 5), c(config, 6);
        QVERIFY(at::equal(a.parameter("transformer.wte.weight"), b.parameter("transformer.wte.weight")));
        QVERIFY(!at::equal(a.parameter("transformer.wte.weight"), c.parameter("transformer.wte.weight")));
        const auto deviation = [&](const char* name) {
            return a.parameter(name).detach().std(false).item<double>();
        };
        QVERIFY(std::abs(deviation("transformer.h.1.mlp.c_fc.weight") / 0.02 - 1) < 0.02);
        QVERIFY(std::abs(deviation("transformer.h.1.mlp.c_proj.weight") / (0.02 / std::sqrt(6.0)) - 1) <
                0.02);
        QVERIFY(a.parameter("transformer.h.0.ln_1.weight").eq(1).all().item<bool>());
        QVERIFY(a.parameter("transformer.h.0.attn.c_attn.bias").eq(0).all().item<bool>());
    }

    void stateThatDoesNotFitIsNamed() {
        Gpt2Classifier model(goldenConfig(), 1);
        const at::Tensor before = model.parameter("score.weight").detach().clone();
        NamedTensors state = loadTensors(golden("gpt2_tiny.safetensors"));
        for (auto& [name, tensor] : state)
            if (name == "transformer.h.2.mlp.c_fc.weight")
                tensor = tensor.t().contiguous();
        const std::string shape = messageOf([&] { model.loadStateDict(state, "x.safetensors"); });
        QVERIFY2(shape.find("x.safetensors") != std::string::npos &&
                     shape.find("transformer.h.2.mlp.c_fc.weight") != std::string::npos &&
                     shape.find("[192, 48]") != std::string::npos &&
                     shape.find("[48, 192]") != std::string::npos,
                 shape.c_str());
        QVERIFY(at::equal(model.parameter("score.weight").detach(), before));

        state = loadTensors(golden("gpt2_tiny.safetensors"));
        state.erase(state.begin() + 5);
        const std::string missing = messageOf([&] { model.loadStateDict(state, "x.safetensors"); });
        QVERIFY2(missing.find("missing") != std::string::npos, missing.c_str());

        state = loadTensors(golden("gpt2_tiny.safetensors"));
        state.emplace_back("transformer.h.3.ln_1.weight", at::ones({48}));
        const std::string unknown = messageOf([&] { model.loadStateDict(state, "x.safetensors"); });
        QVERIFY2(unknown.find("transformer.h.3.ln_1.weight") != std::string::npos, unknown.c_str());
    }

    void namesWithoutPrefixAndBuffersAreAccepted() {
        NamedTensors state;
        for (const auto& [name, tensor] : loadTensors(golden("gpt2_tiny.safetensors")))
            if (name != "score.weight")
                state.emplace_back(name.substr(std::string("transformer.").size()), tensor);
        state.emplace_back("h.0.attn.bias", at::ones({1, 1, 48, 48}, at::TensorOptions(at::kByte)));
        state.emplace_back("h.0.attn.masked_bias", at::ones({}));
        state.emplace_back("lm_head.weight", at::ones({613, 48}));
        Gpt2Classifier model(goldenConfig(), 1);
        model.loadStateDict(state, "x", /*scoreIsOptional=*/true);
        const GoldenBatch batch;
        QVERIFY(maxRelativeError(model.sentenceActivations(batch.ids, batch.lengths, 2),
                                 batch.expected("last_token_activation")) < 1e-4);
    }

    void dropoutKeepsTheMeanAndTheShare() {
        DropoutKey key{11, 0};
        const at::Tensor x = at::ones({1000, 1000});
        const at::Tensor y = dropout(x, 0.1, &key);
        QCOMPARE(key.counter, std::uint64_t(1));
        const double dropped = y.eq(0).to(at::kDouble).mean().item<double>();
        QVERIFY(std::abs(dropped - 0.1) < 0.0015);  // five standard deviations of a million draws
        QVERIFY(std::abs(y.mean().item<double>() - 1) < 0.002);
        // Neighbours, rows and successive masks are independent.
        const at::Tensor lost = y.eq(0).to(at::kDouble);
        const double neighbours = (lost.narrow(1, 0, 999) * lost.narrow(1, 1, 999)).mean().item<double>();
        const double rows = (lost.narrow(0, 0, 999) * lost.narrow(0, 1, 999)).mean().item<double>();
        const double masks = (lost * dropout(x, 0.1, &key).eq(0).to(at::kDouble)).mean().item<double>();
        for (const double both : {neighbours, rows, masks})
            QVERIFY2(std::abs(both - 0.01) < 0.0006, qPrintable(QString::number(both)));
    }

    void dropoutIsTheSameOnAnyNumberOfThreadsAndInBackward() {
        const at::Tensor x = at::randn({300, 1000}).set_requires_grad(true);
        const at::Tensor residual = at::randn({300, 1000}).set_requires_grad(true);
        const int threads = at::get_num_threads();
        at::set_num_threads(1);
        DropoutKey key{3, 9};
        const at::Tensor single = addDropout(residual, x, 0.25, &key).detach();
        at::set_num_threads(2);
        key = {3, 9};
        const at::Tensor twofold = addDropout(residual, x, 0.25, &key);
        QVERIFY(at::equal(single, twofold.detach()));
        twofold.sum().backward();
        at::set_num_threads(threads);
        QVERIFY(residual.grad().eq(1).all().item<bool>());
        QVERIFY(maxAbsoluteError(residual + x * x.grad(), twofold) < 1e-6);
        QVERIFY(x.grad().eq(0).any().item<bool>());
    }

    void dropoutFactorsDoNotDependOnWhereAPieceStarts() {
        const std::uint64_t wrap = std::uint64_t(1) << 32;
        std::vector<float> whole(64), parts(64);
        dropoutFactors(99, 0.5, wrap - 20, whole.data(), 64);
        dropoutFactors(99, 0.5, wrap - 20, parts.data(), 7);
        dropoutFactors(99, 0.5, wrap - 13, parts.data() + 7, 57);
        QCOMPARE(whole, parts);
        QVERIFY(std::set<float>(whole.begin(), whole.end()) == (std::set<float>{0.0F, 2.0F}));
    }

    void attentionDropoutHasTheRightGradient() {
        const at::Tensor qkv = at::randn({2, 5, 3 * 8}).set_requires_grad(true);
        const at::Tensor weight = at::randn({2, 5, 8});
        const auto value = [&](const at::Tensor& x) {
            DropoutKey key{1, 2};
            return (causalAttention(x, 2, 0.3, &key).to(at::kDouble) * weight).sum();
        };
        value(qkv).backward();
        const torch::autograd::AutoGradMode noGradients(false);
        const at::Tensor direction = at::randn({2, 5, 3 * 8});
        const double h = 1e-2;
        const double slope =
            (value(qkv + h * direction) - value(qkv - h * direction)).item<double>() / (2 * h);
        QVERIFY(std::abs(slope - (qkv.grad() * direction).sum().item<double>()) <
                2e-3 * std::abs(slope) + 2e-3);
    }

    void trainingWithDropoutIsReproducible() {
        const Gpt2Classifier model = goldenModel();
        const GoldenBatch batch;
        const auto run = [&] {
            DropoutKey key{5, 0};
            return gradients(
                model, at::cross_entropy_loss(model.logits(batch.ids, batch.lengths, &key), batch.labels));
        };
        const NamedTensors first = run(), second = run();
        for (std::size_t i = 0; i < first.size(); ++i)
            QVERIFY2(at::equal(first[i].second, second[i].second), first[i].first.c_str());
    }
};

QTEST_GUILESS_MAIN(TestGpt2)
#include "tst_gpt2.moc"
