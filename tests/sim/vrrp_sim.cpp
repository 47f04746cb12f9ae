// SPDX-License-Identifier: GPL-3.0-or-later
#include "vrrp/prediction.h"
#include "world.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

/// vrrp-sim [--schedules N] [--seed FIRST] [--seconds AT_MOST]: runs the schedules FIRST .. FIRST+N-1. A failure is
/// told with its seed, and is run again by --seed SEED --schedules 1.
namespace {

struct Options {
    quint64 schedules = 1'000'000;
    quint64 seed = 1;
    double seconds = 540;
};

bool parse(int count, char** words, Options& options) {
    for (int i = 1; i < count; i += 2) {
        if (i + 1 == count)
            return false;
        if (std::strcmp(words[i], "--schedules") == 0) {
            options.schedules = std::strtoull(words[i + 1], nullptr, 10);
        } else if (std::strcmp(words[i], "--seed") == 0) {
            options.seed = std::strtoull(words[i + 1], nullptr, 10);
        } else if (std::strcmp(words[i], "--seconds") == 0) {
            options.seconds = std::strtod(words[i + 1], nullptr);
        } else {
            return false;
        }
    }
    return true;
}

} // namespace

int main(int count, char** words) {
    using Clock = std::chrono::steady_clock;
    Options options;
    if (!parse(count, words, options)) {
        std::fputs("usage: vrrp-sim [--schedules N] [--seed FIRST] [--seconds AT_MOST]\n", stderr);
        return 64;
    }
    const auto start = Clock::now();
    const auto seconds = [start] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    std::printf("seeds %llu to %llu\n", options.seed, options.seed + options.schedules - 1);
    quint64 done = 0;
    quint64 failed = 0;
    long steps = 0;
    double nearest = 0; // to the predicted bound, as a share of it
    for (; done < options.schedules && failed < 10; ++done) {
        if (done % 1000 == 0 && seconds() > options.seconds)
            break;
        const mha::sim::Schedule schedule = mha::sim::scheduleOf(options.seed + done);
        const mha::sim::Outcome outcome = mha::sim::run(schedule);
        steps += outcome.steps;
        const auto bound = mha::settlesWithin(schedule.instances, schedule.delay);
        nearest = std::max(nearest, static_cast<double>(outcome.settled.count()) / static_cast<double>(bound.count()));
        if (outcome.broken) {
            ++failed;
            std::printf("seed %llu: %s\n", schedule.seed, qPrintable(*outcome.broken));
        }
    }
    std::printf(
        "%llu schedules, %ld steps, %llu broken, in %.1f s; the slowest settled in %.0f %% of the predicted time\n",
        done, steps, failed, seconds(), 100 * nearest);
    if (failed == 0 && done < options.schedules)
        std::printf("the time was up before all %llu were run\n", options.schedules);
    return failed == 0 && done == options.schedules ? 0 : 1;
}
