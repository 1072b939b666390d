// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/weights_identity.h"

#include "base/fingerprint.h"
#include "model/zip_file.h"

namespace saeception {

std::string weightsIdentity(const std::filesystem::path& checkpoint) {
    Fingerprint print;
    for (const auto& [name, info] : ZipFile::open(checkpoint).directory()) {
        // The top folder is called after the file that was first written.
        const std::size_t slash = name.find('/');
        const std::string_view leaf =
            slash == std::string::npos ? std::string_view(name) : std::string_view(name).substr(slash + 1);
        if (!leaf.starts_with("data/"))
            continue;
        print.add(leaf);
        print.add(static_cast<std::int64_t>(info.size));
        print.add(std::int64_t{info.checksum});
    }
    return print.text();
}

}  // namespace saeception
