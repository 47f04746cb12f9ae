// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/vip_asker.h"

#include "netlink/neighbours.h"

#include <QFile>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A timer that is later than this was held up, by a busy machine or a sleep: silence then says nothing of the VIP.
constexpr std::chrono::milliseconds kHeldUp{50};

} // namespace

VipAsker::VipAsker(const Pair& pair, VipProbe::Sink sink)
    : pair_(pair), sink_(std::move(sink)), address_(pair.vipAddress()), timer_(this) {
    questions_ = healthQuestions(pair_.generation, pair_.health, pair_.vipAddress());
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, &VipAsker::tick);
}

VipAsker::~VipAsker() = default; // the connections are its children

void VipAsker::begin() {
    lastTick_ = Clock::now();
    restlessUntil_ = lastTick_; // the first answer may calm it at once
    alert_ = true;
    timer_.start(VipProbe::kAlertEvery);
    attempt();
}

void VipAsker::hint() {
    restlessUntil_ = Clock::now() + VipProbe::kCalmAfter;
    setAlert(true);
}

void VipAsker::tick() {
    const Clock::time_point now = Clock::now();
    const auto late = now - lastTick_ - timer_.intervalAsDuration();
    lastTick_ = now;
    if (late > kHeldUp) {
        for (const AttemptPtr& attempt : attempts_) {
            attempt->worryAt += late;
            attempt->endBy += late;
        }
    }
    fetchQuietly();
    expire(now);
    lookAtNeighbour(now);
    if (alert_) {
        if (everGood_ && now >= restlessUntil_ && now - lastGood_ < VipProbe::kAttemptLimit) {
            setAlert(false);
        } else if (attempts_.size() < VipProbe::kMostAttempts) {
            attempt();
        }
    } else if (!waitsForAlive()) {
        if (kept_ && !versionAsked_ && generation_ == Generation::V0) {
            askVersion();
        } else {
            attempt();
        }
    }
}

void VipAsker::setAlert(bool alert) {
    if (alert_ == alert)
        return;
    alert_ = alert;
    timer_.start(alert ? VipProbe::kAlertEvery : VipProbe::kIdleEvery);
    lastTick_ = Clock::now();
    if (!alert)
        return;
    if (keptForData_)
        std::exchange(keptForData_, nullptr)->discard();
    attempt();
}

void VipAsker::attempt() {
    const Clock::time_point now = Clock::now();
    if (pair_.generation == Generation::Auto && !pair_.health && generation_ &&
        now - lastGood_ > VipProbe::kForgetAfter) {
        generation_.reset();
        questions_ = healthQuestions(Generation::Auto, std::nullopt, pair_.vipAddress());
    }
    const auto made = std::make_shared<Attempt>();
    made->asked = now;
    made->askedAt = wallClockNow();
    // In an outage every attempt has to show that the data answers; in the alert after a mere hint one a second does.
    made->withQuery = queryFails_ || now >= queryAfter_ || (alert_ && now - lastGood_ > VipProbe::kAnswerBy);
    if (made->withQuery)
        queryAfter_ = now + VipProbe::kQueryEvery;
    made->worryAt = now + VipProbe::kAnswerBy;
    made->endBy = now + (everGood_ ? VipProbe::kAttemptLimit : VipProbe::kFirstLimit);
    attempts_.append(made);
    const bool useKept = !alert_ && (kept_ || quiet_) && questions_.size() == 1;
    if (useKept) {
        made->kept = true;
        made->endBy += VipProbe::kAnswerBy; // a fresh connection is tried beside it meanwhile
        if (askQuietly(made))
            return;
    }
    for (const HealthQuestion& question : QList(questions_)) { // an answer may come at once and leave one form
        VipConnection* const connection =
            useKept ? std::exchange(kept_, nullptr) : new VipConnection(address_, question.port, this);
        connection->onBroken({});
        made->connections.append(connection);
        connection->ask(question.request, [this, made, connection, question](const Result<HttpResponse>& response) {
            answered(made, connection, question, response);
        });
    }
}

/// False: there is no connection that does so.
bool VipAsker::askQuietly(const AttemptPtr& attempt) {
    if (kept_) { // the newest
        dropQuiet();
        quiet_ = QuietConnection::from(kept_->descriptor(), [this] { quietEnded(); }, this);
        if (!quiet_)
            return false;
        std::exchange(kept_, nullptr)->discard();
    }
    askedQuietly_ = attempt;
    if (!quiet_->ask(toWire(questions_.first().request)))
        quietEnded();
    return true;
}

void VipAsker::fetchQuietly() {
    if (!askedQuietly_)
        return;
    const auto answer = quiet_->fetch();
    if (!answer)
        return;
    const AttemptPtr attempt = std::exchange(askedQuietly_, nullptr);
    attempt->answeredAt = answer->at;
    if (answer->response) { // else it is what said "serving" before
        const Result<HttpResponse>& response = *answer->response;
        attempt->why = response ? whyNot(questions_.first(), *response) : response.error().text;
        attempt->notServing = response.has_value();
        if (!attempt->why.isEmpty() || !response->keepAlive)
            dropQuiet();
    }
    if (attempt->why.isEmpty()) {
        lives(attempt);
    } else {
        bad(attempt);
    }
}

