// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/node_program.h"

#include "keepalived/fault_flag.h"
#include "keepalived/runtime.h"
#include "node/keepalived_engine.h"
#include "node/native_engine.h"

#include <QFile>
#include <QRandomGenerator>

#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

AgreementSettings agreementSettings(const NodeSettings& settings) {
    AgreementSettings result;
    result.interval = settings.vrrp.advertInterval;
    result.stopDeadline = settings.stopDeadline;
    result.peerSpeaks = settings.peerSpeaks;
    result.peerStopDeadline = settings.peerStopDeadline;
    result.hasWitness = settings.witness.isSet();
    result.restartInPlace = settings.restartInPlace;
    result.preempt = settings.vrrp.preempt;
    result.priority = settings.vrrp.priority;
    result.self = settings.vrrp.source;
    result.peer = settings.peer;
    result.switchoverPatience = settings.stopGrace + std::chrono::seconds(30);
    return result;
}

/// Somebody who watches has counters no older than this.
constexpr std::chrono::seconds kTellAgain{5};
constexpr std::chrono::seconds kLookForMaintenance{1};

std::optional<Maintenance> maintenanceHere() {
    QFile file(kMaintenancePath);
    return file.open(QIODevice::ReadOnly) ? parseMaintenance(file.read(4096)) : std::nullopt;
}

QJsonValue toJson(const std::optional<Maintenance>& maintenance) {
    if (!maintenance)
        return {};
    return QJsonObject{
        {u"owner"_s, maintenance->owner}, {u"until"_s, toIso(maintenance->until)}, {u"reason"_s, maintenance->reason}};
}

QString saidName(MilvusSaid said) {
    constexpr const char* names[] = {"stopped", "claiming", "running"};
    return QString::fromLatin1(names[static_cast<size_t>(said)]);
}

} // namespace

void tellSystemd(const QByteArray& state) {
    const QByteArray path = qgetenv("NOTIFY_SOCKET");
    sockaddr_un to{};
    if (path.isEmpty() || path.size() >= static_cast<qsizetype>(sizeof to.sun_path))
        return;
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, path.constData(), static_cast<size_t>(path.size()));
    if (to.sun_path[0] == '@')
        to.sun_path[0] = '\0'; // an abstract one
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + static_cast<size_t>(path.size()));
    static_cast<void>(::sendto(socket, state.constData(), static_cast<size_t>(state.size()), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), length));
    ::close(socket);
}

NodeProgram::NodeProgram(NodeSettings settings, Deadman& deadman, QObject* parent)
    : QObject(parent), settings_(std::move(settings)), deadman_(deadman), tellAgain_(this), maintenance_(this),
      vrrpSince_(wallClockNow()), timer_(this), watchdog_(this) {
    timer_.setSingleShot(true);
    timer_.setTimerType(Qt::PreciseTimer);
}

NodeProgram::~NodeProgram() = default;

Result<void> NodeProgram::findInterface() {
    auto route = RouteSocket::open();
    if (!route)
        return std::unexpected(route.error());
    const auto interfaces = route->interfaces();
    const auto addresses = interfaces ? route->addresses() : std::unexpected(interfaces.error());
    if (!addresses)
        return std::unexpected(addresses.error());
    VrrpInstance& vrrp = settings_.vrrp;
    const auto interface = vrrp.interface.isEmpty() ? interfaceReaching(*interfaces, *addresses, settings_.peer)
                                                    : interfaceNamed(*interfaces, vrrp.interface);
    if (!interface) {
        return std::unexpected(Error{ErrorCode::NotFound, u"The network interface was not found."_s, vrrp.interface,
                                     u"Set `interface` in the configuration to the one in the peer's network."_s});
    }
    vrrp.interface = interface->name;
    vrrp.source = ownAddressFor(*addresses, interface->index, vrrp.addresses);
    if (auto runs = checkVrrpInstance(vrrp); !runs)
        return runs;
    if (vrrp.source == settings_.peer) {
        return std::unexpected(
            Error{ErrorCode::BadPairFile, u"peer is this node's own address."_s, {}, u"Set it to the other node's."_s});
    }
    const MonotonicTime now = monotonicNow();
    agreement_ =
        std::make_unique<Agreement>(agreementSettings(settings_), QRandomGenerator::global()->generate64(), now);
    agreement_->cableCarries(interface->carrier, now);
    interface_ = *interface;
    if (settings_.engine == NodeEngine::Native) {
        engine_ =
            std::make_unique<NativeEngine>(vrrp, settings_.peer, [this] { sendHello(); }, settings_.endsConnections);
    } else {
        engine_ = std::make_unique<KeepalivedEngine>(KeepalivedEngine::Settings{
            settings_.notifyFifo, settings_.keepalivedInstance, vrrp, settings_.peer, settings_.endsConnections});
    }
    return engine_->open(*interface);
}

