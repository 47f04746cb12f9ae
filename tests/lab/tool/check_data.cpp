// SPDX-License-Identifier: GPL-3.0-or-later
// Reads what the stand-ins of a lab wrote on the shared storage (the format is in standin/data_log.h) and tells
// whether the pair kept its promises: no row lost that was acknowledged, no row twice, no two writers at once.
//   check-data DB [--acked FILE] [--json]
// FILE holds one acknowledged id a line. Exit code 0: all well, 1: something was lost or two wrote, 2: cannot tell.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unordered_set>
#include <vector>

namespace {

struct Session {
    std::string instance;
    std::string host = "?";
    std::int64_t startUs = INT64_MAX;
    std::int64_t lastUs = INT64_MIN;
    bool closed = false;
    std::set<std::uint32_t> sequences;
};

struct Overlap {
    const Session* first;
    const Session* second;
    double seconds;
};

struct Findings {
    std::map<std::string, Session> sessions;
    std::unordered_set<std::int64_t> ids;
    std::uint64_t rows = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t torn = 0;
    std::uint64_t missingInSequence = 0;
    std::uint64_t acked = 0;
    std::vector<std::int64_t> lost;
    std::vector<Overlap> overlaps;
};

void readSessions(const std::filesystem::path& db, Findings& found) {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(db / "standin-sessions", none)) {
        std::ifstream file(entry.path());
        std::string mark;
        std::string state;
        std::int64_t wall = 0;
        Session read;
        if (file >> mark >> read.instance >> read.host >> read.startUs >> read.lastUs >> wall >> state && mark == "S") {
            read.closed = state == "closed";
            found.sessions[read.instance] = read;
        } else {
            ++found.torn;
        }
    }
}

void readRows(const std::filesystem::path& db, Findings& found) {
    std::ifstream file(db / "standin-rows.log");
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string mark;
        std::string instance;
        std::uint32_t sequence = 0;
        std::int64_t id = 0;
        std::int64_t at = 0;
        std::int64_t wall = 0;
        if (!(words >> mark >> instance >> sequence >> id >> at >> wall) || mark != "R") {
            ++found.torn;
            continue;
        }
        ++found.rows;
        if (!found.ids.insert(id).second)
            ++found.duplicates;
        Session& session = found.sessions[instance];
        session.instance = instance;
        session.sequences.insert(sequence);
        session.startUs = std::min(session.startUs, at);
        session.lastUs = std::max(session.lastUs, at);
    }
    for (const auto& [name, session] : found.sessions) {
        if (!session.sequences.empty())
            found.missingInSequence += *session.sequences.rbegin() - session.sequences.size();
    }
}

void findOverlaps(Findings& found) {
    std::vector<const Session*> order;
    order.reserve(found.sessions.size());
    for (const auto& [name, session] : found.sessions)
        order.push_back(&session);
    std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->startUs < b->startUs; });
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i + 1; j < order.size() && order[j]->startUs <= order[i]->lastUs; ++j) {
            const auto both = std::min(order[i]->lastUs, order[j]->lastUs) - order[j]->startUs;
            found.overlaps.push_back({order[i], order[j], static_cast<double>(both) / 1e6});
        }
    }
}

bool compareAcked(const char* path, Findings& found) {
    std::ifstream file(path);
    if (!file)
        return false;
    std::int64_t id = 0;
    while (file >> id) {
        ++found.acked;
        if (!found.ids.contains(id))
            found.lost.push_back(id);
    }
    return true;
}

void printJson(const Findings& found, bool good) {
    std::printf("{\"good\":%s,\"rows\":%llu,\"acked\":%llu,\"lost\":[", good ? "true" : "false",
                static_cast<unsigned long long>(found.rows), static_cast<unsigned long long>(found.acked));
    for (std::size_t i = 0; i < found.lost.size(); ++i)
        std::printf("%s%lld", i == 0 ? "" : ",", static_cast<long long>(found.lost[i]));
    std::printf(
        "],\"duplicates\":%llu,\"missing_in_sequence\":%llu,\"torn_lines\":%llu,\"sessions\":%zu,\"overlaps\":[",
        static_cast<unsigned long long>(found.duplicates), static_cast<unsigned long long>(found.missingInSequence),
        static_cast<unsigned long long>(found.torn), found.sessions.size());
    for (std::size_t i = 0; i < found.overlaps.size(); ++i) {
        const auto& both = found.overlaps[i];
        std::printf(
            "%s{\"first\":\"%s\",\"first_host\":\"%s\",\"second\":\"%s\",\"second_host\":\"%s\",\"overlap_s\":%.3f}",
            i == 0 ? "" : ",", both.first->instance.c_str(), both.first->host.c_str(), both.second->instance.c_str(),
            both.second->host.c_str(), both.seconds);
    }
    std::printf("]}\n");
}

void printText(const Findings& found, bool good) {
    std::printf("%llu rows in %zu sessions; %llu acknowledged ids compared\n",
                static_cast<unsigned long long>(found.rows), found.sessions.size(),
                static_cast<unsigned long long>(found.acked));
    for (const auto id : found.lost)
        std::printf("LOST: row %lld was acknowledged and is not there\n", static_cast<long long>(id));
    if (found.duplicates > 0)
        std::printf("DUPLICATES: %llu rows are there twice\n", static_cast<unsigned long long>(found.duplicates));
    if (found.missingInSequence > 0) {
        std::printf("MISSING: %llu rows are missing in their instances' sequences\n",
                    static_cast<unsigned long long>(found.missingInSequence));
    }
    for (const auto& both : found.overlaps) {
        std::printf("TWO WRITERS: %s on %s and %s on %s at once for %.3f s\n", both.first->instance.c_str(),
                    both.first->host.c_str(), both.second->instance.c_str(), both.second->host.c_str(), both.seconds);
    }
    std::printf("%s\n", good ? "all well" : "NOT well");
}

} // namespace

int main(int argc, char** argv) {
    std::filesystem::path db;
    const char* acked = nullptr;
    bool json = false;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--json") {
            json = true;
        } else if (word == "--acked" && i + 1 < argc) {
            acked = argv[++i];
        } else {
            db = word;
        }
    }
    std::error_code none;
    if (db.empty() || !std::filesystem::is_directory(db, none)) {
        std::fprintf(stderr, "check-data: no such folder: '%s'\nusage: check-data DB [--acked FILE] [--json]\n",
                     db.c_str());
        return 2;
    }
    Findings found;
    readSessions(db, found);
    readRows(db, found);
    findOverlaps(found);
    if (acked != nullptr && !compareAcked(acked, found)) {
        std::fprintf(stderr, "check-data: cannot read %s\n", acked);
        return 2;
    }
    const bool good =
        found.lost.empty() && found.overlaps.empty() && found.duplicates == 0 && found.missingInSequence == 0;
    if (json) {
        printJson(found, good);
    } else {
        printText(found, good);
    }
    return good ? 0 : 1;
}
