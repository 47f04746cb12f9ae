// SPDX-License-Identifier: GPL-3.0-or-later
// The independent client: asks the VIP every few milliseconds as an application would, and tells when it got no
// answer. It shares no code with milvus-ha, whose recorded recovery times are judged against its own.
#include "inserter.h"
#include "prober.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <sys/signalfd.h>
#include <unistd.h>

namespace {

constexpr const char* kUsage =
    "usage: vip-client --vip ADDRESS [--interval-ms N] [--timeout-ms N] [--duration S] [--generation 0.x|2.x]\n"
    "                  [--port N] [--path P] [--insert --acked FILE [--insert-interval-ms N]] [--json]\n"
    "Asks until --duration or SIGTERM, then prints the outages: last_good and first_good in UTC (and as microseconds\n"
    "since 1970), outage_s between them. Says 'first good answer' on standard error once it sees the VIP answer.\n";

struct Options {
    client::Settings ask;
    double durationSeconds = 0;
    bool insert = false;
    std::string acked;
    std::int64_t insertIntervalUs = 10'000;
    bool json = false;
};

bool parse(int argc, char** argv, Options& options) {
    bool portGiven = false;
    bool pathGiven = false;
    bool second = false;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--json") {
            options.json = true;
            continue;
        }
        if (word == "--insert") {
            options.insert = true;
            continue;
        }
        if (i + 1 >= argc)
            return false;
        const std::string value = argv[++i];
        const double number = std::strtod(value.c_str(), nullptr);
        const auto us = static_cast<std::int64_t>(number * 1000);
        if (word == "--vip") {
            options.ask.address = value.substr(0, value.find('/'));
        } else if (word == "--interval-ms" && us > 0) {
            options.ask.intervalUs = us;
        } else if (word == "--timeout-ms" && us > 0) {
            options.ask.timeoutUs = us;
        } else if (word == "--min-outage-ms") {
            options.ask.minOutageUs = us;
        } else if (word == "--duration") {
            options.durationSeconds = number;
        } else if (word == "--insert-interval-ms" && us > 0) {
            options.insertIntervalUs = us;
        } else if (word == "--acked") {
            options.acked = value;
        } else if (word == "--generation") {
            second = value == "2.x";
        } else if (word == "--port") {
            options.ask.port = static_cast<std::uint16_t>(number);
            portGiven = true;
        } else if (word == "--path") {
            options.ask.path = value;
            pathGiven = true;
        } else {
            return false;
        }
    }
    if (second && !portGiven)
        options.ask.port = 9091;
    if (second && !pathGiven)
        options.ask.path = "/healthz";
    return !options.ask.address.empty() && options.insert == !options.acked.empty();
}

std::string utc(std::int64_t wallUs) {
    const time_t seconds = wallUs / 1'000'000;
    tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    const std::size_t n = strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text.data() + n, text.size() - n, ".%03dZ", static_cast<int>(wallUs / 1000 % 1000));
    return text.data();
}

void printOutage(const client::Outage& outage, bool json, const char* separator) {
    const std::int64_t endUs = outage.firstGood ? outage.firstGood->monotonicUs : client::now().monotonicUs;
    const double seconds = static_cast<double>(endUs - outage.lastGood.monotonicUs) / 1e6;
    const std::string from = utc(outage.lastGood.wallUs);
    if (!json) {
        std::printf("%s  outage of %.3f s%s\n", from.c_str(), seconds, outage.firstGood ? "" : ", and it lasts");
        return;
    }
    std::printf(R"(%s{"last_good":"%s","last_good_us":%lld,)", separator, from.c_str(),
                static_cast<long long>(outage.lastGood.wallUs));
    if (outage.firstGood) {
        std::printf(R"("first_good":"%s","first_good_us":%lld,)", utc(outage.firstGood->wallUs).c_str(),
                    static_cast<long long>(outage.firstGood->wallUs));
    } else {
        std::printf(R"("first_good":null,"first_good_us":null,)");
    }
    std::printf(R"("outage_s":%.6f,"failed_asks":%llu})", seconds, static_cast<unsigned long long>(outage.failedAsks));
}

void printResult(const client::Prober& prober, const client::Inserter* inserter, bool json) {
    const auto asked = static_cast<unsigned long long>(prober.asked());
    const auto good = static_cast<unsigned long long>(prober.good());
    const unsigned long long inserted = inserter != nullptr ? inserter->acknowledged() : 0;
    const unsigned long long refused = inserter != nullptr ? inserter->refused() : 0;
    if (json) {
        std::printf(R"({"asked":%llu,"good":%llu,"failed":%llu,"inserted":%llu,"inserts_refused":%llu,"outages":[)",
                    asked, good, static_cast<unsigned long long>(prober.failed()), inserted, refused);
    }
    const char* separator = "";
    for (const auto& outage : prober.outages()) {
        printOutage(outage, json, separator);
        separator = ",";
    }
    if (json) {
        std::printf("]}\n");
    } else {
        std::printf("%llu asked, %llu answered, %zu outages; %llu rows acknowledged\n", asked, good,
                    prober.outages().size(), inserted);
    }
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    if (!parse(argc, argv, options)) {
        std::fputs(kUsage, stderr);
        return 64;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const int stop = signalfd(-1, &signals, SFD_CLOEXEC);

    std::unique_ptr<client::Inserter> inserter;
    std::FILE* acked = nullptr;
    if (options.insert) {
        acked = std::fopen(options.acked.c_str(), "we");
        if (acked == nullptr) {
            std::perror(options.acked.c_str());
            return 73;
        }
        // Rows go where the health of 0.x is asked, and to the client port of 2.x.
        const std::uint16_t port = options.ask.port == 9091 ? 19530 : options.ask.port;
        inserter = std::make_unique<client::Inserter>(options.ask.address, port, options.insertIntervalUs, acked);
    }
    client::Prober prober(options.ask);
    prober.run(stop, static_cast<std::int64_t>(options.durationSeconds * 1e6));
    if (inserter)
        inserter->stop();
    if (acked != nullptr)
        std::fclose(acked);
    printResult(prober, inserter.get(), options.json);
    return 0;
}
