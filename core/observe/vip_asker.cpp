// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/vip_asker.h"

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
    expire(now);
    if (alert_) {
        if (everGood_ && now >= restlessUntil_ && now - lastGood_ < VipProbe::kAttemptLimit) {
            setAlert(false);
        } else if (attempts_.size() < VipProbe::kMostAttempts) {
            attempt();
        }
    } else if (attempts_.isEmpty()) {
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
    if (alert)
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
    made->worryAt = now + VipProbe::kAnswerBy;
    made->endBy = now + (everGood_ ? VipProbe::kAttemptLimit : VipProbe::kFirstLimit);
    attempts_.append(made);
    const bool useKept = !alert_ && kept_ && questions_.size() == 1;
    if (useKept) {
        made->kept = true;
        made->endBy += VipProbe::kAnswerBy; // a fresh connection is tried beside it meanwhile
    }
    for (const HealthQuestion& question : questions_) {
        VipConnection* const connection =
            useKept ? std::exchange(kept_, nullptr) : new VipConnection(address_, question.port, this);
        connection->onBroken({});
        made->connections.append(connection);
        connection->ask(question.request, [this, made, connection, question](const Result<HttpResponse>& response) {
            answered(made, connection, question, response);
        });
    }
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
    const QString why = response ? whyNotServing(question, *response) : response.error().text;
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
        good(attempt);
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
        // The server may close a kept connection at any time: only a fresh one tells.
        end(attempt);
        restlessUntil_ = Clock::now() + VipProbe::kCalmAfter;
        setAlert(true);
        return;
    }
    bad(attempt);
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
    lastGood_ = Clock::now();
    everGood_ = true;
    tell(attempt, true, {});
    end(attempt);
}

void VipAsker::bad(const AttemptPtr& attempt) {
    const Clock::time_point now = Clock::now();
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
    const auto latency = std::chrono::duration_cast<Duration>(Clock::now() - attempt->asked);
    VipProbeSeen seen;
    seen.good = isGood;
    seen.version = version_;
    seen.latency = latency;
    seen.askedAt = attempt->askedAt;
    seen.detail = detail;
    for (const Observation& observation : filter_.pass({wallClockNow(), -1, seen}))
        sink_(observation);
}

} // namespace mha