void VipAsker::quietEnded() {
    fetchQuietly(); // its last words
    const AttemptPtr open = std::exchange(askedQuietly_, nullptr);
    dropQuiet();
    lost(open);
}

void VipAsker::dropQuiet() {
    askedQuietly_.reset();
    if (quiet_)
        std::exchange(quiet_, nullptr)->discard();
}

/// The server may close a kept connection at any time: only a fresh one tells.
void VipAsker::lost(const AttemptPtr& attempt) {
    if (attempt)
        end(attempt);
    restlessUntil_ = Clock::now() + VipProbe::kCalmAfter;
    setAlert(true);
}

void VipAsker::askVersion() {
    versionAsked_ = true;
    const std::optional<HealthQuestion> question = versionQuestion(*generation_, pair_.vipAddress());
    if (!question)
        return;
    const auto made = std::make_shared<Attempt>();
    made->asked = Clock::now();
    made->askedAt = wallClockNow();
    made->worryAt = made->asked + VipProbe::kAnswerBy;
    made->endBy = made->worryAt;
    made->kept = true;
    made->versionOnly = true;
    VipConnection* const connection = std::exchange(kept_, nullptr);
    made->connections.append(connection);
    attempts_.append(made);
    connection->onBroken({});
    connection->ask(question->request, [this, made, connection](const Result<HttpResponse>& response) {
        versionAnswered(made, connection, response);
    });
}

void VipAsker::answered(const AttemptPtr& attempt, VipConnection* connection, const HealthQuestion& question,
                        const Result<HttpResponse>& response) {
    attempt->connections.removeOne(connection);
    const QString why = response ? whyNot(question, *response) : response.error().text;
    if (response && why.isEmpty()) {
        if (const auto generation = generationOf(question)) {
            generation_ = generation;
            questions_ = {question};
        }
        if (connection->reusable()) {
            keep(connection);
        } else {
            connection->discard();
        }
        for (VipConnection* const other : std::exchange(attempt->connections, {}))
            other->discard(); // the forms of the other generation
        lives(attempt);
        return;
    }
    connection->discard();
    if (attempt->why.isEmpty() || (response && !attempt->notServing)) {
        attempt->why = why;
        attempt->notServing = response.has_value();
    }
    if (!attempt->connections.isEmpty())
        return;
    if (attempt->kept && !response) {
        lost(attempt);
        return;
    }
    bad(attempt);
}

void VipAsker::lives(const AttemptPtr& attempt) {
    if (const auto query = queryDue(attempt)) {
        queryData(attempt, *query);
    } else {
        good(attempt);
    }
}

/// An answer like the last one need not be taken apart again, many times a second.
QString VipAsker::whyNot(const HealthQuestion& question, const HttpResponse& response) {
    const bool same =
        questions_.size() == 1 && response.status == 200 && !servingBody_.isEmpty() && response.body == servingBody_;
    const QString why = same ? QString() : whyNotServing(question, response);
    servingBody_ = why.isEmpty() && response.status == 200 ? response.body : QByteArray();
    return why;
}

std::optional<HealthQuestion> VipAsker::queryDue(const AttemptPtr& attempt) const {
    if (!attempt->withQuery || Clock::now() < queryAllowedAt_)
        return std::nullopt;
    const auto known = generation_ || pair_.generation == Generation::Auto ? generation_ : pair_.generation;
    return dataQuestion(pair_, known, pair_.vipAddress());
}

/// On a connection of its own: the kept one stays free for the quick question.
void VipAsker::queryData(const AttemptPtr& attempt, const HealthQuestion& question) {
    attempt->alive = true;
    attempt->answeredAt.reset();
    attempt->endBy = Clock::now() + VipProbe::kQueryLimit;
    attempt->worryAt = attempt->endBy;
    const bool used = keptForData_ != nullptr;
    VipConnection* const connection =
        used ? std::exchange(keptForData_, nullptr) : new VipConnection(address_, question.port, this);
    connection->onBroken({});
    attempt->connections.append(connection);
    connection->ask(question.request,
                    [this, attempt, connection, question, used](const Result<HttpResponse>& response) {
                        if (response || !used) {
                            dataAnswered(attempt, connection, question, response);
                        } else { // the server may close it at any time
                            attempt->connections.removeOne(connection);
                            connection->discard();
                            queryData(attempt, question);
                        }
                    });
}

void VipAsker::keepForData(VipConnection* connection) {
    keptForData_ = connection;
    connection->onBroken([this] { std::exchange(keptForData_, nullptr)->discard(); });
}

