// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"
#include "model/pair.h"

#include <QObject>
#include <QThread>

#include <functional>

namespace mha {

/// Asks Milvus through the VIP, from this computer and by plain TCP, in a thread of its own.
///
/// While all is well: one question every kIdleEvery on one kept-alive connection. As soon as anything is wrong (no
/// answer within kAnswerBy, a broken connection, an answer that is no "serving") or another sensor gave a hint: a fresh
/// connection every kAlertEvery, each given kAttemptLimit, none waiting for another, until kCalmAfter of good answers.
/// So the length of an outage is known to half of kIdleEvery + kAlertEvery.
/// Old connections may hang after the VIP has moved: none is waited for.
///
/// What is asked many times a second only says that Milvus lives. Every kQueryEvery, and with every question while
/// anything is wrong, a query over its data follows, given kQueryLimit; without its answer Milvus does not serve. Where
/// Milvus does not allow the query, that is asked again after kQueryAgainAfter, and the probe says "only alive".
///
/// Now and then it also looks whom this computer takes for the VIP.
class VipProbe : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kIdleEvery{100};
    static constexpr std::chrono::milliseconds kAlertEvery{20};
    static constexpr std::chrono::milliseconds kAnswerBy{200};
    static constexpr std::chrono::milliseconds kAttemptLimit{250};
    /// Until the VIP has answered once: it may be far away.
    static constexpr std::chrono::milliseconds kFirstLimit{1000};
    static constexpr std::chrono::milliseconds kCalmAfter{2000};
    /// After an outage of this length the generation is found out anew where it is not stated.
    static constexpr std::chrono::milliseconds kForgetAfter{3000};
    /// More than kAlertEvery lets begin within kAttemptLimit: none is left out because old ones are waited for.
    static constexpr int kMostAttempts = 16;
    static constexpr std::chrono::milliseconds kQueryEvery{1000};
    static constexpr std::chrono::milliseconds kQueryLimit{1000};
    static constexpr std::chrono::milliseconds kQueryAgainAfter{60'000};
    static constexpr std::chrono::milliseconds kNeighbourEvery{5000};

    /// Called in the probe's thread.
    using Sink = std::function<void(const Observation&)>;

    VipProbe(const Pair& pair, Sink sink, QObject* parent = nullptr);
    ~VipProbe() override; ///< ends the thread; the sink is not called afterwards

    void start();
    /// Something happened on a node that may end or move the service: ask at the fast pace. From any thread.
    void hint();

Q_SIGNALS:
    void started(QPrivateSignal);
    void hinted(QPrivateSignal);

private:
    QThread thread_;
};

} // namespace mha