Result<void> NodeProgram::begin() {
    if (auto opened = log_.open(settings_.eventLog); !opened)
        return opened;
    if (auto opened = watch_.open(); !opened)
        return opened;
    if (auto found = findInterface(); !found)
        return found;
    const VrrpInstance& vrrp = settings_.vrrp;
    if (settings_.peerSpeaks) {
        auto opened = hellos_.open(vrrp.interface, interface_.index, vrrp.source, settings_.peer, settings_.port,
                                   !vrrp.peers.isEmpty());
        if (!opened)
            return opened;
    }
    if (settings_.witness.isSet()) {
        if (auto opened = witness_.open(interface_, vrrp.source, settings_.witness); !opened)
            return opened;
    }
    control_ = std::make_unique<ControlServer>(
        [this](const QJsonObject& request, const ControlServer::Answer& answer) { takeRequest(request, answer); });
    if (auto listening = control_->listen(settings_.controlSocket, settings_.controlGroup); !listening)
        return listening;
    milvus_ = std::make_unique<MilvusContainer>(settings_.container, settings_.dockerSocket, deadman_);
    connectAll();
    note(u"started"_s,
         u"%1 on %2, priority %3."_s.arg(QStringLiteral(MILVUS_HA_VERSION), vrrp.interface).arg(vrrp.priority));
    milvus_->begin();
    engine_->begin();
    agreement_->tick(monotonicNow());
    obey();
    if (const qint64 every = qEnvironmentVariableIntValue("WATCHDOG_USEC"); every > 0) {
        connect(&watchdog_, &QTimer::timeout, this, [] { tellSystemd("WATCHDOG=1"); });
        watchdog_.start(std::chrono::milliseconds(std::max<qint64>(every / 3000, 1)));
    }
    lookForMaintenance();
    maintenance_.start(kLookForMaintenance);
    tellSystemd("READY=1");
    return {};
}

void NodeProgram::connectAll() {
    connect(&timer_, &QTimer::timeout, this, [this] {
        agreement_->tick(monotonicNow());
        obey();
    });
    connect(&tellAgain_, &QTimer::timeout, this, [this] { tellWatchers(true); });
    connect(&maintenance_, &QTimer::timeout, this, &NodeProgram::lookForMaintenance);
    connect(engine_.get(), &VipEngine::changed, this, [this](VrrpState to, const QString& cause) {
        vrrpSince_ = wallClockNow();
        note(u"vrrp"_s, u"%1, since %2."_s.arg(vrrpStateName(to), cause), {{u"state"_s, vrrpStateName(to)}});
        agreement_->vrrpIs(to, monotonicNow());
        obey();
    });
    connect(engine_.get(), &VipEngine::peerHeard, this, [this](bool resigns) {
        agreement_->advertHeard(resigns, monotonicNow());
        obey();
    });
    connect(engine_.get(), &VipEngine::noted, this,
            [this](const QString& code, const QString& text) { note(code, text); });
    connect(&hellos_, &HelloSocket::received, this, [this](const QByteArray& bytes, Duration queued) {
        const auto hello = decodeHello(bytes);
        if (!hello || hello->vrid != settings_.vrrp.vrid)
            return;
        agreement_->heard(*hello, monotonicNow(), queued);
        obey();
    });
    connect(&witness_, &Witness::answered, this, [this](MonotonicTime sentAt) {
        agreement_->witnessAnswered(sentAt, monotonicNow());
        obey();
    });
    connect(&watch_, &InterfaceWatch::linkChanged, this, [this](const NetLinkChanged& change) {
        if (change.interface.index != interface_.index)
            return;
        agreement_->cableCarries(change.interface.carrier, monotonicNow());
        obey();
    });
    connect(&watch_, &InterfaceWatch::addressChanged, this, [this](const NetAddressChanged& change) {
        if (change.address.index == interface_.index)
            engine_->addressChanged(change);
    });
    connect(milvus_.get(), &MilvusContainer::changed, this, [this](MilvusState state, const QString& detail) {
        note(u"milvus-"_s + milvusStateName(state), detail);
        agreement_->milvusIs(state, detail, monotonicNow());
        obey();
    });
    connect(milvus_.get(), &MilvusContainer::startFailed, this, [this](const QString& why) {
        note(u"milvus-start-failed"_s, why);
        agreement_->startFailed(why, monotonicNow());
        obey();
    });
    connect(&deadman_, &Deadman::lost, this, [this] {
        // Nothing would kill Milvus if this program hung: it ends, and the unit begins both anew.
        note(u"deadman-lost"_s, u"The second process is gone."_s);
        end();
    });
}

