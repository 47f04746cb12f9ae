// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/agreement.h"

#include "vrrp/machine.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

using Kind = NodeEffect::Kind;

constexpr Duration kRestartAtMostEach = std::chrono::seconds(60);
constexpr Duration kUnknownPatience = std::chrono::seconds(2);
constexpr Duration kOperatorsWordHolds = std::chrono::seconds(10);

quint64 stampOf(MonotonicTime time) {
    return static_cast<quint64>(time.time_since_epoch().count());
}

MonotonicTime timeOf(quint64 stamp) {
    return MonotonicTime(Duration(static_cast<Duration::rep>(stamp)));
}

} // namespace

Agreement::Agreement(const AgreementSettings& settings, quint64 session, MonotonicTime now)
    : settings_(settings), session_(session), startedAt_(now), lastSign_(now), echoed_(now), ableSince_(now),
      decidedAt_(now), licence_(now), holdSince_(now), unknownSince_(now), helloAt_(now) {}

// ---- what happens ----

void Agreement::vrrpIs(VrrpState state, MonotonicTime now) {
    vrrp_ = state;
    decide(now);
}

void Agreement::milvusIs(MilvusState state, const QString& detail, MonotonicTime now) {
    const bool died = state == MilvusState::Stopped && milvus_ == MilvusState::Running && !stopping_ && wanted();
    milvus_ = state;
    if (state == MilvusState::Stopped)
        stopping_ = killed_ = false;
    if (state != MilvusState::Unknown) {
        unknownSince_.reset();
    } else if (!unknownSince_) {
        unknownSince_ = now;
    }
    if (died) {
        note("milvus-died", detail);
        const bool peerToo = peerFresh(now) && peerKnown_ && peer_.milvus != MilvusSaid::Stopped;
        const bool again = settings_.restartInPlace && now < licence_ && !peerToo &&
                           (!restartedAt_ || now - *restartedAt_ > kRestartAtMostEach);
        if (again) {
            restartedAt_ = now;
            note("milvus-restarted", u"The container is started again in place."_s);
            start();
        } else {
            setHold(HoldKind::MilvusDied, detail, now);
        }
    }
    decide(now);
}

void Agreement::startFailed(const QString& why, MonotonicTime now) {
    milvus_ = MilvusState::Unknown; // until Docker says what has become of it
    unknownSince_ = now;
    setHold(HoldKind::StartFailed, why, now);
    decide(now);
}

void Agreement::heard(const Hello& hello, MonotonicTime now, Duration queued) {
    const bool late = peerKnown_ && hello.session == peer_.session && hello.stamp <= peer_.stamp;
    if (late)
        return; // overtaken by a later one, or a copy
    // Back after a silence, or new: it may not have had the time to echo.
    const bool newcomer = !peerKnown_ || hello.session != peer_.session || now - lastSign_ >= silence();
    peer_ = hello;
    peerKnown_ = true;
    everHeard_ = true;
    lastSign_ = now;
    const bool echoes = hello.echoSession == session_ && hello.echoStamp != 0;
    const bool heardUs = echoes && now - timeOf(hello.echoStamp) < silence();
    if (newcomer && !heardUs) {
        echoed_ = std::max(echoed_, now - queued - hello.silent); // from when it waits for D itself
        unheard_ = hello.silent > settings_.interval;
        witnessProof_.reset(); // it may have been deaf to us all the same
    } else {
        if (echoes)
            echoed_ = std::max(echoed_, std::min(timeOf(hello.echoStamp), now));
        unheard_ = !echoes || now - timeOf(hello.echoStamp) > 2 * settings_.interval;
    }
    if (hello.milvus == MilvusSaid::Claiming && claiming_ && !outranksPeer())
        claiming_ = false;
    decide(now);
    // Whoever needs our echo has it at once.
    if (hello.milvus != MilvusSaid::Stopped && saying() == MilvusSaid::Stopped)
        effect(Kind::SendHello);
}

