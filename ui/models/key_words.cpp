// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/key_words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace saeception {
namespace {

struct Words {
    std::string_view name;
    const char* text;
};

// What "words with spaces for underscores" would not say well.
constexpr auto labels = std::to_array<Words>({
    {"start_from", QT_TRANSLATE_NOOP("KeyWords", "Retraining starts from")},
    {"output_dir", QT_TRANSLATE_NOOP("KeyWords", "Output folder")},
    {"checkpoint_dir", QT_TRANSLATE_NOOP("KeyWords", "Checkpoints from")},
    {"wandb.mode", QT_TRANSLATE_NOOP("KeyWords", "Weights & Biases")},
    {"cycle.current", QT_TRANSLATE_NOOP("KeyWords", "Cycle to work on")},
    {"cycle.max_cycles", QT_TRANSLATE_NOOP("KeyWords", "Cycles after cycle 0")},
    {"cycle.aux_loss_weight", QT_TRANSLATE_NOOP("KeyWords", "Lambda, auxiliary weight")},
    {"cycle.aux_loss", QT_TRANSLATE_NOOP("KeyWords", "Auxiliary loss")},
    {"model.hf_path", QT_TRANSLATE_NOOP("KeyWords", "Name on Hugging Face")},
    {"model.init", QT_TRANSLATE_NOOP("KeyWords", "Initial weights")},
    {"model.vocab_size", QT_TRANSLATE_NOOP("KeyWords", "Vocabulary to train")},
    {"model.num_layers", QT_TRANSLATE_NOOP("KeyWords", "Transformer blocks")},
    {"model.num_heads", QT_TRANSLATE_NOOP("KeyWords", "Attention heads")},
    {"model.max_positions", QT_TRANSLATE_NOOP("KeyWords", "Positions")},
    {"model.decay_all", QT_TRANSLATE_NOOP("KeyWords", "Decay biases and norms too")},
    {"model.max_grad_norm", QT_TRANSLATE_NOOP("KeyWords", "Largest gradient norm")},
    {"model.gradient_accumulation_steps", QT_TRANSLATE_NOOP("KeyWords", "Batches a step")},
    {"dataset.path", QT_TRANSLATE_NOOP("KeyWords", "Data set folder")},
    {"dataset.num_classes", QT_TRANSLATE_NOOP("KeyWords", "Number of classes")},
    {"dataset.max_length", QT_TRANSLATE_NOOP("KeyWords", "Longest sentence")},
    {"dataset.validation_split", QT_TRANSLATE_NOOP("KeyWords", "Share for validation")},
    {"dataset.strip", QT_TRANSLATE_NOOP("KeyWords", "Strip white space")},
    {"dataset.limit", QT_TRANSLATE_NOOP("KeyWords", "Training sentences, at most")},
    {"sae.sae_type", QT_TRANSLATE_NOOP("KeyWords", "Kind of autoencoder")},
    {"sae.k", QT_TRANSLATE_NOOP("KeyWords", "k, active features")},
    {"sae.l1_penalty", QT_TRANSLATE_NOOP("KeyWords", "L1 penalty")},
    {"sae.l0_penalty", QT_TRANSLATE_NOOP("KeyWords", "L0 penalty")},
    {"sae.sparsity_warmup_steps", QT_TRANSLATE_NOOP("KeyWords", "Penalty warm-up")},
    {"sae.aux_k", QT_TRANSLATE_NOOP("KeyWords", "AuxK features")},
    {"sae.aux_k_coef", QT_TRANSLATE_NOOP("KeyWords", "AuxK weight")},
    {"sae.dead_tokens_threshold", QT_TRANSLATE_NOOP("KeyWords", "Dead after")},
    {"sae.resample_interval", QT_TRANSLATE_NOOP("KeyWords", "Resampling interval")},
    {"sae.token_level", QT_TRANSLATE_NOOP("KeyWords", "Train on every token")},
    {"sae.project_decoder_grad", QT_TRANSLATE_NOOP("KeyWords", "Project decoder gradient")},
    {"sae.max_grad_norm", QT_TRANSLATE_NOOP("KeyWords", "Largest gradient norm")},
    {"sae.epochs", QT_TRANSLATE_NOOP("KeyWords", "Autoencoder epochs")},
    {"sharpening.type", QT_TRANSLATE_NOOP("KeyWords", "Kind of sharpening")},
    {"sharpening.top_k_pct", QT_TRANSLATE_NOOP("KeyWords", "Features kept")},
    {"sharpening.seed", QT_TRANSLATE_NOOP("KeyWords", "Seed of random targets")},
    {"absorption", QT_TRANSLATE_NOOP("KeyWords", "Measure feature absorption")},
});

// Sections of the form and groups of the configuration go by the same names.
constexpr auto titles = std::to_array<Words>({
    {"run", QT_TRANSLATE_NOOP("KeyWords", "Run")},
    {"cycle", QT_TRANSLATE_NOOP("KeyWords", "Cycle")},
    {"model", QT_TRANSLATE_NOOP("KeyWords", "Model")},
    {"dataset", QT_TRANSLATE_NOOP("KeyWords", "Data set")},
    {"sae", QT_TRANSLATE_NOOP("KeyWords", "Autoencoder")},
    {"sharpening", QT_TRANSLATE_NOOP("KeyWords", "Sharpening")},
    {"evaluation", QT_TRANSLATE_NOOP("KeyWords", "Evaluation")},
    {"experiment", QT_TRANSLATE_NOOP("KeyWords", "Experiment")},
    {"control", QT_TRANSLATE_NOOP("KeyWords", "Control")},
});

constexpr auto commands = std::to_array<Words>({
    {"train_cycle", QT_TRANSLATE_NOOP("KeyWords", "Whole loop")},
    {"train_baseline", QT_TRANSLATE_NOOP("KeyWords", "Fine-tune the model")},
    {"train_sae", QT_TRANSLATE_NOOP("KeyWords", "Train the autoencoder")},
    {"evaluate", QT_TRANSLATE_NOOP("KeyWords", "Evaluate")},
    {"features", QT_TRANSLATE_NOOP("KeyWords", "Index the features")},
    {"train_auxiliary", QT_TRANSLATE_NOOP("KeyWords", "Sharpen and retrain")},
});

// Keys of the top level and of small groups that stand with others.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> places = {
    {{"wandb.mode", "run"}, {"absorption", "evaluation"}}};

