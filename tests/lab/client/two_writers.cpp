// SPDX-License-Identifier: GPL-3.0-or-later
// Samples through both hosts' Docker Engines whether the container runs, and tells whether both ever ran at once.
// The hosts are asked in turn: one of them running between two moments at which the other ran is proof, one glance at
// each is not. Runs on the machine, as root; the engines are reached through the hosts' own roots under /proc.
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr const char* kUsage =
    "usage: two-writers --lab NAME [--container NAME] [--interval-ms N] [--duration S]\n"
    "Samples until --duration or SIGTERM, then prints JSON. Exit code 1: both ran at once.\n";

enum class Running { No, Yes, Unknown };

std::int64_t readClock(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<std::int64_t>(t.tv_sec) * 1'000'000 + t.tv_nsec / 1000;
}

/// One host's Docker Engine over a connection that is kept while it lasts.
class Engine {
public:
    Engine(std::string pidFile, const std::string& container)
        : pidFile_(std::move(pidFile)),
          request_("GET /v1.41/containers/" + container + "/json HTTP/1.1\r\nHost: docker\r\n\r\n") {}

    ~Engine() { drop(); }

    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    Running ask() {
        if (file_ < 0 && !connect())
            return Running::Unknown;
        if (send(file_, request_.data(), request_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request_.size()))
            return lost();
        std::string answer;
        std::array<char, 16384> block{};
        while (!complete(answer)) {
            const ssize_t n = recv(file_, block.data(), block.size(), 0);
            if (n <= 0)
                return lost();
            answer.append(block.data(), static_cast<std::size_t>(n));
        }
        if (answer.find(R"("Running":true)") != std::string::npos)
            return Running::Yes;
        return answer.find(R"("Running":false)") != std::string::npos ? Running::No : Running::Unknown;
    }

private:
    bool connect() {
        // Read anew each time: a host that was off comes back under another number.
        std::ifstream file(pidFile_);
        std::string pid;
        if (!(file >> pid))
            return false;
        sockaddr_un to{};
        to.sun_family = AF_UNIX;
        const std::string path = "/proc/" + pid + "/root/run/docker.sock";
        std::strncpy(to.sun_path, path.c_str(), sizeof to.sun_path - 1);
        file_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const timeval patience{.tv_sec = 0, .tv_usec = 200'000};
        setsockopt(file_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(file_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
        if (::connect(file_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
            return true;
        drop();
        return false;
    }

    /// Docker answers this request with a Content-Length, or in chunks when the text is long.
    static bool complete(const std::string& answer) {
        const auto head = answer.find("\r\n\r\n");
        if (head == std::string::npos)
            return false;
        const auto length = answer.find("Content-Length: ");
        if (length != std::string::npos && length < head)
            return answer.size() >= head + 4 + std::strtoul(answer.c_str() + length + 16, nullptr, 10);
        return answer.ends_with("\r\n0\r\n\r\n");
    }

    Running lost() {
        drop();
        return Running::Unknown;
    }

    void drop() {
        if (file_ >= 0)
            close(file_);
        file_ = -1;
    }

    std::string pidFile_;
    std::string request_;
    int file_ = -1;
};

struct Episode {
    std::int64_t fromWallUs = 0;
    std::int64_t fromUs = 0;
    std::int64_t toUs = 0;
};

/// When both were certainly running, from samples taken in turn.
class Overlap {
public:
    void sample(int host, Running running, std::int64_t atUs, std::int64_t wallUs) {
        const Running other = last_.at(static_cast<std::size_t>(1 - host));
        const Running before = last_.at(static_cast<std::size_t>(host));
        last_.at(static_cast<std::size_t>(host)) = running;
        // The other ran at a moment between two moments at which this one ran.
        if (running == Running::Yes && before == Running::Yes && other == Running::Yes) {
            if (!both_)
                episodes_.push_back({.fromWallUs = wallUs, .fromUs = lastUs_, .toUs = atUs});
            both_ = true;
            episodes_.back().toUs = atUs;
        } else {
            both_ = false;
        }
        lastUs_ = atUs;
    }

    [[nodiscard]] const std::vector<Episode>& episodes() const { return episodes_; }

private:
    std::array<Running, 2> last_ = {Running::Unknown, Running::Unknown};
    std::int64_t lastUs_ = 0;
    bool both_ = false;
    std::vector<Episode> episodes_;
};

int report(const Overlap& overlap, std::uint64_t samples, std::uint64_t unknown) {
    double total = 0;
    double longest = 0;
    for (const auto& episode : overlap.episodes()) {
        const double seconds = static_cast<double>(episode.toUs - episode.fromUs) / 1e6;
        total += seconds;
        longest = std::max(longest, seconds);
    }
    const bool ever = !overlap.episodes().empty();
    std::printf(R"({"ever_both":%s,"samples":%llu,"unknown":%llu,"both_s":%.3f,"longest_both_s":%.3f,"episodes":[)",
                ever ? "true" : "false", static_cast<unsigned long long>(samples),
                static_cast<unsigned long long>(unknown), total, longest);
    const char* separator = "";
    for (const auto& episode : overlap.episodes()) {
        std::printf(R"(%s{"from_us":%lld,"seconds":%.3f})", separator, static_cast<long long>(episode.fromWallUs),
                    static_cast<double>(episode.toUs - episode.fromUs) / 1e6);
        separator = ",";
    }
    std::printf("]}\n");
    return ever ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
    std::string lab;
    std::string container = "milvus";
    std::int64_t intervalUs = 10'000;
    double duration = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string word = argv[i];
        if (word == "--lab") {
            lab = argv[i + 1];
        } else if (word == "--container") {
            container = argv[i + 1];
        } else if (word == "--interval-ms") {
            intervalUs = static_cast<std::int64_t>(std::strtod(argv[i + 1], nullptr) * 1000);
        } else if (word == "--duration") {
            duration = std::strtod(argv[i + 1], nullptr);
        } else {
            lab.clear();
        }
    }
    if (lab.empty() || argc % 2 == 0 || intervalUs <= 0) {
        std::fputs(kUsage, stderr);
        return 64;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    pollfd stop{.fd = signalfd(-1, &signals, SFD_CLOEXEC), .events = POLLIN, .revents = 0};

    std::array<Engine, 2> engines = {Engine("/run/milvus-ha-lab/" + lab + "/master.pid", container),
                                     Engine("/run/milvus-ha-lab/" + lab + "/backup.pid", container)};
    Overlap overlap;
    std::uint64_t samples = 0;
    std::uint64_t unknown = 0;
    const std::int64_t startedUs = readClock(CLOCK_MONOTONIC);
    std::int64_t nextUs = startedUs;
    while (duration <= 0 || readClock(CLOCK_MONOTONIC) - startedUs < static_cast<std::int64_t>(duration * 1e6)) {
        for (int host = 0; host < 2; ++host) {
            const Running running = engines.at(static_cast<std::size_t>(host)).ask();
            overlap.sample(host, running, readClock(CLOCK_MONOTONIC), readClock(CLOCK_REALTIME));
            unknown += running == Running::Unknown ? 1U : 0U;
            ++samples;
        }
        nextUs = std::max(nextUs + intervalUs, readClock(CLOCK_MONOTONIC));
        const std::int64_t waitUs = std::max<std::int64_t>(0, nextUs - readClock(CLOCK_MONOTONIC));
        const timespec wait{.tv_sec = waitUs / 1'000'000, .tv_nsec = (waitUs % 1'000'000) * 1000};
        if (ppoll(&stop, 1, &wait, nullptr) > 0)
            break;
    }
    return report(overlap, samples, unknown);
}
