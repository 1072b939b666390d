// SPDX-License-Identifier: GPL-3.0-or-later
#include "cycle/metric_list.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

namespace saeception {
namespace {

using F = MetricFormat;
using Rows = std::vector<MetricInfo>;

Rows taskRows() {
    return {
        {"task_accuracy", "Accuracy", "Task", "", 1, F::Fraction,
         "Share of validation sentences classified rightly."},
        {"task_loss", "Loss", "Task", "nats", -1, F::Fraction,
         "Mean cross-entropy on the validation sentences."},
        {"task_f1_macro", "F1 (macro)", "Task", "", 1, F::Fraction,
         "F1 = 2 TP / (2 TP + FP + FN) of each class, averaged over the classes."},
        {"task_f1_weighted", "F1 (weighted)", "Task", "", 1, F::Fraction,
         "F1 of each class, weighted by the number of its sentences."},
    };
}

Rows probeRows() {
    Rows rows = {
        {"probe_base_accuracy", "Probe on activations", "Linear probe", "", 1, F::Fraction,
         "Validation accuracy of a logistic regression (L2, C = 1) on the sentence activations."},
        {"probe_sae_accuracy", "Probe on features", "Linear probe", "", 1, F::Fraction,
         "Validation accuracy of a logistic regression (L2, C = 1) on the SAE features."},
    };
    for (const int k : {1, 5, 10, 25, 50})
        rows.push_back(
            {fmt::format("k_sparse_probe_k{}", k), fmt::format("Probe on {} best features", k),
             "Linear probe", "", 1, F::Fraction,
             fmt::format("Validation accuracy of a logistic regression on the {} SAE feature{} whose "
                         "mean activation differs most between a class and the rest in training "
                         "(Gurnee et al. 2023).",
                         k, k == 1 ? "" : "s"),
             k != 1 && k != 10});
    return rows;
}

Rows selectivityRows() {
    return {
        {"base_csi_mean", "CSI of activations", "Selectivity", "", 1, F::Fraction,
         "Class selectivity, (mu_max - mu_rest) / (|mu_max| + |mu_rest|), averaged over neurons."},
        {"sae_features_csi_mean", "CSI of features", "Selectivity", "", 1, F::Fraction,
         "Class selectivity averaged over all SAE features; one that never fires counts as 0."},
        {"base_csi_std", "CSI of activations, spread", "Selectivity", "", 0, F::Fraction,
         "Standard deviation of the class selectivity over neurons.", true},
        {"sae_features_csi_std", "CSI of features, spread", "Selectivity", "", 0, F::Fraction,
         "Standard deviation of the class selectivity over features.", true},
        {"base_u_mean", "U of activations", "Selectivity", "", 1, F::Fraction,
         "I(fires; label) / H(label): share of the label's entropy that a neuron's firing tells, averaged "
         "over "
         "neurons."},
        {"sae_features_u_mean", "U of features", "Selectivity", "", 1, F::Fraction,
         "I(fires; label) / H(label): share of the label's entropy that a feature's firing tells, averaged "
         "over "
         "all SAE features; one that never fires counts as 0."},
        {"base_u_std", "U of activations, spread", "Selectivity", "", 0, F::Fraction,
         "Standard deviation of U over neurons.", true},
        {"sae_features_u_std", "U of features, spread", "Selectivity", "", 0, F::Fraction,
         "Standard deviation of U over features.", true},
    };
}

Rows clusteringRows(const std::string& prefix, const std::string& family, const std::string& what) {
    return {
        {prefix + "ari", "ARI", family, "", 1, F::Fraction,
         "Adjusted Rand index of k-means clusters of " + what +
             " against the labels: 1 is a perfect match, 0 chance."},
        {prefix + "silhouette", "Silhouette", family, "", 1, F::Fraction,
         "Mean silhouette of " + what +
             " grouped by label, -1 to 1: how much nearer a row is to its own class."},
        {prefix + "silhouette_clusters", "Silhouette (clusters)", family, "", 1, F::Fraction,
         "Mean silhouette of " + what + " grouped by k-means cluster instead of by label, -1 to 1.", true},
        {prefix + "davies_bouldin", "Davies-Bouldin", family, "", -1, F::Number,
         "Mean ratio of spread within classes to distance between them; lower is tighter."},
        {prefix + "calinski_harabasz", "Calinski-Harabasz", family, "", 1, F::Number,
         "Variance between classes over variance within them, each over its degrees of freedom."},
        {prefix + "within_variance", "Variance within classes", family, "", 0, F::Number,
         "Mean squared distance of " + what + " to the mean of their class.", true},
        {prefix + "between_variance", "Variance between classes", family, "", 0, F::Number,
         "Mean squared distance of the class means to the overall mean, weighted by class size.", true},
        {prefix + "variance_ratio", "Variance between / within", family, "", 1, F::Number,
         "Variance between classes divided by variance within them; higher is better separated.", true},
    };
}

Rows autoencoderRows() {
    return {
        {"sae_explained_variance", "Explained variance", "Autoencoder", "", 1, F::Fraction,
         "1 - FVU: share of the activations' variance that the reconstruction explains."},
        {"sae_fvu", "FVU", "Autoencoder", "", -1, F::Fraction,
         "Fraction of variance unexplained by the reconstruction, sum|x - x^|^2 / sum|x - mean|^2."},
        {"sae_mse", "MSE", "Autoencoder", "", -1, F::Number, "Mean squared error of the reconstruction."},
        {"sae_l0", "L0", "Autoencoder", "features", 0, F::Number,
         "Mean number of features that fire on a token."},
        {"sae_dead_pct", "Dead features", "Autoencoder", "%", -1, F::Percent,
         "Share of the features that never fire on the evaluation set."},
        {"sae_density_mean", "Mean density", "Autoencoder", "", 0, F::Number,
         "Share of tokens on which a feature fires, averaged over features."},
    };
}

Rows sparsityRows() {
    Rows rows = {
        {"sparsity_l0_mean", "L0, mean", "Sparsity", "features", 0, F::Number,
         "Mean number of features that fire on a token.", true},
        {"sparsity_l0_std", "L0, spread", "Sparsity", "features", 0, F::Number,
         "Standard deviation over tokens of the number of features that fire.", true},
    };
    for (const int percent : {5, 50, 95})
        rows.push_back(
            {fmt::format("sparsity_l0_p{}", percent), fmt::format("L0, {} % quantile", percent), "Sparsity",
             "features", 0, F::Number,
             fmt::format("The number of firing features that {} % of the tokens do not exceed.", percent),
             true});
    const Rows more = {
        {"sparsity_l1_mean", "L1, mean", "Sparsity", "", 0, F::Number,
         "Sum of a token's feature activations, averaged over tokens.", true},
        {"sparsity_l1_std", "L1, spread", "Sparsity", "", 0, F::Number,
         "Standard deviation over tokens of the sum of feature activations.", true},
        {"sparsity_usage_entropy", "Usage entropy", "Sparsity", "nats", 1, F::Fraction,
         "Entropy of the features' shares of all firing: how evenly they are used.", true},
        {"sparsity_usage_entropy_normalised", "Usage entropy, normalised", "Sparsity", "", 1, F::Fraction,
         "Usage entropy over its largest value, log(features): 1 when all fire equally often.", true},
        {"sparsity_density_hist_dead", "Features that never fire", "Sparsity", "features", 0, F::Count,
         "Features that fire on no token of the evaluation set; they are in no bin of the density histogram.",
         true},
    };
    rows.insert(rows.end(), more.begin(), more.end());
    for (int bin = -12; bin < 0; ++bin)
        rows.push_back({fmt::format("sparsity_density_hist_log10_{:.1f}", bin / 2.0),
                        fmt::format("Density 10^{:.1f} to 10^{:.1f}", bin / 2.0, (bin + 1) / 2.0), "Sparsity",
                        "features", 0, F::Count,
                        fmt::format("Features that fire on a share of the tokens above 10^{:.1f} and at most "
                                    "10^{:.1f}{}.",
                                    bin / 2.0, (bin + 1) / 2.0, bin == -12 ? ", or on fewer" : ""),
                        true});
    return rows;
}

Rows splicingRows() {
    return {
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
    };
}

Rows absorptionRows() {
    Rows rows = {
        {"absorption_rate", "Absorption", "First-letter absorption", "", -1, F::Fraction,
         "Share of words whose first letter a linear probe reads but the letter's main features miss, "
         "because "
         "one other feature carries it (Chanin et al. 2024), averaged over letters."},
        {"absorption_probe_accuracy", "First-letter probe", "First-letter absorption", "", 1, F::Fraction,
         "Share of held-out words whose first letter the linear probe on activations reads rightly.", true},
        {"absorption_letters", "Letters measured", "First-letter absorption", "", 0, F::Count,
         "Letters with enough words, that the probe reads on some held-out word.", true},
        {"absorption_words", "Words measured", "First-letter absorption", "", 0, F::Count,
         "Held-out words in context whose first letter the probe reads rightly.", true},
        {"absorption_main_features", "Main features a letter", "First-letter absorption", "", 0, F::Number,
         "Features a letter is split over: as many as keep improving a k-sparse probe's F1 by 0.03.", true},
    };
    for (char letter = 'a'; letter <= 'z'; ++letter)
        rows.push_back({fmt::format("absorption_letter_{}", letter),
                        fmt::format("Absorption of '{}'", letter), "First-letter absorption", "", -1,
                        F::Fraction,
                        fmt::format("Absorption rate of the words that begin with '{}'.", letter), true});
    return rows;
}

}  // namespace

std::vector<MetricInfo> listMetrics() {
    Rows rows;
    for (const Rows& family :
         {taskRows(), probeRows(), selectivityRows(),
          clusteringRows("clustering_base_", "Clustering of activations", "sentence activations"),
          clusteringRows("clustering_sae_", "Clustering of features", "SAE features"), autoencoderRows(),
          sparsityRows(), splicingRows(),
          Rows{{"sae_concepts_recovered_pct", "Concepts recovered", "Concepts", "%", 1, F::Percent,
                "Share of the known concepts that some feature detects with an F1 of at least 0.5 (demo "
                "corpus)."}},
          absorptionRows()})
        rows.insert(rows.end(), family.begin(), family.end());
    for (const auto& [key, headline] :
         {std::pair("task_accuracy", "Accuracy"), std::pair("probe_sae_accuracy", "Probe on features"),
          std::pair("clustering_sae_ari", "ARI of features"),
          std::pair("sae_features_u_mean", "U of features"),
          std::pair("sae_explained_variance", "Explained variance"), std::pair("sae_l0", "L0"),
          std::pair("sae_dead_pct", "Dead features"),
          std::pair("sae_task_recovered_accuracy", "Task recovered"),
          std::pair("sae_concepts_recovered_pct", "Concepts recovered"),
          std::pair("absorption_rate", "Absorption")})
        std::find_if(rows.begin(), rows.end(), [&name = key](const MetricInfo& row) {
            return row.key == name;
        })->headline = headline;
    return rows;
}

}  // namespace saeception
