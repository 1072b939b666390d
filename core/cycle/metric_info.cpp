// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/metric_info.h"

#include "base/format_text.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

namespace saeception {
namespace {

using F = MetricFormat;

constexpr std::string_view conceptPrefix = "sae_concept_";

bool isConceptScore(std::string_view key) {
    return key.starts_with(conceptPrefix) && (key.ends_with("_f1") || key.ends_with("_auroc"));
}

std::vector<MetricInfo> clusteringRows(const std::string& prefix, const std::string& family,
                                       const std::string& what) {
    return {
        {prefix + "ari", "ARI", family, "", 1, F::Fraction,
         "Adjusted Rand index of k-means clusters of " + what +
             " against the labels: 1 is a perfect match, 0 chance."},
        {prefix + "silhouette", "Silhouette", family, "", 1, F::Fraction,
         "Mean silhouette of " + what +
             " grouped by label, -1 to 1: how much nearer a row is to its own class."},
        {prefix + "davies_bouldin", "Davies-Bouldin", family, "", -1, F::Number,
         "Mean ratio of spread within clusters to distance between them; lower is tighter."},
        {prefix + "calinski_harabasz", "Calinski-Harabasz", family, "", 1, F::Number,
         "Ratio of variance between clusters to variance within them."},
    };
}

std::vector<MetricInfo> allRows() {
    std::vector<MetricInfo> rows = {
        {"task_accuracy", "Accuracy", "Task", "", 1, F::Fraction,
         "Share of validation sentences classified rightly."},
        {"task_loss", "Loss", "Task", "nats", -1, F::Fraction,
         "Mean cross-entropy on the validation sentences."},
        {"task_f1_macro", "F1 (macro)", "Task", "", 1, F::Fraction,
         "F1 of each class, averaged over the classes."},
        {"task_f1_weighted", "F1 (weighted)", "Task", "", 1, F::Fraction,
         "F1 of each class, weighted by the number of its sentences."},
        {"probe_base_accuracy", "Probe on activations", "Linear probe", "", 1, F::Fraction,
         "Validation accuracy of a logistic regression on the sentence activations."},
        {"probe_sae_accuracy", "Probe on features", "Linear probe", "", 1, F::Fraction,
         "Validation accuracy of a logistic regression on the SAE features."},
    };
    const std::vector<MetricInfo> selectivity = {
        {"base_csi_mean", "CSI of activations", "Selectivity", "", 1, F::Fraction,
         "Class selectivity, (mu_max - mu_rest) / (|mu_max| + |mu_rest|), averaged over neurons."},
        {"sae_features_csi_mean", "CSI of features", "Selectivity", "", 1, F::Fraction,
         "Class selectivity averaged over all SAE features; one that never fires counts as 0."},
        {"base_csi_std", "CSI of activations, spread", "Selectivity", "", 0, F::Fraction,
         "Standard deviation of the class selectivity over neurons.", true},
        {"sae_features_csi_std", "CSI of features, spread", "Selectivity", "", 0, F::Fraction,
         "Standard deviation of the class selectivity over features.", true},
        {"base_u_mean", "U of activations", "Selectivity", "", 1, F::Fraction,
         "Share of the label's entropy that a neuron's firing tells, averaged over neurons."},
        {"sae_features_u_mean", "U of features", "Selectivity", "", 1, F::Fraction,
         "Share of the label's entropy that a feature's firing tells, averaged over all SAE features; "
         "one that never fires counts as 0."},
        {"base_u_std", "U of activations, spread", "Selectivity", "", 0, F::Fraction,
         "Standard deviation of U over neurons.", true},
        {"sae_features_u_std", "U of features, spread", "Selectivity", "", 0, F::Fraction,
         "Standard deviation of U over features.", true},
    };
    const std::vector<MetricInfo> autoencoder = {
        {"sae_explained_variance", "Explained variance", "Autoencoder", "", 1, F::Fraction,
         "1 - FVU: share of the activations' variance that the reconstruction explains."},
        {"sae_fvu", "FVU", "Autoencoder", "", -1, F::Fraction,
         "Fraction of variance unexplained by the reconstruction."},
        {"sae_mse", "MSE", "Autoencoder", "", -1, F::Number, "Mean squared error of the reconstruction."},
        {"sae_l0", "L0", "Autoencoder", "features", 0, F::Number,
         "Mean number of features that fire on a token."},
        {"sae_dead_pct", "Dead features", "Autoencoder", "%", -1, F::Percent,
         "Share of the features that never fire on the evaluation set."},
        {"sae_density_mean", "Mean density", "Autoencoder", "", 0, F::Number,
         "Share of tokens on which a feature fires, averaged over features."},
        {"sparsity_l1_mean", "Mean L1 of codes", "Autoencoder", "", 0, F::Number,
         "Sum of a token's feature activations, averaged over tokens.", true},
        {"sparsity_usage_entropy", "Usage entropy", "Autoencoder", "", 1, F::Fraction,
         "How evenly the features share the firing.", true},
        {"sae_task_recovered_accuracy", "Task recovered (accuracy)", "Splicing", "", 1, F::Fraction,
         "Accuracy that splicing the reconstruction in keeps, between zero-ablation (0) and the clean model "
         "(1)."},
        {"sae_task_recovered_loss", "Task recovered (loss)", "Splicing", "", 1, F::Fraction,
         "Loss that splicing the reconstruction in keeps, between zero-ablation (0) and the clean model "
         "(1)."},
        {"sae_spliced_accuracy", "Accuracy, spliced", "Splicing", "", 1, F::Fraction,
         "Task accuracy with the target layer replaced by its reconstruction."},
        {"sae_spliced_loss", "Loss, spliced", "Splicing", "nats", -1, F::Fraction,
         "Task loss with the target layer replaced by its reconstruction."},
        {"sae_zero_ablated_accuracy", "Accuracy, zero-ablated", "Splicing", "", 0, F::Fraction,
         "Task accuracy with the target layer set to zero."},
        {"sae_zero_ablated_loss", "Loss, zero-ablated", "Splicing", "nats", 0, F::Fraction,
         "Task loss with the target layer set to zero."},
        {"sae_concepts_recovered_pct", "Concepts recovered", "Concepts", "%", 1, F::Percent,
         "Share of the known concepts that some feature detects with an F1 of at least 0.5 (demo corpus)."},
    };
    const auto append = [&](const std::vector<MetricInfo>& more) {
        rows.insert(rows.end(), more.begin(), more.end());
    };
    append(selectivity);
    append(clusteringRows("clustering_base_", "Clustering of activations", "sentence activations"));
    append(clusteringRows("clustering_sae_", "Clustering of features", "SAE features"));
    append(autoencoder);
    return rows;
}

}  // namespace

std::span<const MetricInfo> metricInfos() {
    static const std::vector<MetricInfo> rows = allRows();
    return rows;
}

const MetricInfo* findMetric(std::string_view key) {
    const auto rows = metricInfos();
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const MetricInfo& row) { return row.key == key; });
    return found == rows.end() ? nullptr : &*found;
}

std::string metricText(std::string_view key, double value) {
    const MetricInfo* info = findMetric(key);
    if (!std::isfinite(value) || (info == nullptr && !isConceptScore(key)))
        return formatNumber(value);
    if (info == nullptr)
        return fmt::format("{:.3f}", value);
    switch (info->format) {
        case F::Fraction:
            return fmt::format("{:.3f}", value);
        case F::Count:
            return fmt::format("{:.0f}", value);
        case F::Percent:
            return formatPercent(value);
        case F::Number:
            break;
    }
    return formatNumber(value);
}

std::string metricTitle(std::string_view key) {
    if (const MetricInfo* info = findMetric(key))
        return info->title;
    std::string title(key);
    const std::size_t score = title.rfind('_');
    if (isConceptScore(key))
        title = "Concept " + title.substr(conceptPrefix.size(), score - conceptPrefix.size()) +
                (key.ends_with("_f1") ? ", F1" : ", AUROC");
    std::replace(title.begin(), title.end(), '_', ' ');
    return title;
}

}  // namespace saeception