void VipAsker::dataAnswered(const AttemptPtr& attempt, VipConnection* connection, const HealthQuestion& question,
                            const Result<HttpResponse>& response) {
    attempt->connections.removeOne(connection);
    if (!alert_ && !keptForData_ && connection->reusable()) {
        keepForData(connection);
    } else {
        connection->discard();
    }
    const DataVerdict verdict =
        response ? judgeData(pair_, question, *response) : DataVerdict{DataAnswer::Failed, response.error().text};
    notQueried_.clear();
    switch (verdict.answer) {
    case DataAnswer::Answered:
        queryFails_ = false;
        queriedAt_ = wallClockNow();
        good(attempt);
        return;
    case DataAnswer::NotAllowed:
        queryFails_ = false;
        queriedAt_.reset();
        notQueried_ = verdict.why;
        queryAllowedAt_ = Clock::now() + VipProbe::kQueryAgainAfter;
        good(attempt);
        return;
    case DataAnswer::Failed:
        attempt->why = u"It says that it lives, but a query fails: %1"_s.arg(verdict.why);
        bad(attempt);
        return;
    }
}

/// A quick question is on its way; a query may take longer and holds up none.
bool VipAsker::waitsForAlive() const {
    return std::ranges::any_of(attempts_, [](const AttemptPtr& attempt) { return !attempt->alive; });
}

void VipAsker::lookAtNeighbour(Clock::time_point now) {
    if (now < neighbourAfter_)
        return;
    neighbourAfter_ = now + VipProbe::kNeighbourEvery;
    QFile table(u"/proc/net/arp"_s);
    if (!table.open(QIODevice::ReadOnly))
        return;
    const QString mac = neighbourFromArpTable(table.readAll(), pair_.vipAddress());
    if (!mac.isEmpty() || !neighbour_.isEmpty())
        sink_({wallClockNow(), -1, VipNeighbourSeen{mac}});
    neighbour_ = mac;
}

void VipAsker::versionAnswered(const AttemptPtr& attempt, VipConnection* connection,
                               const Result<HttpResponse>& response) {
    attempt->connections.removeOne(connection);
    if (response)
        version_ = versionFrom(*response);
    if (response && connection->reusable()) {
        keep(connection);
    } else {
        connection->discard();
    }
    end(attempt);
}

/// The newest connection that answered is kept for the calm pace.
void VipAsker::keep(VipConnection* connection) {
    if (kept_)
        kept_->discard();
    kept_ = connection;
    connection->onBroken([this, connection] {
        if (kept_ != connection)
            return;
        kept_ = nullptr;
        connection->discard();
        restlessUntil_ = Clock::now() + VipProbe::kCalmAfter;
        setAlert(true);
    });
}

void VipAsker::good(const AttemptPtr& attempt) {
    const auto ago = attempt->answeredAt ? wallClockNow() - *attempt->answeredAt : Duration::zero();
    lastGood_ = std::max(lastGood_, Clock::now() - std::max(ago, Duration::zero()));
    everGood_ = true;
    tell(attempt, true, {});
    end(attempt);
}

void VipAsker::bad(const AttemptPtr& attempt) {
    const Clock::time_point now = Clock::now();
    queryFails_ = queryFails_ || attempt->alive;
    // A good answer that came after this was asked says more than its failure.
    if (!everGood_ || attempt->asked > lastGood_) {
        versionAsked_ = false;
        version_.clear();
        restlessUntil_ = now + VipProbe::kCalmAfter;
        tell(attempt, false, attempt->why);
    }
    end(attempt);
    setAlert(true);
}

void VipAsker::end(const AttemptPtr& attempt) {
    for (VipConnection* const connection : std::exchange(attempt->connections, {}))
        connection->discard();
    attempts_.removeOne(attempt);
    if (askedQuietly_ == attempt)
        dropQuiet(); // an answer to it would be taken for the next one's
}

void VipAsker::expire(Clock::time_point now) {
    bool worry = false;
    for (const AttemptPtr& attempt : QList(attempts_)) {
        if (now >= attempt->endBy) {
            if (attempt->why.isEmpty()) {
                const auto waited =
                    std::chrono::duration_cast<std::chrono::milliseconds>(attempt->endBy - attempt->asked);
                attempt->why = u"No answer through the VIP within %1 s."_s.arg(double(waited.count()) / 1000.0);
            }
            if (attempt->versionOnly) {
                end(attempt);
            } else {
                bad(attempt);
            }
            worry = true;
        } else if (now >= attempt->worryAt && attempt->asked > lastGood_) {
            worry = true;
        }
    }
    if (worry && !alert_) {
        restlessUntil_ = now + VipProbe::kCalmAfter;
        setAlert(true);
    }
}

void VipAsker::tell(const AttemptPtr& attempt, bool isGood, const QString& detail) {
    VipProbeSeen seen;
    seen.good = isGood;
    seen.version = version_;
    seen.latency = attempt->answeredAt ? *attempt->answeredAt - attempt->askedAt
                                       : std::chrono::duration_cast<Duration>(Clock::now() - attempt->asked);
    seen.askedAt = attempt->askedAt;
    seen.detail = detail;
    seen.alive = !isGood && attempt->alive;
    seen.queriedAt = queriedAt_;
    seen.notQueried = isGood ? notQueried_ : QString();
    for (const Observation& observation : filter_.pass({attempt->answeredAt.value_or(wallClockNow()), -1, seen}))
        sink_(observation);
}

} // namespace mha
