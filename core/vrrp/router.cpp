// SPDX-License-Identifier: GPL-3.0-or-later
#include "vrrp/router.h"

#include <QPointer>

#include <algorithm>

namespace mha {

VrrpRouter::VrrpRouter(VrrpInstance instance, VrrpWorld& world, QObject* parent)
    : QObject(parent), instance_(std::move(instance)), world_(world), machine_(vrrpMachine(instance_)), timer_(this) {
    timer_.setSingleShot(true);
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, [this] { take(VrrpTick{}); });
}

void VrrpRouter::startup() {
    take(VrrpStartup{});
}

void VrrpRouter::shutdown() {
    take(VrrpShutdown{});
}

void VrrpRouter::track(const VrrpTracking& tracking) {
    if (tracking != machine_.tracking)
        take(tracking);
}

void VrrpRouter::received(std::span<const quint8> message, const VrrpEnvelope& envelope) {
    const auto count = [&](VrrpFlaw flaw) {
        ++counters_.flaws[static_cast<size_t>(flaw)];
        Q_EMIT flawed(flaw, envelope.source);
    };
    const QPointer<VrrpRouter> alive(this);
    const auto advert = decodeAdvert(message, envelope);
    if (!advert) {
        count(advert.error());
        return;
    }
    if (const auto flaw = vrrpFlawFor(instance_, *advert, envelope)) {
        const bool obeyed = obeysDespite(instance_, *flaw);
        count(*flaw);
        if (!obeyed || !alive)
            return;
    }
    ++counters_.obeyed;
    const VrrpHeard sign{envelope.source, advert->priority, advert->interval, advert->checksum};
    take(sign);
    if (alive)
        Q_EMIT heard(sign);
}

void VrrpRouter::assertAddresses() {
    if (machine_.state != VrrpState::Master)
        return;
    for (const VrrpEffect& effect : {VrrpEffect{VrrpEffect::Kind::AddAddresses},
                                     VrrpEffect{VrrpEffect::Kind::Announce, instance_.announcing.packets}}) {
        if (const Result<void> done = carryOut(effect); !done) {
            Q_EMIT failed(done.error());
            return;
        }
    }
}

void VrrpRouter::take(const VrrpInput& input) {
    VrrpStep done = step(instance_, machine_, input, world_.now());
    machine_ = done.machine;
    QList<Error> errors;
    for (const VrrpEffect& effect : done.effects) {
        if (const Result<void> carried = carryOut(effect); !carried)
            errors.append(carried.error());
    }
    if (done.transition) {
        counters_.becameMaster += done.transition->to == VrrpState::Master ? 1 : 0;
        counters_.leftMaster += done.transition->from == VrrpState::Master ? 1 : 0;
    }
    setTimer();
    const QPointer<VrrpRouter> alive(this);
    for (const Error& error : std::as_const(errors)) {
        Q_EMIT failed(error);
        if (!alive)
            return;
    }
    if (done.transition)
        Q_EMIT changed(*done.transition);
}

Result<void> VrrpRouter::carryOut(const VrrpEffect& effect) {
    switch (effect.kind) {
    case VrrpEffect::Kind::SendAdvert:
        ++counters_.sent;
        counters_.resigned += effect.value == 0 ? 1 : 0;
        return world_.send(advertOf(instance_, effect.value, machine_.form));
    case VrrpEffect::Kind::AddAddresses:
        return world_.addAddresses();
    case VrrpEffect::Kind::RemoveAddresses:
        return world_.removeAddresses();
    case VrrpEffect::Kind::Announce:
        return world_.announce(effect.value);
    }
    return {};
}

void VrrpRouter::setTimer() {
    const auto deadline = nextDeadline(machine_);
    if (!deadline) {
        timer_.stop();
        return;
    }
    // Never before it is due: a look too early would only be repeated.
    timer_.start(
        std::max(std::chrono::ceil<std::chrono::milliseconds>(*deadline - world_.now()), std::chrono::milliseconds(0)));
}

} // namespace mha
