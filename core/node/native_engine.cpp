// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/native_engine.h"

#include <utility>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

std::span<const quint8> spanOf(const QByteArray& bytes) {
    return {reinterpret_cast<const quint8*>(bytes.constData()), static_cast<size_t>(bytes.size())};
}

} // namespace

NativeEngine::NativeEngine(VrrpInstance instance, IpAddress peer, std::function<void()> beforeAdvert)
    : instance_(std::move(instance)), peer_(peer), world_(std::move(beforeAdvert)) {}

Result<void> NativeEngine::open(const NetInterface& interface) {
    auto opened = world_.open(instance_, interface);
    // Of a program that was killed: whoever has the VIP, it is not this one now.
    return opened ? world_.removeAddresses() : opened;
}

void NativeEngine::begin() {
    router_ = std::make_unique<VrrpRouter>(instance_, world_);
    connect(&world_.socket(), &VrrpSocket::received, router_.get(),
            [this](const QByteArray& message, const VrrpEnvelope& envelope) {
                router_->received(spanOf(message), envelope);
            });
    connect(router_.get(), &VrrpRouter::changed, this, [this](const VrrpTransition& transition) {
        Q_EMIT changed(transition.to, vrrpCauseText(transition.cause));
    });
    connect(router_.get(), &VrrpRouter::heard, this, [this](const VrrpHeard& heard) {
        if (heard.source == peer_)
            Q_EMIT peerHeard();
    });
    connect(router_.get(), &VrrpRouter::failed, this,
            [this](const Error& error) { Q_EMIT noted(u"vrrp-failed"_s, toSentence(error)); });
    connect(router_.get(), &VrrpRouter::flawed, this, [this](VrrpFlaw flaw, const IpAddress& source) {
        if (flawsTold_[static_cast<size_t>(flaw)]++ == 0)
            Q_EMIT noted(u"vrrp-flaw"_s, u"From %1: %2"_s.arg(source.toText(), vrrpFlawText(flaw)));
    });
    router_->startup();
}

void NativeEngine::keepAway(bool away) {
    router_->track({0, away});
}

void NativeEngine::end() {
    router_->shutdown();
}

VrrpState NativeEngine::state() const {
    return router_ ? router_->machine().state : VrrpState::Init;
}

void NativeEngine::addressChanged(const NetAddressChanged& change) {
    const bool ours = change.gone && instance_.addresses.contains(change.address.prefix);
    if (!ours || state() != VrrpState::Master)
        return;
    Q_EMIT noted(u"vip-put-back"_s, u"Another hand has taken %1 away."_s.arg(change.address.prefix.toText()));
    router_->assertAddresses();
}

QJsonObject NativeEngine::status() const {
    if (!router_)
        return {{u"engine"_s, u"native"_s}};
    const VrrpCounters& counters = router_->counters();
    QJsonObject flaws;
    for (int i = 0; i < kVrrpFlaws; ++i) {
        if (const quint64 count = counters.flaws[static_cast<size_t>(i)]; count > 0)
            flaws[vrrpFlawName(static_cast<VrrpFlaw>(i))] = static_cast<qint64>(count);
    }
    return {{u"engine"_s, u"native"_s},
            {u"vrrp"_s, QJsonObject{{u"state"_s, vrrpStateName(state())},
                                    {u"version"_s, static_cast<int>(instance_.version)},
                                    {u"vrid"_s, instance_.vrid},
                                    {u"priority"_s, instance_.priority},
                                    {u"advert_interval_s"_s, toSeconds(instance_.advertInterval)},
                                    {u"sent"_s, static_cast<qint64>(counters.sent)},
                                    {u"obeyed"_s, static_cast<qint64>(counters.obeyed)},
                                    {u"became_master"_s, static_cast<qint64>(counters.becameMaster)},
                                    {u"flaws"_s, flaws}}}};
}

} // namespace mha