constexpr auto mainNames = std::to_array<std::string_view>(
    {"dataset.path", "model.init", "model.tokenizer", "output_dir", "cycle.max_cycles",
     "cycle.aux_loss_weight", "model.epochs_per_cycle", "dataset.batch_size", "model.learning_rate", "sae.k",
     "sae.expansion_factor", "sae.epochs", "sharpening.top_k_pct", "seed", "threads"});

QString translated(const char* text) {
    return QCoreApplication::translate("KeyWords", text);
}

template <std::size_t Count>
QString lookUp(const std::array<Words, Count>& table, std::string_view name) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Words& words) { return words.name == name; });
    return found == table.end() ? QString() : translated(found->text);
}

// "max_grad_norm" as "Max grad norm".
QString spoken(const std::string& name) {
    QString text = QString::fromStdString(name).replace(QLatin1Char('_'), QLatin1Char(' '));
    return text.isEmpty() ? text : text.front().toUpper() + text.mid(1);
}

QString rangeText(const KeySpec& spec) {
    const bool below = std::isfinite(spec.maximum) && spec.maximum < 1e9;
    const bool above = std::isfinite(spec.minimum);
    const auto written = [](double value) { return QLocale(QLocale::English).toString(value, 'g', 9); };
    const QString low = written(spec.minimum);
    if (above && below)
        return (spec.minimumIsOpen ? translated(QT_TRANSLATE_NOOP("KeyWords", "above %1, up to %2"))
                                   : translated(QT_TRANSLATE_NOOP("KeyWords", "%1 to %2")))
            .arg(low, written(spec.maximum));
    if (above)
        return (spec.minimumIsOpen ? translated(QT_TRANSLATE_NOOP("KeyWords", "above %1"))
                                   : translated(QT_TRANSLATE_NOOP("KeyWords", "%1 or more")))
            .arg(low);
    return {};
}

}  // namespace

