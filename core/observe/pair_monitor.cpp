// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/pair_monitor.h"

#include "observe/completeness.h"
#include "observe/inbox.h"
#include "observe/node_sensor.h"
#include "observe/reducer.h"
#include "observe/reducer_changes.h"
#include "observe/vip_probe.h"

#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>

namespace mha {

namespace {

/// All that a rule waits for is awaited at this pace...
constexpr std::chrono::milliseconds kTickEvery{250};
/// ...and once it is over, longer than any rule waits (rules.h: 7 s) after the last news of a pair that is healthy,
/// only ages grow.
constexpr std::chrono::milliseconds kCalmTickEvery{2000};
constexpr std::chrono::seconds kCalmAfter{10};

/// What changes nothing may wait for the next tick: each wake-up of an idle window costs.
bool isNews(const Sighting& was, const Sighting& is) {
    return std::visit(
        [&was](const auto& now) {
            using Seen = std::remove_cvref_t<decltype(now)>;
            if constexpr (requires { sameValue(now, now); }) {
                return !sameValue(std::get<Seen>(was), now);
            } else {
                return true;
            }
        },
        is);
}

} // namespace

struct PairMonitor::State {
    /// What the threads of links and probe may still hold when this object is gone.
    struct Shared {
        explicit Shared(std::function<void()> wake) : inbox(std::move(wake), isNews) {}

        void hint() {
            const std::scoped_lock lock(mutex);
            if (probe)
                probe->hint();
        }

        void setProbe(VipProbe* newProbe) {
            const std::scoped_lock lock(mutex);
            probe = newProbe;
        }

        Inbox inbox;
        std::mutex mutex;
        VipProbe* probe = nullptr;
    };

    /// A sensor is made, used and destroyed in its link's thread, so only that thread looks into the holder.
    using SensorHolder = std::shared_ptr<std::unique_ptr<NodeSensor>>;

    State(PairMonitor* theMonitor, Pair thePair, MonitorOptions theOptions)
        : monitor(theMonitor), pair(std::move(thePair)), options(std::move(theOptions)), reducer(pair),
          completeness(!pair.storagePath.isEmpty()) {}

    void startNode(int node);
    void endSensor(int node);
    void take();
    void reduce(const Observation& observation);
    void tick(Instant now);
    void tell(const Reduced& reduced);
    void pace();
    void hadNews();

