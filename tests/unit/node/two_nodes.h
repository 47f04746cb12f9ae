// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "node/agreement.h"
#include "vrrp/machine.h"

#include <array>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace mha {

/// Two nodes, each with its VRRP machine, its agreement, its deadman and a container, over a LAN that loses, delays and
/// is cut; a witness on the LAN's side. Deterministic: the seed is the schedule. Steps of a millisecond.
class TwoNodes {
public:
    struct Trouble {
        double loss = 0;
        Duration latest = std::chrono::milliseconds(2); ///< a packet takes up to that
        bool cuts = false;                              ///< a node's cable, which it sees
        bool hiddenCuts = false; ///< behind a switch, which it does not see; the witness is cut off too
        bool oneWay = false;     ///< a node is heard no more, and hears
        bool powerCuts = false;
        bool deaths = false; ///< of containers
        bool operators = false;
        bool freezes = false; ///< of programs: stopped, or a machine that is too busy; the deadman is not
    };

    TwoNodes(quint32 seed, const Trouble& trouble) : random_(seed), trouble_(trouble) {
        for (size_t i = 0; i < 2; ++i)
            boot(i);
    }

    /// Ten seconds of trouble, then peace. Empty: all was right; else what was not.
    QString run() {
        const MonotonicTime trouble = now_ + std::chrono::seconds(10);
        const MonotonicTime end = trouble + std::chrono::seconds(12);
        for (; now_ < end; now_ += std::chrono::milliseconds(1)) {
            if (now_ < trouble) {
                if (chance(0.003))
                    breakSomething();
            } else if (now_ == trouble) {
                makePeace();
            }
            deliver();
            for (size_t i = 0; i < 2; ++i) {
                if (!frozen(i))
                    live(i);
            }
            if (nodes_[0].runs && nodes_[1].runs)
                return QStringLiteral("two at %1 s").arg(toSeconds(now_.time_since_epoch()));
        }
        const int serving = (nodes_[0].serves() ? 1 : 0) + (nodes_[1].serves() ? 1 : 0);
        return serving == 1 ? QString() : QStringLiteral("%1 serve in the end").arg(serving);
    }

private:
    struct Packet {
        size_t to = 0;
        std::optional<Hello> hello;
        std::optional<VrrpAdvert> advert;
        std::optional<MonotonicTime> echo; ///< of the witness
        MonotonicTime came{};
    };

    struct Node {
        VrrpInstance instance;
        VrrpMachine machine;
        std::unique_ptr<Agreement> agreement;
        bool powered = true;
        bool cable = true;
        bool hidden = false; ///< cut behind the switch
        bool heard = true;   ///< what it sends goes out
        bool runs = false;
        std::optional<MonotonicTime> startsAt, stopsAt, bootsAt, mendsAt, toldAt, thawsAt;
        std::vector<Packet> waiting; ///< for a frozen program
        bool deadmanKills = false;
        MonotonicTime wakesAt;
        MilvusState tells = MilvusState::Stopped; ///< at toldAt

        bool serves() const {
            return powered && runs && machine.state == VrrpState::Master && agreement->milvus() == MilvusState::Running;
        }
    };

    bool chance(double p) { return std::uniform_real_distribution<double>(0, 1)(random_) < p; }

    Duration between(Duration low, Duration high) {
        return Duration(std::uniform_int_distribution<Duration::rep>(low.count(), high.count())(random_));
    }

    void boot(size_t i) {
        Node& node = nodes_[i];
        const bool stays = node.runs;
        node = {};
        node.runs = stays;
        node.instance.vrid = 51;
        node.instance.priority = i == 0 ? 110 : 91;
        node.instance.preempt = false;
        node.instance.advertInterval = std::chrono::milliseconds(100);
        const std::array<quint8, 4> own{10, 77, 0, static_cast<quint8>(i + 1)};
        const std::array<quint8, 4> other{10, 77, 0, static_cast<quint8>(2 - i)};
        const std::array<quint8, 4> vip{10, 77, 0, 100};
        node.instance.source = IpAddress(own);
        node.instance.addresses = {{IpAddress(vip), 32}};
        node.machine = vrrpMachine(node.instance);
        AgreementSettings settings;
        settings.hasWitness = true;
        settings.priority = node.instance.priority;
        settings.self = IpAddress(own);
        settings.peer = IpAddress(other);
        node.agreement = std::make_unique<Agreement>(settings, random_(), now_);
        node.agreement->milvusIs(MilvusState::Stopped, {}, now_);
        vrrp(i, VrrpStartup{});
    }

