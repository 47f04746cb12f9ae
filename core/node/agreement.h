// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ip_address.h"
#include "node/hello.h"

#include <QList>
#include <QString>

#include <optional>
#include <utility>

namespace mha {

/// Which of two nodes may run Milvus: fencing by agreement. VRRP says who has the VIP; it does not say that the other
/// node's Milvus has stopped, and two of them on one `db` destroy it. There is no network between the nodes but the LAN
/// that carries the VIP, so the nodes ask each other there, by hellos (UDP, hop limit 255, to VRRP's own group).
///
/// T is the hello interval, that of the adverts; D is the stop deadline, 3 T unless set otherwise. Where one is MASTER
/// each is heard twice in T: with the advert and 3/5 T later, and the other one answers at once. After 3/4 T of silence
/// the witness (4., below) is asked, four times in T.
///
/// 1. Starting. A node that is MASTER claims: its hello says Claiming. It starts Milvus when the peer's hello says
///    Stopped and echoes that claim (or a later hello): a peer that has echoed a claim does not claim before it has
///    heard the claim withdrawn or nothing at all for D. Two that claim at once: the lower (priority, then address)
///    withdraws. While the peer says Running, it is waited for, however long that takes.
/// 2. Leaving. Who gives up of its own accord (switchover, fault, dead container, end of the program) stops Milvus
///    first, has that proved (Docker, or the kernel by its pidfd), says Stopped, takes the VIP away, and only then
///    sends priority 0. Priority 0 of such a peer therefore means that Milvus has stopped.
/// 3. Silence. Neither hello nor advert for D (as the peer itself told it, or ours, the longer one): the peer has
///    stopped by then, see 4, and Milvus is started without an answer. With D = 3 T that is before VRRP's own
///    3 T + skew is over, and a dead node costs no more than VRRP alone does. The silence has to be the peer's and not
///    our own: D counts from when this node could hear (its start, its cable, the end of a gap in the witness's
///    answers, or of a standstill of this program), and the last answer is not older than T/2.
/// 4. Being cut off. Who runs Milvus needs a proof, not older than 5/6 D, that the other node could hear it:
///    - the cable carries, or Milvus is killed at once;
///    - while the peer speaks, the newest of its own hellos that the peer has echoed, counted from when it was sent:
///      the peer's silence of rule 3 began later than that;
///    - of one that is new or back, what its first hello says of its own silence: it starts D after that began;
///    - while the peer is silent and its last hello did echo, a witness (the gateway, say) that has answered for T/2
///      without a gap, counted from the first of these requests: in T/2 two hellos go out, of which the network may
///      lose one; without a witness, the cable alone. Not where the peer's last hello no longer echoed: then it is we
///      who are not heard, and it will take over. So that this is not missed, a standby that hears nothing says so
///      four times in T.
///    Without a proof the container is killed (SIGKILL: 1/6 D is no time for a grace). A second process, the deadman,
///    does it as well where this program hangs, is stopped or dies (node/deadman.h).
/// 5. Being alone. A node that reaches neither its peer nor its witness takes no VIP: FAULT, until one is heard again.
///
/// What it costs: a standby that dies costs nothing while the witness answers. With T = 0.1 s a node program that
/// stands still for 0.2 s loses its Milvus; a longer D gives it longer, and lets a takeover from a dead node wait
/// until D is over. Milvus is killed, not stopped, where a node is cut off: as by the power cut that the peer takes it
/// for.
///
/// What it does not cover: without a witness, a LAN that falls apart while both cables carry (the node with Milvus goes
/// on, the other takes over after D: `check` warns of it). With a witness, two nodes that both reach it and not each
/// other in either direction, or that lose every hello between two cuts, one of each node, within D. And a host that is
/// frozen as a whole and thawed later runs on until its deadman comes to its turn, some milliseconds. Only a lease on
/// the shared storage itself ends those.
///
/// A peer that says no hellos (keepalived and the guide's scripts, in a rolling migration): its adverts are its only
/// sign of life and priority 0 means nothing, so Milvus is started when its adverts have been absent for its configured
/// stop deadline, and no echo is asked for. An operator who has proved it stopped by other means says so with
/// peerStopped(), which holds for ten seconds, and not once its adverts are heard beside our own.

struct AgreementSettings {
    Duration interval = std::chrono::milliseconds(100);     ///< T
    Duration stopDeadline = std::chrono::milliseconds(300); ///< D
    bool peerSpeaks = true;                                 ///< false: a peer without hellos
    Duration peerStopDeadline = std::chrono::seconds(15);   ///< of such a one
    bool hasWitness = false;
    bool restartInPlace = false; ///< once a minute, where the container dies by itself
    bool preempt = false;
    int priority = 100;
    IpAddress self;
    IpAddress peer;
    /// A node that gave up because its Milvus would not run tries again where the peer's does not either.
    Duration retryAfter = std::chrono::seconds(5);
    /// A switchover whose target does not run Milvus by then is taken back.
    Duration switchoverPatience = std::chrono::seconds(30);
};

enum class MilvusState {
    Unknown, ///< Docker has not said yet, or does not answer
    Stopped,
    Starting,
    Running,
    Stopping,
};

/// Why a node takes no part though it could.
enum class HoldKind { None, Operator, Switchover, MilvusDied, StartFailed, Shutdown, Maintenance };

struct NodeEffect {
    enum class Kind {
        StartMilvus,
        StopMilvus,   ///< with its grace
        KillMilvus,   ///< at once
        Track,        ///< `on`: FAULT in the VRRP engine, or its end
        SendHello,    ///< now, with nextHello()
        ProbeWitness, ///< an ARP request
        Note,         ///< to the event log: `code`, `text`
        Finished,     ///< after shutdown(): Milvus has stopped, VRRP may end
    } kind = Kind::Note;
    bool on = false;
    QString code{};
    QString text{};
};

/// Pure: no clock, no socket; whoever owns it tells what happens and when, and carries out take() in order. `now` must
/// not go back.
class Agreement {
public:
    Agreement(const AgreementSettings& settings, quint64 session, MonotonicTime now);