void NodeProgram::end() {
    agreement_->shutdown(monotonicNow());
    obey();
}

/// What is carried out may bring about more: that is appended, in order.
void NodeProgram::obey() {
    if (std::exchange(obeying_, true))
        return;
    for (QList<NodeEffect> effects = agreement_->take(); !effects.isEmpty(); effects = agreement_->take()) {
        deadman_.license(agreement_->licensedUntil());
        for (const NodeEffect& effect : std::as_const(effects))
            carryOut(effect);
    }
    deadman_.license(agreement_->licensedUntil());
    obeying_ = false;
    if (switchoverAnswer_ && agreement_->switchoverDone()) {
        const bool done = *agreement_->switchoverDone();
        std::exchange(switchoverAnswer_, {})({{u"outcome"_s, done ? u"done"_s : u"rolled-back"_s}});
    }
    tellWatchers(false);
    const MonotonicTime now = monotonicNow();
    timer_.start(std::max(std::chrono::ceil<std::chrono::milliseconds>(agreement_->nextDeadline(now) - now),
                          std::chrono::milliseconds(1)));
}

void NodeProgram::carryOut(const NodeEffect& effect) {
    switch (effect.kind) {
    case NodeEffect::Kind::StartMilvus:
        milvus_->start();
        break;
    case NodeEffect::Kind::StopMilvus:
        milvus_->stop(settings_.stopGrace);
        break;
    case NodeEffect::Kind::KillMilvus:
        milvus_->kill();
        break;
    case NodeEffect::Kind::Track:
        engine_->keepAway(effect.on);
        break;
    case NodeEffect::Kind::SendHello:
        sendHello();
        break;
    case NodeEffect::Kind::ProbeWitness:
        witness_.probe(monotonicNow());
        break;
    case NodeEffect::Kind::Note:
        note(effect.code, effect.text);
        break;
    case NodeEffect::Kind::Finished:
        engine_->end();
        QMetaObject::invokeMethod(this, &NodeProgram::finished, Qt::QueuedConnection);
        break;
    }
}

void NodeProgram::sendHello() {
    if (!settings_.peerSpeaks)
        return;
    Hello hello = agreement_->nextHello(monotonicNow());
    hello.vrid = settings_.vrrp.vrid;
    hellos_.send(encodeHello(hello));
}

void NodeProgram::note(const QString& code, const QString& text, const QJsonObject& more) {
    QJsonObject all = more;
    all[u"engine"_s] = settings_.engine == NodeEngine::Native ? u"native"_s : u"keepalived"_s;
    all[u"vrrp"_s] = vrrpStateName(agreement_->vrrp());
    all[u"milvus"_s] = milvusStateName(agreement_->milvus());
    log_.write(code, text, all, wallClockNow());
    std::fprintf(stderr, "%s: %s\n", qPrintable(code), qPrintable(text));
}

