// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/native_engine.h"

#include "vrrp/timers.h"

#include <QCryptographicHash>
#include <QJsonArray>

#include <utility>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

std::span<const quint8> spanOf(const QByteArray& bytes) {
    return {reinterpret_cast<const quint8*>(bytes.constData()), static_cast<size_t>(bytes.size())};
}

} // namespace

NativeEngine::NativeEngine(VrrpInstance instance, IpAddress peer, std::function<void()> beforeAdvert,
                           bool endsConnections)
    : instance_(std::move(instance)), peer_(peer), world_(std::move(beforeAdvert), endsConnections) {}

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
            Q_EMIT peerHeard(heard.priority == 0);
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

QJsonObject NativeEngine::status(const QString& markKey) const {
    if (!router_)
        return {{u"engine"_s, u"native"_s}};
    const VrrpCounters& counters = router_->counters();
    QJsonObject flaws;
    quint64 rejected = 0;
    for (int i = 0; i < kVrrpFlaws; ++i) {
        const quint64 count = counters.flaws[static_cast<size_t>(i)];
        if (count > 0)
            flaws[vrrpFlawName(static_cast<VrrpFlaw>(i))] = static_cast<qint64>(count);
        rejected += obeysDespite(instance_, static_cast<VrrpFlaw>(i)) ? 0 : count;
    }
    const VrrpMachine& machine = router_->machine();
    QJsonArray vips;
    for (const IpPrefix& vip : instance_.addresses)
        vips.append(vip.address.toText());
    const int priority = effectivePriority(instance_, machine.tracking);
    QJsonObject vrrp{
        {u"state"_s, vrrpStateName(state())},
        {u"version"_s, static_cast<int>(instance_.version)},
        {u"vrid"_s, instance_.vrid},
        {u"priority"_s, instance_.priority},
        {u"effective_priority"_s, priority},
        {u"preempt"_s, instance_.preempt},
        {u"advert_interval_s"_s, toSeconds(instance_.advertInterval)},
        {u"master_down_s"_s, toSeconds(activeDownInterval(instance_.version, priority, machine.activeAdverInterval))},
        {u"vips"_s, vips},
        {u"auth_type"_s, instance_.auth == VrrpAuth::None ? QString() : u"PASS"_s},
        {u"sent"_s, static_cast<qint64>(counters.sent)},
        {u"resigned"_s, static_cast<qint64>(counters.resigned)},
        {u"obeyed"_s, static_cast<qint64>(counters.obeyed)},
        {u"rejected"_s, static_cast<qint64>(rejected)},
        {u"became_master"_s, static_cast<qint64>(counters.becameMaster)},
        {u"left_master"_s, static_cast<qint64>(counters.leftMaster)},
        {u"flaws"_s, flaws}};
    // As the look at keepalived makes it of auth_pass (keepalived/runtime.cpp).
    if (!markKey.isEmpty() && instance_.auth != VrrpAuth::None) {
        const QByteArray mark =
            QCryptographicHash::hash(markKey.toUtf8() + instance_.password.left(8), QCryptographicHash::Sha256);
        vrrp[u"auth_mark"_s] = QString::fromLatin1(mark.toHex().left(16));
    }
    return {{u"engine"_s, u"native"_s}, {u"vrrp"_s, vrrp}};
}

} // namespace mha