const std::vector<KeySection>& keySections() {
    static const std::vector<KeySection> sections = [] {
        std::vector<KeySection> list;
        for (const KeySpec& spec : schema()) {
            const std::string name = sectionOf(spec.key);
            const auto known =
                std::find_if(list.begin(), list.end(), [&](const KeySection& s) { return s.name == name; });
            if (known == list.end())
                list.push_back({name, {&spec}});
            else
                known->keys.push_back(&spec);
        }
        return list;
    }();
    return sections;
}

QString sectionTitle(const std::string& name) {
    const QString title = lookUp(titles, name);
    return title.isEmpty() ? spoken(name) : title;
}

std::string sectionOf(const std::string& key) {
    for (const auto& [name, section] : places)
        if (name == key)
            return std::string(section);
    const std::size_t dot = key.find('.');
    return dot == std::string::npos ? "run" : key.substr(0, dot);
}

const std::vector<const KeySpec*>& mainKeys() {
    static const std::vector<const KeySpec*> keys = [] {
        std::vector<const KeySpec*> list;
        for (const std::string_view name : mainNames)
            if (const KeySpec* spec = findKey(name))
                list.push_back(spec);
        return list;
    }();
    return keys;
}

QString keyLabel(const KeySpec& spec) {
    const QString label = lookUp(labels, spec.key);
    return label.isEmpty() ? spoken(spec.key.substr(spec.key.rfind('.') + 1)) : label;
}

QString keyHint(const KeySpec& spec) {
    const QString unit = QString::fromStdString(spec.unit);
    const QString range =
        spec.type == KeyType::Integer || spec.type == KeyType::Number ? rangeText(spec) : QString();
    return unit.isEmpty() || range.isEmpty()
               ? unit + range
               : translated(QT_TRANSLATE_NOOP("KeyWords", "%1, %2")).arg(unit, range);
}

QString keyTip(const KeySpec& spec) {
    return QStringLiteral("<p><b>%1</b></p><p>%2</p>")
        .arg(QString::fromStdString(spec.key), QString::fromStdString(spec.doc).toHtmlEscaped());
}

bool keyMatches(const KeySpec& spec, const QStringList& words) {
    const QString text =
        (QString::fromStdString(spec.key + '\n' + spec.doc + '\n') + keyLabel(spec)).toLower();
    return std::all_of(words.begin(), words.end(), [&](const QString& word) { return text.contains(word); });
}

KeyEditor keyEditor(const KeySpec& spec) {
    switch (spec.type) {
        case KeyType::Integer:
        case KeyType::Number:
            return KeyEditor::Number;
        case KeyType::Boolean:
            return KeyEditor::Switch;
        case KeyType::TextList:
            return KeyEditor::List;
        case KeyType::Text:
            break;
    }
    if (!spec.choices.empty())
        return KeyEditor::Choice;
    if (spec.key == "dataset.path" || spec.key == "model.init")
        return KeyEditor::FolderOrFile;
    if (spec.key == "model.tokenizer" || spec.key.ends_with("_dir"))
        return KeyEditor::Folder;
    return KeyEditor::Text;
}

QString groupLabel(const std::string& group) {
    return sectionTitle(group);
}

QString commandLabel(const QString& command) {
    const QString label = lookUp(commands, command.toStdString());
    return label.isEmpty() ? spoken(command.toStdString()) : label;
}

}  // namespace saeception
