// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/milvus_sensor.h"

#include "observe/node_curl.h"

#include <QPointer>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Where the last look found nothing that listens, each such beat asks again: a start of the container is told by
/// Docker.
constexpr int kRefusedBeats = 2;
constexpr std::chrono::milliseconds kStartingEvery{250};
constexpr qint64 kStartingForMs = 15'000;
constexpr std::chrono::milliseconds kDeadline{1000};
constexpr std::chrono::milliseconds kVersionDeadline{500};
constexpr auto kLoopback = "127.0.0.1"_L1;

} // namespace

/// One look: all forms of the question, then the version.
struct MilvusSensor::Round {
    MilvusSeen seen;
    std::optional<Error> unseen;
    QElapsedTimer age;
    int open = 0;
    bool allRefused = true;
};

MilvusSensor::MilvusSensor(std::shared_ptr<SensorContext> context, QObject* parent)
    : QObject(parent), context_(std::move(context)), starting_(this) {
    connect(&starting_, &QTimer::timeout, this, &MilvusSensor::look);
}

void MilvusSensor::start() {
    stop();
    questions_ = healthQuestions(context_->pair.generation, context_->pair.health, kLoopback);
    look();
}

void MilvusSensor::stop() {
    ++run_;
    starting_.stop();
    refused_ = false;
    round_.reset();
    clients_.clear();
    version_.clear();
    generation_.reset();
    byCurl_ = false;
    startedAgo_.invalidate();
}

void MilvusSensor::expectStart() {
    startedAgo_.start();
    if (context_->streams)
        starting_.start(kStartingEvery);
}

void MilvusSensor::beat() {
    if (!starting_.isActive() && (!refused_ || ++beats_ % kRefusedBeats == 0))
        look();
}

void MilvusSensor::look() {
    if (round_ || questions_.isEmpty())
        return;
    if (startedAgo_.isValid() && startedAgo_.hasExpired(kStartingForMs)) {
        startedAgo_.invalidate();
        starting_.stop();
    }
    const RoundPtr round = std::make_shared<Round>();
    round_ = round;
    round->age.start();
    const QList<HealthQuestion> questions = questions_;
    round->open = int(questions.size());
    for (const HealthQuestion& question : questions)
        ask(round, question);
}

HttpClient& MilvusSensor::client(quint16 port) {
    std::unique_ptr<HttpClient>& place = clients_[port];
    if (!place) {
        place = std::make_unique<HttpClient>([link = context_->link, port](ByteChannel::Handlers handlers) {
            return link->openTcp(kLoopback, port, std::move(handlers));
        });
    }
    return *place;
}

void MilvusSensor::ask(const RoundPtr& round, const HealthQuestion& question) {
    if (byCurl_) {
        askByCurl(round, question);
        return;
    }
    client(question.port)
        .request(question.request, kDeadline,
                 [this, alive = QPointer(this), run = run_, round, question](const Result<HttpResponse>& response) {
                     if (!alive || run != run_)
                         return;
                     if (!response && response.error().code == ErrorCode::Refused) {
                         byCurl_ = true; // sshd forwards no TCP
                         askByCurl(round, question);
                         return;
                     }
                     answered(round, question, response);
                 });
}

void MilvusSensor::askByCurl(const RoundPtr& round, const HealthQuestion& question) {
    context_->link->exec(curlCommand(question, kLoopback), kLookDeadline,
                         [this, alive = QPointer(this), run = run_, round, question](const Result<ExecResult>& result) {
                             if (alive && run == run_)
                                 answered(round, question, curlAnswer(result, question, kLoopback));
                         });
}