void Agreement::advertHeard(bool resigns, MonotonicTime now) {
    everHeard_ = true;
    if (!settings_.peerSpeaks)
        echoed_ = now; // it echoes nothing: that we hear it must do, until the witness is asked
    if (!resigns && vrrp_ == VrrpState::Master)
        peerStoppedAt_.reset(); // it is MASTER beside us, and may start its own
    lastSign_ = now;
    decide(now);
}

void Agreement::witnessAnswered(MonotonicTime sentAt, MonotonicTime now) {
    if (witnessAt_ && sentAt <= *witnessAt_)
        return;
    const MonotonicTime firstAsked = lastSign_ + overdueAfter();
    const MonotonicTime before = std::max(witnessAt_.value_or(firstAsked), firstAsked);
    const bool gap = sentAt - before > spell();
    if (gap)
        ableSince_ = now; // this node may have been cut off for a moment
    if (gap || !witnessAt_ || *witnessAt_ < firstAsked)
        witnessSince_ = sentAt;
    witnessAt_ = sentAt;
    if (sentAt - witnessSince_ >= spell())
        witnessProof_ = sentAt - spell();
    decide(now);
}

void Agreement::cableCarries(bool carries, MonotonicTime now) {
    if (carries != carries_)
        note(carries ? "cable-back" : "cable-lost", carries ? u"The cable carries again."_s : u"The cable is out."_s);
    carries_ = carries;
    decide(now);
}

void Agreement::maintenanceIs(bool on, const QString& reason, MonotonicTime now) {
    maintenance_ = on;
    maintenanceReason_ = reason;
    decide(now);
}

void Agreement::tick(MonotonicTime now) {
    decide(now);
}

// ---- the operator ----

QString Agreement::fault(const QString& reason, MonotonicTime now) {
    if (hold_ == HoldKind::Shutdown)
        return u"The program is ending."_s;
    setHold(HoldKind::Operator, reason, now);
    decide(now);
    return {};
}

QString Agreement::clear(MonotonicTime now) {
    if (hold_ == HoldKind::Shutdown)
        return u"The program is ending."_s;
    if (hold_ == HoldKind::Maintenance)
        return u"This node is in maintenance. End it: milvus-ha maintenance end."_s;
    if (hold_ != HoldKind::None)
        note("hold-cleared", u"The operator ended it: %1."_s.arg(holdName(hold_)));
    hold_ = HoldKind::None;
    holdReason_.clear();
    decide(now);
    return {};
}

QString Agreement::switchover(const QString& reason, MonotonicTime now) {
    if (hold_ != HoldKind::None)
        return u"This node takes no part now: %1."_s.arg(holdName(hold_));
    if (vrrp_ != VrrpState::Master)
        return u"This node is not MASTER; switch over on the one that is."_s;
    // A backup of VRRP alone says nothing: whoever asks has to know that it is there.
    if (settings_.peerSpeaks && (!peerKnown_ || !peerFresh(now)))
        return u"The other node's program does not answer."_s;
    if (settings_.peerSpeaks && (peer_.vrrp != VrrpState::Backup || peer_.milvus != MilvusSaid::Stopped))
        return u"The other node is not a BACKUP with Milvus stopped."_s;
    switchoverDone_.reset();
    setHold(HoldKind::Switchover, reason, now);
    decide(now);
    return {};
}

QString Agreement::peerStopped(MonotonicTime now) {
    if (settings_.peerSpeaks)
        return u"The other node's program tells that itself."_s;
    peerStoppedAt_ = now;
    decide(now);
    return {};
}

void Agreement::shutdown(MonotonicTime now) {
    setHold(HoldKind::Shutdown, u"the program ends"_s, now);
    decide(now);
}

// ---- judging ----

Duration Agreement::silence() const {
    if (!settings_.peerSpeaks)
        return settings_.peerStopDeadline;
    return peerKnown_ ? std::max(settings_.stopDeadline, peer_.stopDeadline) : settings_.stopDeadline;
}

