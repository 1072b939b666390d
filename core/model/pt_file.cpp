// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/pt_file.h"

#include "base/error.h"
#include "base/files.h"
#include "model/pickle_reader.h"
#include "model/zip_file.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/pickler.h>

#include <cstring>
#include <exception>
#include <span>
#include <string_view>

namespace saeception {
namespace fs = std::filesystem;
namespace {

/// A tensor that owns exactly its elements: the file stores whole storages, and a view would drag its base
/// along.
at::Tensor compact(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    const bool isWhole = plain.storage_offset() == 0 && plain.storage().nbytes() == plain.nbytes();
    return isWhole ? plain : plain.clone();
}

c10::IValue toIValue(const PtValue& value) {
    struct Convert {
        c10::IValue operator()(std::monostate) const { return {}; }
        c10::IValue operator()(bool v) const { return v; }
        c10::IValue operator()(std::int64_t v) const { return v; }
        c10::IValue operator()(double v) const { return v; }
        c10::IValue operator()(const std::string& v) const { return v; }
        c10::IValue operator()(const at::Tensor& v) const { return compact(v); }
        c10::IValue operator()(const PtList& v) const {
            c10::impl::GenericList list(c10::AnyType::get());
            for (const PtValue& item : v)
                list.push_back(toIValue(item));
            return list;
        }
        c10::IValue operator()(const PtDict& v) const {
            c10::impl::GenericDict dict(c10::StringType::get(), c10::AnyType::get());
            for (const auto& [key, item] : v)
                dict.insert(key, toIValue(item));
            return dict;
        }
    };
    return std::visit(Convert{}, value.value);
}

std::string_view asText(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Files from before PyTorch 1.6 are a row of pickles, of which the first is a magic number.
bool isLegacy(const fs::path& path) {
    constexpr std::string_view magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    return asText(MappedFile(path).bytes()).starts_with(magic);
}

}  // namespace

double PtValue::number(double otherwise) const {
    if (const auto* v = get<double>())
        return *v;
    if (const auto* v = get<std::int64_t>())
        return static_cast<double>(*v);
    if (const auto* v = get<bool>())
        return *v ? 1 : 0;
    return otherwise;
}

const PtValue* find(const PtDict& dict, std::string_view key) {
    for (const auto& [name, value] : dict)
        if (name == key)
            return &value;
    return nullptr;
}

void savePt(const fs::path& path, const PtValue& value) {
    AtomicFile file(path);
    // The writer's destructor finishes the archive and must not meet a failing disk: remember the failure,
    // take the rest.
    std::exception_ptr failure;
    const auto write = [&](const void* bytes, std::size_t count) {
        try {
            if (!failure)
                file.write({static_cast<const std::byte*>(bytes), count});
        } catch (...) {
            failure = std::current_exception();
        }
        return count;
    };
    {
        caffe2::serialize::PyTorchStreamWriter archive(write);
        std::string pickle;
        torch::jit::Pickler pickler(
            [&](const char* bytes, std::size_t count) { pickle.append(bytes, count); }, nullptr, nullptr,
            nullptr, nullptr, /*tag_aggregates=*/false);
        pickler.protocol();
        pickler.pushIValue(toIValue(value));
        pickler.stop();
        archive.writeRecord("data.pkl", pickle.data(), pickle.size());
        std::size_t index = 0;
        for (const at::Tensor& tensor : pickler.tensorData()) {
            if (failure)
                break;
            archive.writeRecord("data/" + std::to_string(index++), tensor.data_ptr(), tensor.nbytes());
        }
        archive.writeEndOfFile();
    }
    if (failure)
        std::rethrow_exception(failure);
    file.commit();
}

namespace {

PtValue load(const fs::path& path, bool withNumbers) {
    const std::string name = path.string();
    if (isLegacy(path))
        fail(
            "{}: written in PyTorch's old format (before 1.6); open it in Python and write it anew: "
            "torch.save(torch.load(f), f)",
            name);
    const ZipFile archive = ZipFile::open(path);
    const std::string pickleName = archive.inTopFolder("data.pkl");
    if (pickleName.empty())
        fail("{}: a zip archive, but not one that torch.save wrote (it has no data.pkl); give a checkpoint",
             name);
    const std::string folder = pickleName.substr(0, pickleName.size() - std::string_view("data.pkl").size());
    if (archive.contains(folder + "byteorder") && asText(archive.record(folder + "byteorder")) != "little")
        fail("{}: written on a big-endian machine; save it again on a little-endian one", name);
    std::uint64_t loaded = 0;
    const StorageLoader loadStorage = [&](const std::string& key, at::ScalarType type,
                                          std::int64_t elements) {
        if (!withNumbers)
            return at::empty({elements}, at::TensorOptions(type).device(at::kMeta));
        const std::span<const std::byte> bytes = archive.record(folder + "data/" + key);
        const std::size_t width = c10::elementSize(type);
        if (elements < 0 || bytes.size() % width != 0 ||
            bytes.size() / width != static_cast<std::size_t>(elements))
            fail("{}: storage {} holds {} bytes, not {} elements of {}; save the file again", name,
                 oneLine(key), bytes.size(), elements, width);
        loaded += bytes.size();
        if (loaded > archive.size())
            fail("{}: its storages overlap; save it again", name);
        at::Tensor storage = at::empty({elements}, at::TensorOptions(type));
        if (!bytes.empty())
            std::memcpy(storage.data_ptr(), bytes.data(), bytes.size());
        return storage;
    };
    return readPickle(asText(archive.record(pickleName)), name, loadStorage);
}

}  // namespace

PtValue loadPt(const fs::path& path) {
    return load(path, true);
}

PtValue loadPtOutline(const fs::path& path) {
    return load(path, false);
}

}  // namespace saeception
