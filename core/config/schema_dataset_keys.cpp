// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the data set: where it lies, how it is read, and its batches.
#include "config/schema_builder.h"

namespace saeception {

void addDatasetKeys(KeyTable& table) {
    using C = ExperimentConfig;
    using D = DatasetConfig;
    table.add("dataset.name", &C::dataset, &D::name).doc("Name shown in tables and run lists.");
    table.add("dataset.path", &C::dataset, &D::path)
        .mayBeEmpty()
        .doc(
            "Folder with train.tsv and, for validation, dev.tsv, validation.tsv or val.tsv (of csv and jsonl "
            "also test.csv), or a single file. Needed unless dataset.format=demo.");
    table.add("dataset.format", &C::dataset, &D::format)
        .choices({"tsv", "csv", "jsonl", "demo"})
        .doc(
            "tsv reads GLUE's files, csv comma-separated ones (RFC 4180), jsonl one JSON object a line; demo "
            "generates review-like sentences with known concepts, without any file.");
    table.add("dataset.text_column", &C::dataset, &D::textColumn)
        .doc(
            "Header or key of the column that holds the sentence, or several joined: title+body. For files "
            "without a header, column numbers from 1: 2+3.");
    table.add("dataset.label_column", &C::dataset, &D::labelColumn)
        .doc(
            "Header, key or number of the column that holds the label: a class name, or a whole number from "
            "0 (or from 1 where num_classes occurs and 0 in neither split).");
    table.add("dataset.num_classes", &C::dataset, &D::numClasses)
        .unit("classes")
        .range(2, 10000)
        .doc("Number of labels; they run from 0 to num_classes - 1.");
    table.add("dataset.class_names", &C::dataset, &D::classNames)
        .doc("What each label means, in the order of the labels.");
    table.add("dataset.batch_size", &C::dataset, &D::batchSize)
        .unit("sentences")
        .range(1, 65536)
        .doc("Sentences in a training batch; batches are padded only to their own longest sentence.");
    table.add("dataset.max_length", &C::dataset, &D::maxLength)
        .unit("tokens")
        .range(1, 131072)
        .doc("Longer sentences are cut after this many tokens.");
    table.add("dataset.validation_split", &C::dataset, &D::validationSplit)
        .range(0.001, 0.9)
        .doc(
            "Share of the training sentences set aside for validation, drawn by the seed, when the data set "
            "brings no validation file.");
    table.add("dataset.strip", &C::dataset, &D::strip).doc("Remove white space around each sentence.");
    table.add("dataset.limit", &C::dataset, &D::limit)
        .unit("sentences")
        .range(0, largestInteger)
        .doc("Use only the first so many training sentences, for quick trials; 0 uses all.");
}

}  // namespace saeception
