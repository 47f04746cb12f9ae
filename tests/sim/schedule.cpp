// SPDX-License-Identifier: GPL-3.0-or-later
#include "schedule.h"

#include <algorithm>

namespace mha::sim {

using namespace std::chrono_literals;

namespace {

constexpr int kKinds = static_cast<int>(Trouble::Kind::Connect) + 1;

int below(Random& random, int limit) {
    return static_cast<int>(random() % static_cast<quint64>(limit));
}

template <typename T, size_t N> T oneOf(Random& random, const T (&values)[N]) {
    return values[random() % N];
}

VrrpInstance instanceOf(Random& random, int router, VrrpVersion version, Duration interval) {
    VrrpInstance instance;
    instance.vrid = 51;
    instance.version = version;
    instance.advertInterval = interval;
    // Few different values, so that equal priorities are common.
    instance.priority = oneOf(random, {91, 100, 100, 110, 254, 1});
    instance.source = IpAddress(std::array<quint8, 4>{10, 77, 0, static_cast<quint8>(router + 1)});
    instance.addresses = {IpPrefix{IpAddress(std::array<quint8, 4>{10, 77, 0, 100}), 24}};
    return instance;
}

} // namespace

Schedule scheduleOf(quint64 seed) {
    Random random(seed);
    Schedule schedule;
    schedule.seed = seed;
    const int routers = 2 + below(random, 2);
    const VrrpVersion version = below(random, 3) == 0 ? VrrpVersion::V2 : VrrpVersion::V3;
    const bool preempt = below(random, 3) != 0;
    const bool delayed = preempt && below(random, 4) == 0;
    const Duration base = version == VrrpVersion::V2 ? Duration(1s) : oneOf<Duration>(random, {10ms, 100ms, 1s});
    for (int router = 0; router < routers; ++router) {
        // Version 3 lets each router have an interval of its own.
        const Duration interval = version == VrrpVersion::V3 && below(random, 5) == 0 ? base * 2 : base;
        VrrpInstance instance = instanceOf(random, router, version, interval);
        instance.preempt = preempt;
        if (delayed)
            instance.preemptDelay = base * below(random, 10);
        if (below(random, 4) == 0)
            instance.stepDownAfterAbsence = 3 * base;
        schedule.instances.append(instance);
    }
    // At most one owner of the addresses.
    if (below(random, 8) == 0)
        schedule.instances[below(random, routers)].priority = kOwnerPriority;
    schedule.delay = base / (1 + below(random, 50));
    schedule.loss = oneOf(random, {0., .05, .3, .7});
    schedule.duplication = oneOf(random, {0., .1, .5});
    schedule.healsAt = base * (5 + below(random, 25));
    const int troubles = below(random, 12);
    for (int i = 0; i < troubles; ++i) {
        const auto at = Duration(static_cast<Duration::rep>(random() % static_cast<quint64>(schedule.healsAt.count())));
        schedule.troubles.push_back({static_cast<Trouble::Kind>(below(random, kKinds)), below(random, routers), at});
    }
    std::ranges::stable_sort(schedule.troubles, {}, &Trouble::at);
    return schedule;
}

} // namespace mha::sim