QJsonObject NodeProgram::status(const QString& markKey) const {
    const Hello& peer = agreement_->peerHello();
    const bool fresh = agreement_->peerFresh(monotonicNow());
    QJsonObject status = engine_->status(markKey);
    QJsonObject vrrp = status[u"vrrp"_s].toObject();
    vrrp[u"since"_s] = toIso(vrrpSince_);
    status[u"vrrp"_s] = vrrp;
    const QJsonObject rest{{u"version"_s, QStringLiteral(MILVUS_HA_VERSION)},
                           {u"interface"_s, settings_.vrrp.interface},
                           {u"milvus"_s, milvusStateName(agreement_->milvus())},
                           {u"hold"_s, holdName(agreement_->hold())},
                           {u"hold_reason"_s, agreement_->holdReason()},
                           {u"isolated"_s, agreement_->isolated()},
                           {u"maintenance"_s, toJson(resting_)},
                           {u"stop_deadline_s"_s, toSeconds(settings_.stopDeadline)},
                           {u"peer"_s, QJsonObject{{u"address"_s, settings_.peer.toText()},
                                                   {u"speaks"_s, settings_.peerSpeaks},
                                                   {u"answers"_s, fresh},
                                                   {u"vrrp"_s, fresh ? vrrpStateName(peer.vrrp) : QString()},
                                                   {u"milvus"_s, fresh ? saidName(peer.milvus) : QString()}}}};
    for (auto each = rest.begin(); each != rest.end(); ++each)
        status[each.key()] = each.value();
    return status;
}

void NodeProgram::takeRequest(const QJsonObject& request, const ControlServer::Answer& answer) {
    const QString command = request["command"_L1].toString();
    const QString reason = request["reason"_L1].toString().left(300);
    const MonotonicTime now = monotonicNow();
    const auto outcome = [&](const QString& refused) {
        answer(refused.isEmpty() ? QJsonObject{{u"outcome"_s, u"done"_s}}
                                 : QJsonObject{{u"outcome"_s, u"refused"_s}, {u"text"_s, refused}});
        obey();
    };
    if (command == "status"_L1 || command == "watch"_L1)
        lookForMaintenance(); // who asks may have begun it just now
    if (command == "status"_L1) {
        answer(status(request["mark_key"_L1].toString().left(64)));
    } else if (command == "watch"_L1) {
        takeWatch(request, answer);
    } else if (command == "peer-stopped"_L1) {
        outcome(agreement_->peerStopped(now));
    } else if (command == "switchover"_L1) {
        takeSwitchover(request, answer);
    } else if (command == "fault"_L1) {
        outcome(agreement_->fault(reason, now));
    } else if (command == "clear"_L1) {
        outcome(agreement_->clear(now));
    } else {
        answer({{u"error"_s, u"There is no such command; status, watch, switchover, fault, clear and peer-stopped "
                             "are."_s}});
    }
}

void NodeProgram::takeWatch(const QJsonObject& request, const ControlServer::Answer& answer) {
    watchers_.append({answer, request["mark_key"_L1].toString().left(64)});
    answer(status(watchers_.last().markKey));
    if (!tellAgain_.isActive())
        tellAgain_.start(kTellAgain);
}

/// What changed, at once; what only counts, now and then.
void NodeProgram::tellWatchers(bool always) {
    if (watchers_.isEmpty())
        return;
    const bool fresh = agreement_->peerFresh(monotonicNow());
    const Told now{engine_->state(),
                   agreement_->milvus(),
                   agreement_->hold(),
                   agreement_->isolated(),
                   fresh ? std::optional(agreement_->peerHello().milvus) : std::nullopt,
                   resting_};
    if (now == told_ && !always)
        return;
    told_ = now;
    watchers_.removeIf([this](const Watcher& watcher) { return !watcher.answer(status(watcher.markKey)); });
    if (watchers_.isEmpty())
        tellAgain_.stop();
}

void NodeProgram::lookForMaintenance() {
    std::optional<Maintenance> now = maintenanceHere();
    if (now == resting_)
        return;
    resting_ = std::move(now);
    agreement_->maintenanceIs(resting_.has_value(), resting_ ? resting_->reason : QString(), monotonicNow());
    obey();
}

void NodeProgram::takeSwitchover(const QJsonObject& request, const ControlServer::Answer& answer) {
    const QString refused = agreement_->switchover(request["reason"_L1].toString().left(300), monotonicNow());
    if (!refused.isEmpty()) {
        answer({{u"outcome"_s, u"refused"_s}, {u"text"_s, refused}});
        return;
    }
    switchoverAnswer_ = answer; // when it is done
    obey();
}

} // namespace mha
