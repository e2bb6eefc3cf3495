// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer where Clang is missing: runs every seed, then mutants of them.
//
//     cmep_fuzz SEED_FOLDER MUTATIONS [SEED]
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

const std::string* running = nullptr;
char place[256] = "";

/// Says what was running and keeps the input, with calls that a signal handler may make.
void crashed(int) {
    static const char words[] = "\ncrashed on ";
    static_cast<void>(!write(STDERR_FILENO, words, sizeof words - 1));
    static_cast<void>(!write(STDERR_FILENO, place, std::strlen(place)));
    static_cast<void>(!write(STDERR_FILENO, "\n", 1));
    if (std::FILE* out = std::fopen("crash-input", "wb"); out != nullptr && running != nullptr) {
        std::fwrite(running->data(), 1, running->size(), out);
        std::fclose(out);
    }
    _exit(70);
}

void run(const std::string& input, const std::string& what) {
    running = &input;
    what.copy(place, sizeof place - 1);
    place[std::min(what.size(), sizeof place - 1)] = '\0';
    // A copy of the exact size, so that a sanitizer sees one byte too many.
    const std::vector<std::uint8_t> exact(input.begin(), input.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

/// One to eight changes: bytes set, digits turned, pieces cut, doubled or taken from another seed.
std::string mutant(std::string text, const std::vector<std::string>& seeds, std::mt19937& random) {
    const auto below = [&](std::size_t most) { return most == 0 ? 0 : random() % most; };
    static constexpr char telling[] = "0123456789,\"\r\n -.HREN\xC3\xFF";
    for (std::size_t changes = 1 + below(8); changes > 0; --changes) {
        const std::size_t at = below(text.size() + 1);
        const std::size_t length = 1 + below(40);
        switch (below(6)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(below(256));
                break;
            case 1:
                if (at < text.size()) text[at] = telling[below(sizeof telling - 1)];
                break;
            case 2: text.erase(at, length); break;
            case 3: text.insert(at, text.substr(below(text.size() + 1), length)); break;
            case 4: {
                const std::string& other = seeds[below(seeds.size())];
                text.insert(at, other.substr(below(other.size() + 1), length));
                break;
            }
            default:
                if (below(8) == 0) text.resize(at);
        }
    }
    return text;
}

std::vector<std::string> read_seeds(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.is_regular_file()) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> seeds;
    for (const auto& path : paths) {
        std::ifstream in(path, std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        run(seeds.back(), path.string());
    }
    return seeds;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s SEED_FOLDER MUTATIONS [SEED]\n", argv[0]);
        return 2;
    }
    for (const int signal : {SIGABRT, SIGSEGV, SIGILL, SIGFPE, SIGBUS}) {
        std::signal(signal, crashed);
    }
    std::set_terminate([] { crashed(SIGABRT); });
    const unsigned long told = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 20'260'609;
    const auto start = static_cast<unsigned>(told);
    const unsigned long mutations = std::strtoul(argv[2], nullptr, 10);
    const std::vector<std::string> seeds = read_seeds(argv[1]);
    if (seeds.empty()) {
        std::fprintf(stderr, "no seeds in %s\n", argv[1]);
        return 1;
    }
    std::mt19937 random(start);
    for (unsigned long i = 0; i < mutations; ++i) {
        const std::string& seed = seeds[random() % seeds.size()];
        run(mutant(seed, seeds, random),
            "mutation " + std::to_string(i) + " of seed " + std::to_string(start));
    }
    std::printf("%zu seeds and %lu mutations of seed %u\n", seeds.size(), mutations, start);
    return 0;
}