    void breakSomething() {
        const size_t i = chance(0.5) ? 0 : 1;
        Node& node = nodes_[i];
        if (!node.powered || node.mendsAt || node.thawsAt)
            return;
        const auto mends = now_ + between(std::chrono::milliseconds(20), std::chrono::milliseconds(2500));
        switch (std::uniform_int_distribution<int>(0, trouble_.freezes ? 6 : 5)(random_)) {
        case 0:
            if (trouble_.cuts) {
                node.cable = false;
                node.mendsAt = mends;
                node.agreement->cableCarries(false, now_);
                obey(i);
            }
            break;
        case 1:
            if (trouble_.hiddenCuts) {
                node.hidden = true;
                node.mendsAt = mends;
            }
            break;
        case 2:
            if (trouble_.oneWay) {
                node.heard = false;
                node.mendsAt = mends;
            }
            break;
        case 3:
            if (trouble_.powerCuts) {
                node.powered = node.runs = false;
                node.startsAt.reset();
                node.stopsAt.reset();
                node.bootsAt = mends;
            }
            break;
        case 4:
            if (trouble_.deaths && node.runs)
                node.stopsAt = now_;
            break;
        case 5:
            if (trouble_.operators) {
                if (chance(0.7)) {
                    node.agreement->switchover({}, now_);
                } else if (chance(0.5)) {
                    node.agreement->fault({}, now_);
                } else {
                    node.agreement->clear(now_);
                }
                obey(i);
            }
            break;
        case 6:
            node.thawsAt = mends;
            break;
        default:
            break;
        }
    }

    /// The program stands still; its container and its deadman do not.
    bool frozen(size_t i) {
        Node& node = nodes_[i];
        if (!node.thawsAt || !node.powered)
            return false;
        if (*node.thawsAt <= now_) {
            node.thawsAt.reset();
            node.deadmanKills = false;
            if (chance(0.5)) // its timers may be first
                live(i);
            for (const Packet& packet : std::exchange(node.waiting, {}))
                take(packet);
            return false;
        }
        if (node.runs && !std::exchange(node.deadmanKills, node.agreement->licensedUntil() <= now_) &&
            node.deadmanKills)
            node.stopsAt = now_ + between(std::chrono::milliseconds(1), std::chrono::milliseconds(30));
        if (node.stopsAt && *node.stopsAt <= now_)
            node.runs = false; // the program hears of it later
        return true;
    }

    void makePeace() {
        trouble_ = {};
        for (size_t i = 0; i < 2; ++i) {
            if (nodes_[i].thawsAt) {
                nodes_[i].thawsAt = now_;
                static_cast<void>(frozen(i));
            }
            if (nodes_[i].powered) {
                mend(i);
                nodes_[i].agreement->clear(now_);
                obey(i);
            } else {
                nodes_[i].bootsAt = now_;
            }
        }
    }

    void mend(size_t i) {
        Node& node = nodes_[i];
        node.mendsAt.reset();
        node.hidden = false;
        node.heard = true;
        if (!std::exchange(node.cable, true)) {
            node.agreement->cableCarries(true, now_);
            obey(i);
        }
    }

    bool sends(size_t i) const { return nodes_[i].powered && nodes_[i].cable && !nodes_[i].hidden && nodes_[i].heard; }

    bool hears(size_t i) const { return nodes_[i].powered && nodes_[i].cable && !nodes_[i].hidden; }

    void post(size_t from, Packet packet) {
        if (!sends(from) || chance(trouble_.loss))
            return;
        flying_.emplace(now_ + between(std::chrono::microseconds(100), trouble_.latest), std::move(packet));
    }

    void deliver() {
        while (!flying_.empty() && flying_.begin()->first <= now_) {
            Packet packet = flying_.begin()->second;
            packet.came = now_;
            flying_.erase(flying_.begin());
            if (!hears(packet.to))
                continue;
            if (nodes_[packet.to].thawsAt) {
                nodes_[packet.to].waiting.push_back(std::move(packet));
            } else {
                take(packet);
            }
        }
    }

