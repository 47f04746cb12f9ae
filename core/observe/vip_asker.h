// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "milvus/health.h"
#include "observe/probe_filter.h"
#include "observe/quiet_connection.h"
#include "observe/vip_connection.h"
#include "observe/vip_probe.h"

#include <QList>
#include <QTimer>

#include <chrono>
#include <memory>

namespace mha {

/// The work of VipProbe, in its thread: keeps the attempts, decides the pace, tells what came of them.
class VipAsker : public QObject {
    Q_OBJECT

public:
    VipAsker(const Pair& pair, VipProbe::Sink sink);
    ~VipAsker() override;

    void begin();
    void hint();

private:
    using Clock = std::chrono::steady_clock;

    /// One question to the VIP, of which several forms may be on their way while the generation is not known. It is
    /// good as soon as one form is, and bad when all are.
    struct Attempt {
        Instant askedAt;
        Clock::time_point asked;
        std::optional<Instant> answeredAt; ///< where that was not just now
        Clock::time_point worryAt;         ///< no answer by then: alert
        Clock::time_point endBy;
        bool kept = false; ///< on a connection that had answered before
        bool versionOnly = false;
        bool withQuery = false; ///< once it has said that it lives, its data is asked
        bool alive = false;     ///< it has said so
        QList<VipConnection*> connections;
        QString why;
        bool notServing = false; ///< `why` is from an answer, which says more than a refusal
    };

    using AttemptPtr = std::shared_ptr<Attempt>;

    void tick();
    void setAlert(bool alert);
    void attempt();
    bool askQuietly(const AttemptPtr& attempt);
    void fetchQuietly();
    void quietEnded();
    void dropQuiet();
    void lives(const AttemptPtr& attempt);
    void lost(const AttemptPtr& attempt);
    void askVersion();
    void answered(const AttemptPtr& attempt, VipConnection* connection, const HealthQuestion& question,
                  const Result<HttpResponse>& response);
    QString whyNot(const HealthQuestion& question, const HttpResponse& response);
    void queryData(const AttemptPtr& attempt, const HealthQuestion& question);
    void dataAnswered(const AttemptPtr& attempt, VipConnection* connection, const HealthQuestion& question,
                      const Result<HttpResponse>& response);
    void keepForData(VipConnection* connection);
    std::optional<HealthQuestion> queryDue(const AttemptPtr& attempt) const;
    bool waitsForAlive() const;
    void lookAtNeighbour(Clock::time_point now);
    void versionAnswered(const AttemptPtr& attempt, VipConnection* connection, const Result<HttpResponse>& response);
    void keep(VipConnection* connection);
    void good(const AttemptPtr& attempt);
    void bad(const AttemptPtr& attempt);
    void end(const AttemptPtr& attempt);
    void expire(Clock::time_point now);
    void tell(const AttemptPtr& attempt, bool isGood, const QString& detail);

    Pair pair_;
    VipProbe::Sink sink_;
    QHostAddress address_;
    ProbeFilter filter_;
    QTimer timer_;
    QList<HealthQuestion> questions_;
    QByteArray servingBody_; ///< the last answer that said "serving"
    QList<AttemptPtr> attempts_;
    VipConnection* kept_ = nullptr;
    QuietConnection* quiet_ = nullptr;     ///< in calm times, what was kept_ before
    AttemptPtr askedQuietly_;              ///< whose answer is fetched from there
    VipConnection* keptForData_ = nullptr; ///< in calm times
    std::optional<Generation> generation_;
    QString version_;
    bool versionAsked_ = false; ///< since the last outage
    bool alert_ = false;
    bool everGood_ = false;
    bool queryFails_ = false;          ///< it lives, but does not answer for its data
    std::optional<Instant> queriedAt_; ///< last answer to a query
    QString notQueried_;               ///< why there is none
    Clock::time_point queryAfter_;     ///< the next in calm times
    Clock::time_point queryAllowedAt_; ///< none before, since Milvus does not allow it
    Clock::time_point neighbourAfter_;
    QString neighbour_;
    Clock::time_point lastTick_;
    Clock::time_point lastAttempt_;
    Clock::time_point restlessUntil_; ///< alert at least until then
    Clock::time_point lastGood_;      ///< answer
};

} // namespace mha