bool Agreement::wanted() const {
    return vrrp_ == VrrpState::Master && hold_ == HoldKind::None && !isolated_ && carries_;
}

bool Agreement::outranksPeer() const {
    if (settings_.priority != peer_.priority)
        return settings_.priority > peer_.priority;
    return settings_.self > settings_.peer;
}

bool Agreement::witnessFresh(MonotonicTime now) const {
    return witnessAt_ && now - *witnessAt_ < proofLife();
}

bool Agreement::peerOverdue(MonotonicTime now) const {
    return now - lastSign_ > overdueAfter();
}

bool Agreement::peerLeads(MonotonicTime now) const {
    if (settings_.peerSpeaks)
        return peerKnown_ && peerFresh(now) && peer_.vrrp == VrrpState::Master;
    return everHeard_ && now - lastSign_ < 4 * settings_.interval; // VRRP's own patience
}

bool Agreement::peerServes(MonotonicTime now) const {
    // Of one that says no hellos its adverts since we gave up must do.
    return peerLeads(now) && (settings_.peerSpeaks ? peer_.milvus == MilvusSaid::Running
                                                   : vrrp_ != VrrpState::Master && lastSign_ > holdSince_);
}

void Agreement::decide(MonotonicTime now) {
    if (now - decidedAt_ > 2 * settings_.interval)
        ableSince_ = now; // it stood still, and what has come meanwhile may not have been read
    decidedAt_ = now;
    judgeProof(now);
    judgeHold(now);
    judgeMilvus(now);
    sayHello(now); // before VRRP gives up: rule 2
    judgeTracking();
    if (hold_ == HoldKind::Shutdown && milvus_ == MilvusState::Stopped && !finished_) {
        finished_ = true;
        effect(Kind::Finished);
    }
}

void Agreement::sayHello(MonotonicTime now) {
    const std::pair said{saying(), vrrp_};
    if (!settings_.peerSpeaks || (said == said_ && now < helloAt_))
        return;
    said_ = said;
    helloAt_ = now + helloPace(now);
    effect(Kind::SendHello);
}

Duration Agreement::helloPace(MonotonicTime now) const {
    if (peerOverdue(now) && now - silentSince() < silence())
        return settings_.interval / 4;
    // A MASTER is heard between its adverts as well, with which another goes out.
    return vrrp_ == VrrpState::Master ? settings_.interval * 3 / 5 : settings_.interval;
}

Duration Agreement::overdueAfter() const {
    // Where one is MASTER both are heard twice in an interval: it speaks so often, and is answered at once.
    return settings_.peerSpeaks ? settings_.interval * 3 / 4 : settings_.interval * 3 / 2;
}

void Agreement::judgeProof(MonotonicTime now) {
    if (settings_.hasWitness && peerOverdue(now) && (!probedAt_ || now - *probedAt_ >= settings_.interval / 4)) {
        probedAt_ = now;
        effect(Kind::ProbeWitness);
    }
    if (now - lastSign_ >= silence())
        unheard_ = false; // it does not speak at all
    MonotonicTime proof = echoed_;
    if (peerOverdue(now) && !unheard_) {
        if (!settings_.hasWitness) {
            proof = now - spell();
        } else if (witnessProof_) {
            proof = std::max(proof, *witnessProof_);
        }
    } else if (!settings_.peerSpeaks) {
        proof = now;
    }
    licence_ = carries_ ? proof + proofLife() : now;
    // Neither the peer nor the witness, for so long: it is us. At the start there is time for either to answer.
    const bool alone =
        settings_.hasWitness && !witnessFresh(now) && now - lastSign_ >= proofLife() && now - startedAt_ >= proofLife();
    if (!carries_ || (isolated_ && !settings_.hasWitness))
        ableSince_ = now; // else its answers tell
    if (const bool isolated = alone || now >= licence_; isolated != isolated_) {
        isolated_ = isolated;
        note(isolated ? "isolated" : "connected",
             isolated ? u"Neither the other node nor the witness is reached."_s : u"The network answers again."_s);
    }
}

