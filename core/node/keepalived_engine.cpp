// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/keepalived_engine.h"

#include "keepalived/fault_flag.h"
#include "netlink/connections.h"

#include <QFile>

#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

/// keepalived's parent writes it; the children, who speak VRRP, end with it.
constexpr const char* kPidFiles[] = {"/run/keepalived.pid", "/run/keepalived/keepalived.pid"};

constexpr std::chrono::milliseconds kLookEvery{250};

QByteArray contentOf(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

/// 0: it does not run. The number in a file that was left may be another process's by now.
int keepalivedPid() {
    for (const char* name : kPidFiles) {
        const int pid = contentOf(QString::fromLatin1(name)).toInt();
        if (pid > 0 && contentOf(u"/proc/%1/comm"_s.arg(pid)) == "keepalived")
            return pid;
    }
    return 0;
}

} // namespace

Result<void> writeFaultFlag(bool up) {
    // Written in place: keepalived looks at the file when it is closed after writing.
    QFile file(kFaultFlagPath);
    if (file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(up ? "1\n" : "0\n") == 2 && file.flush())
        return {};
    return std::unexpected(Error{ErrorCode::Refused, u"The FAULT flag cannot be written: %1."_s.arg(file.errorString()),
                                 kFaultFlagPath, u"Run this program as root."_s});
}

KeepalivedEngine::KeepalivedEngine(Settings settings)
    : settings_(std::move(settings)), rival_(settings_.vrrp.advertInterval) {}

KeepalivedEngine::~KeepalivedEngine() {
    stopWatching();
}

Result<void> KeepalivedEngine::open(const NetInterface& interface) {
    interface_ = interface;
    auto route = RouteSocket::open();
    if (!route)
        return std::unexpected(route.error());
    route_ = std::move(*route);
    if (auto opened = fifo_.open(settings_.fifo); !opened)
        return opened;
    return adverts_.open(settings_.vrrp, interface.index);
}

void KeepalivedEngine::begin() {
    connect(&fifo_, &NotifyFifo::heard, this, &KeepalivedEngine::hear);
    connect(&adverts_, &VrrpSocket::received, this, [this](const QByteArray& message, const VrrpEnvelope& envelope) {
        if (envelope.source != settings_.peer)
            return;
        // The third byte is the priority in both versions (RFC 9568, 5.1).
        const bool resigns = message.size() > 2 && message[2] == 0;
        if (state_ == VrrpState::Master && !resigns)
            rivalHeard();
        Q_EMIT peerHeard(resigns);
    });
    connect(&look_, &QTimer::timeout, this, &KeepalivedEngine::look);
    look_.start(kLookEvery);
    watchProcess();
    keepAway(false);
    if (process_ < 0) {
        enter(VrrpState::Stopped, u"keepalived does not run"_s);
    } else {
        enter(holdsVip() ? VrrpState::Master : VrrpState::Backup, u"of where the VIP is"_s);
    }
}

void KeepalivedEngine::keepAway(bool away) {
    away_ = away;
    if (away && state_ == VrrpState::Master)
        endClients();
    if (auto written = writeFaultFlag(away); !written)
        Q_EMIT noted(u"flag-failed"_s, toSentence(written.error()));
}

void KeepalivedEngine::end() {
    // keepalived goes on without this program, and nobody would start Milvus where it takes the VIP.
    keepAway(true);
}

bool KeepalivedEngine::isVip(const IpAddress& address) const {
    return std::ranges::any_of(settings_.vrrp.addresses,
                               [&address](const IpPrefix& vip) { return vip.address == address; });
}

bool KeepalivedEngine::holdsVip() {
    const auto addresses = route_->addresses();
    return addresses && std::ranges::any_of(*addresses, [this](const NetAddress& held) {
               return held.index == interface_.index && isVip(held.prefix.address);
           });
}