    void vrrpIs(VrrpState state, MonotonicTime now);
    void milvusIs(MilvusState state, const QString& detail, MonotonicTime now);
    void startFailed(const QString& why, MonotonicTime now);
    /// `queued`: for how long it lay here unread, where this program stood still.
    void heard(const Hello& hello, MonotonicTime now, Duration queued = {});
    /// Of the peer; `resigns`: of priority 0.
    void advertHeard(bool resigns, MonotonicTime now);
    /// An answer to the request that was sent at `sentAt`.
    void witnessAnswered(MonotonicTime sentAt, MonotonicTime now);
    void cableCarries(bool carries, MonotonicTime now);
    /// Somebody works on this node (kMaintenancePath): once it does not serve, it takes no part.
    void maintenanceIs(bool on, const QString& reason, MonotonicTime now);
    void tick(MonotonicTime now);

    /// The operator's words. Empty: taken; else why not.
    QString fault(const QString& reason, MonotonicTime now);
    QString clear(MonotonicTime now);
    QString switchover(const QString& reason, MonotonicTime now);
    /// Of a peer that says no hellos: its Milvus has been proved stopped.
    QString peerStopped(MonotonicTime now);
    void shutdown(MonotonicTime now);

    QList<NodeEffect> take() { return std::exchange(effects_, {}); }

    /// When tick() is due, later than `now`.
    MonotonicTime nextDeadline(MonotonicTime now) const;

    /// Until when the container may run without another word; in the past: not at all.
    MonotonicTime licensedUntil() const { return licence_; }

    /// What to say now; each has a stamp of its own.
    Hello nextHello(MonotonicTime now);

    MilvusState milvus() const { return milvus_; }

    VrrpState vrrp() const { return vrrp_; }