void Agreement::judgeHold(MonotonicTime now) {
    const bool serves = peerServes(now);
    const bool wouldComeBack = settings_.preempt && settings_.priority > peer_.priority;
    const Duration held = now - holdSince_;
    bool ends = false;
    switch (hold_) {
    case HoldKind::None:
    case HoldKind::Operator:
    case HoldKind::Shutdown:
        break;
    case HoldKind::Maintenance:
        ends = !maintenance_;
        break;
    case HoldKind::Switchover:
        if (serves && milvus_ == MilvusState::Stopped) {
            if (!switchoverDone_)
                note("switchover-done", u"The other node serves."_s);
            switchoverDone_ = true;
            ends = !wouldComeBack; // else until clear, or until the other one gives up
        } else if (switchoverDone_ == true && !peerLeads(now)) {
            ends = true;
        } else if (!switchoverDone_ && held > settings_.switchoverPatience) {
            switchoverDone_ = false;
            note("switchover-undone", u"The other node does not serve; this one takes the VIP back."_s);
            ends = true;
        }
        break;
    case HoldKind::MilvusDied:
    case HoldKind::StartFailed:
        ends = (serves && milvus_ == MilvusState::Stopped) || held > settings_.retryAfter;
        break;
    }
    if (ends) {
        hold_ = HoldKind::None;
        holdReason_.clear();
    }
    // Maintenance does not end service: on a node that serves it begins when that is over.
    const bool mayRest = hold_ != HoldKind::Operator && hold_ != HoldKind::Shutdown && hold_ != HoldKind::Maintenance;
    if (maintenance_ && mayRest && vrrp_ != VrrpState::Master && milvus_ == MilvusState::Stopped &&
        (hold_ != HoldKind::Switchover || switchoverDone_))
        setHold(HoldKind::Maintenance, maintenanceReason_, now);
}

void Agreement::judgeMilvus(MonotonicTime now) {
    if (wanted() && now < licence_) {
        if (milvus_ == MilvusState::Stopped && mayStart(now))
            start();
        return;
    }
    claiming_ = false;
    waitingNote_.clear();
    const bool cutOff = isolated_ || !carries_;
    // Docker may be mute; the kernel is not.
    const bool mute = unknownSince_ && now - *unknownSince_ > kUnknownPatience;
    if ((cutOff || mute) && milvus_ != MilvusState::Stopped && !killed_) {
        killed_ = stopping_ = true;
        milvus_ = MilvusState::Stopping;
        effect(Kind::KillMilvus);
        note("milvus-killed", cutOff ? u"Cut off: Milvus is killed, since the other node may start its own."_s
                                     : u"Docker does not answer: Milvus is killed where it still runs."_s);
    } else if (!cutOff && (milvus_ == MilvusState::Running || milvus_ == MilvusState::Starting)) {
        milvus_ = MilvusState::Stopping;
        stopping_ = true;
        effect(Kind::StopMilvus);
        note("milvus-stopping", hold_ == HoldKind::None ? u"This node is not MASTER."_s : holdReason_);
    }
}

