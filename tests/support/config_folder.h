// SPDX-License-Identifier: GPL-3.0-or-later
// Configuration files made for one test.
#pragma once

#include "base/files.h"
#include "config/compose.h"
#include "support/expect_error.h"

#include <QTemporaryDir>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace saeception {

inline Composition composed(std::vector<std::string> overrides) {
    ComposeRequest request;
    request.overrides = std::move(overrides);
    return compose(request);
}

// A folder of configuration files.
class ConfigFolder {
public:
    void add(const std::string& name, const std::string& text) {
        const std::filesystem::path path = root() / (name + ".yaml");
        createDirectories(path.parent_path());
        writeFile(path, text);
    }
    Composition composed(std::vector<std::string> overrides = {}) const {
        ComposeRequest request;
        request.configDirs = {root()};
        request.overrides = std::move(overrides);
        return compose(request);
    }
    std::string error(std::vector<std::string> overrides = {}) const {
        return errorOf([&] { composed(std::move(overrides)); });
    }
    std::filesystem::path root() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

}  // namespace saeception