    PairMonitor* monitor;
    Pair pair;
    MonitorOptions options;
    Reducer reducer;
    Completeness completeness;
    bool toldComplete = false;
    bool running = false;
    std::array<std::shared_ptr<SshLink>, 2> links;
    std::array<SensorHolder, 2> sensors;
    std::shared_ptr<Shared> shared;
    std::unique_ptr<VipProbe> probe;
    QTimer ticker;
    QElapsedTimer sinceNews;
};

void PairMonitor::State::startNode(int node) {
    const std::shared_ptr<SshLink> link = links[std::size_t(node)];
    const auto holder = std::make_shared<std::unique_ptr<NodeSensor>>();
    sensors[std::size_t(node)] = holder;
    link->post([link, holder, node, thePair = pair, streams = options.streams, there = shared] {
        *holder = std::make_unique<NodeSensor>(
            link, thePair, node, streams, [there](const Observation& seen) { there->inbox.put(seen); },
            [there] { there->hint(); });
    });
    link->start();
}

void PairMonitor::State::endSensor(int node) {
    const SensorHolder holder = std::exchange(sensors[std::size_t(node)], {});
    links[std::size_t(node)]->post([holder] { holder->reset(); });
}

void PairMonitor::State::take() {
    QList<Observation> batch = shared->inbox.takeAll();
    std::ranges::stable_sort(batch, {}, &Observation::at);
    for (const Observation& observation : batch)
        reduce(observation);
    if (!toldComplete && completeness.complete()) {
        toldComplete = true;
        Q_EMIT monitor->completed();
    }
}

void PairMonitor::State::reduce(const Observation& observation) {
    completeness.add(observation);
    Q_EMIT monitor->observed(observation);
    tell(reducer.apply(observation));
}

void PairMonitor::State::tick(Instant now) {
    take();
    Q_EMIT monitor->ticked(now);
    tell(reducer.tick(now));
    pace();
}

void PairMonitor::State::pace() {
    if (!ticker.isActive())
        return;
    const bool calm = reducer.picture().verdict.level == VerdictLevel::Healthy &&
                      sinceNews.hasExpired(std::chrono::milliseconds(kCalmAfter).count());
    const std::chrono::milliseconds every = calm ? kCalmTickEvery : kTickEvery;
    if (ticker.intervalAsDuration() != every)
        ticker.start(every);
}

void PairMonitor::State::hadNews() {
    sinceNews.start();
    pace();
}

void PairMonitor::State::tell(const Reduced& reduced) {
    if (reduced.pictureChanged)
        Q_EMIT monitor->pictureChanged(reducer.picture());
    if (!reduced.events.isEmpty())
        Q_EMIT monitor->eventsSeen(reduced.events);
    for (const Failover& failover : reduced.failovers)
        Q_EMIT monitor->failoverSeen(failover);
}

PairMonitor::PairMonitor(Pair pair, MonitorOptions options, QObject* parent)
    : PairSource(parent), state_(std::make_unique<State>(this, std::move(pair), std::move(options))) {
    if (state_->options.ssh.knownHosts.isEmpty())
        state_->options.ssh.knownHosts = state_->pair.knownHosts;
    if (!state_->options.streams)
        state_->options.ssh.reconnect = false;
    for (std::size_t node = 0; node < state_->links.size(); ++node)
        state_->links[node] = std::make_shared<SshLink>(state_->pair.nodes[node], state_->options.ssh);
    connect(&state_->ticker, &QTimer::timeout, this, [this] { state_->tick(wallClockNow()); });
}

PairMonitor::~PairMonitor() {
    stop();
}

void PairMonitor::start() {
    if (std::exchange(state_->running, true))
        return;
    state_->shared =
        std::make_shared<State::Shared>([this] { QMetaObject::invokeMethod(this, "take", Qt::QueuedConnection); });
    state_->probe = std::make_unique<VipProbe>(
        state_->pair, [there = state_->shared](const Observation& seen) { there->inbox.put(seen); });
    state_->shared->setProbe(state_->probe.get());
    state_->probe->start();
    state_->startNode(0);
    state_->startNode(1);
    state_->sinceNews.start();
    state_->ticker.start(kTickEvery);
}

void PairMonitor::stop() {
    if (!std::exchange(state_->running, false))
        return;
    state_->ticker.stop();
    state_->shared->inbox.close();
    state_->shared->setProbe(nullptr);
    state_->endSensor(0);
    state_->endSensor(1);
    for (const std::shared_ptr<SshLink>& link : state_->links)
        link->stop();
    state_->probe.reset();
}

void PairMonitor::take() {
    if (!state_->running)
        return;
    state_->take();
    state_->hadNews();
}

const Pair& PairMonitor::pair() const {
    return state_->pair;
}

const Picture& PairMonitor::picture() const {
    return state_->reducer.picture();
}

Link& PairMonitor::link(int node) {
    return *state_->links[std::size_t(node)];
}

bool PairMonitor::complete() const {
    return state_->completeness.complete();
}

void PairMonitor::retryNow() {
    if (!state_->running)
        return;
    for (const std::shared_ptr<SshLink>& link : state_->links)
        link->start();
}

void PairMonitor::noteOperation(const OperationSeen& operation) {
    if (state_->running)
        state_->shared->hint();
    state_->reduce({wallClockNow(), -1, operation});
    state_->hadNews();
}

} // namespace mha