bool Agreement::mayStart(MonotonicTime now) {
    const auto waits = [this](const QString& text) {
        if (waitingNote_ != text) {
            waitingNote_ = text;
            note("waiting", text);
        }
        return false;
    };
    if (peerStoppedAt_ && now - *peerStoppedAt_ < kOperatorsWordHolds)
        return true;
    if (!peerFresh(now)) {
        if (now - silentSince() < silence()) // since the start, or since the cable is back
            return waits(u"It is not known yet whether the other node is there."_s);
        if (settings_.hasWitness && (!witnessAt_ || now - *witnessAt_ > spell()))
            return waits(u"The other node is silent, and the witness has not answered yet."_s);
        return true;
    }
    if (!settings_.peerSpeaks || !peerKnown_)
        return waits(u"The other node was heard a moment ago and does not tell of its Milvus."_s);
    switch (peer_.milvus) {
    case MilvusSaid::Running:
        claiming_ = false;
        return waits(u"The other node's Milvus has not stopped."_s);
    case MilvusSaid::Claiming:
        return false; // heard() has judged: either ours stands and is echoed soon, or it is withdrawn
    case MilvusSaid::Stopped:
        break;
    }
    if (!claiming_) {
        claiming_ = true;
        claimStamp_ = std::max(stampOf(now), stamp_ + 1);
        return false;
    }
    // An old one counts no more: this program may have stood still since.
    return peer_.echoSession == session_ && peer_.echoStamp >= claimStamp_ &&
           now - timeOf(peer_.echoStamp) < proofLife();
}

void Agreement::start() {
    claiming_ = false;
    stopping_ = killed_ = false;
    peerStoppedAt_.reset();
    waitingNote_.clear();
    milvus_ = MilvusState::Starting;
    effect(Kind::StartMilvus);
}

void Agreement::judgeTracking() {
    const bool heldBack = hold_ != HoldKind::None && milvus_ == MilvusState::Stopped;
    if (const bool track = !carries_ || isolated_ || heldBack; track != tracked_) {
        tracked_ = track;
        effect(Kind::Track, track);
    }
}

void Agreement::setHold(HoldKind kind, const QString& reason, MonotonicTime now) {
    hold_ = kind;
    holdReason_ = reason;
    holdSince_ = now;
    note("hold", holdName(kind) + u": "_s + reason);
}

void Agreement::note(const char* code, const QString& text) {
    effects_.append({Kind::Note, false, QString::fromLatin1(code), text});
}

MonotonicTime Agreement::nextDeadline(MonotonicTime now) const {
    MonotonicTime next = now + settings_.interval;
    // What is not later than now has been judged, and waits for something else.
    const auto sooner = [&](MonotonicTime at) {
        if (at > now)
            next = std::min(next, at);
    };
    sooner(helloAt_);
    sooner(licence_);
    sooner(lastSign_ + overdueAfter() + std::chrono::milliseconds(1)); // overdue
    sooner(lastSign_ + silence());
    if (probedAt_)
        sooner(*probedAt_ + settings_.interval / 4);
    return next;
}

MilvusSaid Agreement::saying() const {
    if (claiming_)
        return MilvusSaid::Claiming;
    return milvus_ == MilvusState::Stopped ? MilvusSaid::Stopped : MilvusSaid::Running;
}

Hello Agreement::nextHello(MonotonicTime now) {
    stamp_ = std::max(stampOf(now), stamp_ + 1);
    helloAt_ = now + helloPace(now);
    Hello hello;
    hello.vrrp = vrrp_;
    hello.milvus = saying();
    hello.priority = settings_.priority;
    hello.session = session_;
    hello.stamp = stamp_;
    hello.echoSession = peerKnown_ ? peer_.session : 0;
    hello.echoStamp = peerKnown_ ? peer_.stamp : 0;
    hello.stopDeadline = settings_.stopDeadline;
    // Cut off: it will wait for D anew.
    const bool able = carries_ && (!isolated_ || (witnessAt_ && now - *witnessAt_ <= spell()));
    hello.silent = able ? now - silentSince() : Duration::zero();
    return hello;
}

QString milvusStateName(MilvusState state) {
    constexpr const char* names[] = {"unknown", "stopped", "starting", "running", "stopping"};
    return QString::fromLatin1(names[static_cast<size_t>(state)]);
}

QString holdName(HoldKind kind) {
    constexpr const char* names[] = {"none",         "operator", "switchover", "milvus-died",
                                     "start-failed", "shutdown", "maintenance"};
    return QString::fromLatin1(names[static_cast<size_t>(kind)]);
}

} // namespace mha