    void take(const Packet& packet) {
        Agreement& agreement = *nodes_[packet.to].agreement;
        if (packet.hello) {
            agreement.heard(*packet.hello, now_, now_ - packet.came);
        } else if (packet.echo) {
            agreement.witnessAnswered(*packet.echo, now_);
        } else if (packet.advert) {
            agreement.advertHeard(packet.advert->priority == 0, now_);
            obey(packet.to);
            vrrp(packet.to, VrrpHeard{nodes_[1 - packet.to].instance.source, packet.advert->priority,
                                      packet.advert->interval, ChecksumForm::PseudoHeader});
        }
        obey(packet.to);
    }

    void vrrp(size_t i, const VrrpInput& input) {
        Node& node = nodes_[i];
        const VrrpStep done = step(node.instance, node.machine, input, now_);
        node.machine = done.machine;
        for (const VrrpEffect& effect : done.effects) {
            if (effect.kind != VrrpEffect::Kind::SendAdvert)
                continue;
            if (effect.value != 0)
                post(i, {1 - i, node.agreement->nextHello(now_), {}, {}}); // as the program does
            post(i, {1 - i, {}, advertOf(node.instance, effect.value, ChecksumForm::PseudoHeader), {}});
        }
        if (done.transition) {
            node.agreement->vrrpIs(done.transition->to, now_);
            obey(i);
        }
    }

    /// Carries out what the agreement says.
    void obey(size_t i) {
        Node& node = nodes_[i];
        for (const NodeEffect& effect : node.agreement->take()) {
            switch (effect.kind) {
            case NodeEffect::Kind::StartMilvus:
                node.startsAt = now_ + between(std::chrono::milliseconds(1), std::chrono::milliseconds(250));
                node.runs = true; // it may write from now on
                break;
            case NodeEffect::Kind::StopMilvus:
                node.startsAt.reset();
                if (!node.stopsAt)
                    node.stopsAt = now_ + between(std::chrono::milliseconds(1), std::chrono::milliseconds(800));
                break;
            case NodeEffect::Kind::KillMilvus:
                node.startsAt.reset();
                node.stopsAt = now_ + between(std::chrono::milliseconds(1), std::chrono::milliseconds(30));
                break;
            case NodeEffect::Kind::Track:
                vrrp(i, VrrpTracking{0, effect.on});
                break;
            case NodeEffect::Kind::SendHello:
                post(i, {1 - i, node.agreement->nextHello(now_), {}, {}});
                break;
            case NodeEffect::Kind::ProbeWitness:
                post(i, {i, {}, {}, now_});
                break;
            case NodeEffect::Kind::Note:
            case NodeEffect::Kind::Finished:
                break;
            }
        }
    }

    void live(size_t i) {
        Node& node = nodes_[i];
        if (!node.powered) {
            if (node.bootsAt && *node.bootsAt <= now_)
                boot(i);
            return;
        }
        if (node.mendsAt && *node.mendsAt <= now_)
            mend(i);
        if (node.stopsAt && *node.stopsAt <= now_) {
            node.stopsAt.reset();
            node.startsAt.reset();
            node.runs = false;
            node.agreement->milvusIs(MilvusState::Stopped, {}, now_);
            obey(i);
        }
        if (node.startsAt && *node.startsAt <= now_) {
            node.startsAt.reset();
            node.agreement->milvusIs(MilvusState::Running, {}, now_);
            obey(i);
        }
        if (const auto due = nextDeadline(node.machine); due && *due <= now_)
            vrrp(i, VrrpTick{});
        if (node.wakesAt <= now_) {
            node.agreement->tick(now_);
            obey(i);
            node.wakesAt = node.agreement->nextDeadline(now_);
        }
    }

    std::mt19937 random_;
    Trouble trouble_;
    MonotonicTime now_{std::chrono::seconds(1000)};
    std::array<Node, 2> nodes_;
    std::multimap<MonotonicTime, Packet> flying_;
};

} // namespace mha

Q_DECLARE_METATYPE(mha::TwoNodes::Trouble)