void KeepalivedEngine::hear(const NotifyLine& line) {
    if (!settings_.instance.isEmpty() && line.instance != settings_.instance)
        return;
    priority_ = line.priority;
    hangs_ = false;
    // A keepalived that was started anew is another process.
    if (process_ < 0 && line.state != VrrpState::Stopped)
        watchProcess();
    enter(line.state, u"keepalived's own word"_s);
}

void KeepalivedEngine::enter(VrrpState state, const QString& cause) {
    // The deadman raises the flag as well: what it was raised for is over once this program says so.
    if (state == VrrpState::Fault && !away_ && !QFile::exists(kMaintenancePath))
        keepAway(false);
    rival_.forget();
    if (std::exchange(state_, state) != state)
        Q_EMIT changed(state, cause);
}

void KeepalivedEngine::rivalHeard() {
    if (!rival_.heard(monotonicNow()))
        return;
    Q_EMIT noted(u"keepalived-hangs"_s, u"The other node is MASTER and keepalived here does not see it."_s);
    // When it runs on it finds its address gone, and elects itself anew.
    dropVip();
    hangs_ = true;
    enter(VrrpState::Stopped, u"a keepalived that hangs"_s);
}

void KeepalivedEngine::watchProcess() {
    stopWatching();
    const int pid = keepalivedPid();
    process_ = pid > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)) : -1;
    if (process_ < 0)
        return;
    ended_ = std::make_unique<QSocketNotifier>(process_, QSocketNotifier::Read);
    connect(ended_.get(), &QSocketNotifier::activated, this, &KeepalivedEngine::processGone);
}

void KeepalivedEngine::processGone() {
    stopWatching();
    hangs_ = false;
    Q_EMIT noted(u"keepalived-gone"_s, u"Its process has ended."_s);
    dropVip();
    enter(VrrpState::Stopped, u"the end of keepalived"_s);
    // It is there before the next keepalived is, which then leaves it be.
    fifo_.openAgainIfGone();
}

void KeepalivedEngine::look() {
    const bool anew = fifo_.openAgainIfGone();
    if (process_ < 0)
        watchProcess();
    if (process_ < 0 || hangs_ || (!anew && state_ != VrrpState::Stopped))
        return;
    enter(holdsVip() ? VrrpState::Master : away_ ? VrrpState::Fault : VrrpState::Backup, u"of where the VIP is"_s);
}

void KeepalivedEngine::stopWatching() {
    ended_.reset();
    if (process_ >= 0)
        ::close(std::exchange(process_, -1));
}

/// While the VIP is still here: keepalived takes it away.
void KeepalivedEngine::endClients() {
    if (!settings_.endsConnections)
        return;
    for (const IpPrefix& vip : settings_.vrrp.addresses) {
        if (const auto ended = endConnections(vip.address); !ended)
            Q_EMIT noted(u"connections-stay"_s, toSentence(ended.error()));
    }
}

void KeepalivedEngine::dropVip() {
    endClients();
    const auto addresses = route_->addresses();
    for (const NetAddress& held : addresses.value_or(QList<NetAddress>())) {
        if (held.index == interface_.index && isVip(held.prefix.address))
            static_cast<void>(route_->removeAddress(interface_, held.prefix).has_value());
    }
}

void KeepalivedEngine::addressChanged(const NetAddressChanged& change) {
    if (change.gone && isVip(change.address.prefix.address) && state_ == VrrpState::Master)
        Q_EMIT noted(u"vip-gone"_s, u"%1 is gone from here."_s.arg(change.address.prefix.toText()));
}

QJsonObject KeepalivedEngine::status(const QString& /*markKey: it knows no password*/) const {
    return {{u"engine"_s, u"keepalived"_s},
            {u"vrrp"_s, QJsonObject{{u"state"_s, vrrpStateName(state_)},
                                    {u"vrid"_s, settings_.vrrp.vrid},
                                    {u"priority"_s, priority_ >= 0 ? QJsonValue(priority_) : QJsonValue()},
                                    {u"advert_interval_s"_s, toSeconds(settings_.vrrp.advertInterval)},
                                    {u"fault_flag"_s, away_}}}};
}

} // namespace mha