    HoldKind hold() const { return hold_; }

    const QString& holdReason() const { return holdReason_; }

    bool isolated() const { return isolated_; }

    bool peerFresh(MonotonicTime now) const { return everHeard_ && now - lastSign_ < silence(); }

    const Hello& peerHello() const { return peer_; }

    /// Of the last switchover: nothing while it runs.
    std::optional<bool> switchoverDone() const { return switchoverDone_; }

private:
    Duration proofLife() const { return settings_.stopDeadline * 5 / 6; }

    /// In which two hellos go out, or two questions to the witness, of which the network may lose one.
    Duration spell() const { return settings_.interval / 2; }

    Duration silence() const;

    MonotonicTime silentSince() const { return std::max(lastSign_, ableSince_); }

    /// When to say the next hello.
    Duration helloPace(MonotonicTime now) const;
    /// After so much silence it is no jitter.
    Duration overdueAfter() const;
    bool wanted() const;
    MilvusSaid saying() const;
    bool outranksPeer() const;
    bool witnessFresh(MonotonicTime now) const;
    bool peerOverdue(MonotonicTime now) const;
    bool peerLeads(MonotonicTime now) const;
    bool peerServes(MonotonicTime now) const;
    bool mayStart(MonotonicTime now);
    void decide(MonotonicTime now);
    void judgeProof(MonotonicTime now);
    void judgeHold(MonotonicTime now);
    void judgeMilvus(MonotonicTime now);
    void sayHello(MonotonicTime now);
    void judgeTracking();
    void setHold(HoldKind kind, const QString& reason, MonotonicTime now);
    void start();

    void effect(NodeEffect::Kind kind, bool on = false) { effects_.append({kind, on}); }

    void note(const char* code, const QString& text);

    AgreementSettings settings_;
    quint64 session_;
    MonotonicTime startedAt_;
    QList<NodeEffect> effects_;

    VrrpState vrrp_ = VrrpState::Init;
    MilvusState milvus_ = MilvusState::Unknown;
    bool carries_ = true;

    bool everHeard_ = false; ///< hello or advert
    MonotonicTime lastSign_;
    Hello peer_;
    bool peerKnown_ = false;  ///< peer_ is one
    bool unheard_ = false;    ///< the peer's last hello did not echo one of ours that is young enough
    MonotonicTime echoed_;    ///< when the newest hello that it did echo was sent
    MonotonicTime ableSince_; ///< to hear the peer; moves on while this node is cut off
    MonotonicTime decidedAt_;
    std::optional<MonotonicTime> witnessAt_;    ///< when the newest answered request was sent
    MonotonicTime witnessSince_;                ///< it has answered without a gap
    std::optional<MonotonicTime> witnessProof_; ///< when this node was surely heard by whoever listens
    std::optional<MonotonicTime> probedAt_;
    MonotonicTime licence_;
    bool isolated_ = false;

    bool claiming_ = false;
    quint64 claimStamp_ = 0;
    HoldKind hold_ = HoldKind::None;
    QString holdReason_;
    MonotonicTime holdSince_;
    std::optional<bool> switchoverDone_;
    bool maintenance_ = false;
    QString maintenanceReason_;
    std::optional<MonotonicTime> peerStoppedAt_; ///< as an operator said
    std::optional<MonotonicTime> restartedAt_;
    bool stopping_ = false; ///< its end is no surprise
    bool killed_ = false;
    std::optional<MonotonicTime> unknownSince_;
    bool tracked_ = false;
    bool finished_ = false;
    QString waitingNote_; ///< what is waited for, noted once
    MonotonicTime helloAt_;
    quint64 stamp_ = 0; ///< of the last hello
    std::pair<MilvusSaid, VrrpState> said_{MilvusSaid::Running, VrrpState::Unknown};
};

/// Stable names for the control socket and the event log.
QString milvusStateName(MilvusState state);
QString holdName(HoldKind kind);

} // namespace mha