void MilvusSensor::answered(const RoundPtr& round, const HealthQuestion& question,
                            const Result<HttpResponse>& response) {
    --round->open;
    const QString why = response ? whyNotServing(question, *response) : response.error().text;
    if (response && why.isEmpty()) {
        round->seen.serving = true;
        round->seen.latency = std::chrono::microseconds(round->age.nsecsElapsed() / 1000);
        round->seen.detail.clear();
        generation_ = generationOf(question);
        if (generation_)
            questions_ = {question};
    } else if (!round->seen.serving) {
        round->seen.detail = why;
    }
    const bool refused = !response && response.error().code == ErrorCode::NotFound;
    round->allRefused = round->allRefused && refused;
    if (!response && response.error().code == ErrorCode::Refused)
        round->unseen = response.error();
    if (round->open > 0)
        return;
    if (round->seen.serving) {
        askData(round);
    } else {
        finish(round);
    }
}

void MilvusSensor::askData(const RoundPtr& round) {
    const auto known =
        generation_ || context_->pair.generation == Generation::Auto ? generation_ : context_->pair.generation;
    const std::optional<HealthQuestion> question = dataQuestion(context_->pair, known, kLoopback);
    if (!question) {
        round->seen.notQueried = u"No query is known for an own health check: set milvus.query."_s;
        goOn(round);
        return;
    }
    const auto done = [this, alive = QPointer(this), run = run_, round,
                       question = *question](const Result<HttpResponse>& response) {
        if (alive && run == run_)
            dataAnswered(round, question, response);
    };
    if (byCurl_) {
        context_->link->exec(curlCommand(*question, kLoopback), kLookDeadline,
                             [done, question = *question](const Result<ExecResult>& result) {
                                 done(curlAnswer(result, question, kLoopback));
                             });
    } else {
        client(question->port).request(question->request, kDeadline, done);
    }
}

void MilvusSensor::dataAnswered(const RoundPtr& round, const HealthQuestion& question,
                                const Result<HttpResponse>& response) {
    const DataVerdict verdict = response ? judgeData(context_->pair, question, *response)
                                         : DataVerdict{DataAnswer::Failed, response.error().text};
    round->seen.queried = verdict.answer == DataAnswer::Answered;
    if (verdict.answer == DataAnswer::NotAllowed)
        round->seen.notQueried = verdict.why;
    if (verdict.answer == DataAnswer::Failed) {
        round->seen.serving = false;
        round->seen.detail = u"It says that it lives, but a query fails: %1"_s.arg(verdict.why);
    }
    goOn(round);
}

void MilvusSensor::goOn(const RoundPtr& round) {
    if (round->seen.serving && version_.isEmpty() && generation_) {
        askVersion(round);
    } else {
        finish(round);
    }
}

void MilvusSensor::askVersion(const RoundPtr& round) {
    const std::optional<HealthQuestion> question = versionQuestion(*generation_, kLoopback);
    if (!question) {
        finish(round);
        return;
    }
    const auto done = [this, alive = QPointer(this), run = run_, round](const Result<HttpResponse>& response) {
        if (!alive || run != run_)
            return;
        if (response)
            version_ = versionFrom(*response);
        finish(round);
    };
    if (byCurl_) {
        context_->link->exec(curlCommand(*question, kLoopback), kLookDeadline,
                             [done, question = *question](const Result<ExecResult>& result) {
                                 done(curlAnswer(result, question, kLoopback));
                             });
    } else {
        client(question->port).request(question->request, kVersionDeadline, done);
    }
}

void MilvusSensor::finish(const RoundPtr& round) {
    round_.reset();
    if (round->unseen && !round->seen.serving) {
        context_->tell(Unseen{Subject::Milvus, *round->unseen});
        return;
    }
    round->seen.refused = refused_ = round->allRefused;
    if (!round->seen.serving) {
        version_.clear();
        if (context_->pair.generation == Generation::Auto)
            questions_ = healthQuestions(Generation::Auto, context_->pair.health, kLoopback);
    } else if (startedAgo_.isValid()) {
        startedAgo_.invalidate();
        starting_.stop();
    }
    round->seen.version = version_;
    context_->tell(round->seen);
}

} // namespace mha
