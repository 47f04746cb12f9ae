// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/milvus_sensor.h"

#include <QPointer>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kEvery{1000};
constexpr std::chrono::milliseconds kStartingEvery{250};
constexpr qint64 kStartingForMs = 15'000;
constexpr std::chrono::milliseconds kDeadline{1000};
constexpr std::chrono::milliseconds kVersionDeadline{500};
constexpr auto kLoopback = "127.0.0.1"_L1;

// curl(1): "failed to connect to host", "operation timed out"; the shell's "command not found".
constexpr int kCurlRefused = 7;
constexpr int kCurlTimedOut = 28;
constexpr int kNoCommand = 127;

Command curlCommand(const HealthQuestion& question) {
    QStringList argv{u"curl"_s, u"-s"_s, u"-g"_s, u"--noproxy"_s,     u"*"_s,
                     u"-m"_s,   u"1"_s,  u"-w"_s, u"\n%{http_code}"_s};
    for (const auto& [name, value] : question.request.headers)
        argv << u"-H"_s << QString::fromUtf8(name + ": " + value);
    argv << u"http://%1:%2%3"_s.arg(kLoopback).arg(question.port).arg(QString::fromUtf8(question.request.target));
    return {argv, false, {}};
}

Result<HttpResponse> curlAnswer(const Result<ExecResult>& result, quint16 port) {
    if (!result)
        return std::unexpected(result.error());
    const QString where = u"%1:%2"_s.arg(kLoopback).arg(port);
    switch (result->exitCode) {
    case 0: {
        const qsizetype end = result->output.lastIndexOf('\n');
        return HttpResponse{result->output.sliced(end + 1).toInt(), result->output.left(std::max(end, qsizetype{0})),
                            false};
    }
    case kCurlRefused:
        return std::unexpected(Error{ErrorCode::NotFound, u"Nothing listens on port %1 of the node."_s.arg(port), where,
                                     u"Check that Milvus runs there."_s});
    case kCurlTimedOut:
        return std::unexpected(Error{ErrorCode::TimedOut, u"Port %1 of the node did not answer within 1 s."_s.arg(port),
                                     where, u"Look at Milvus's log on the node."_s});
    case kNoCommand:
        return std::unexpected(
            Error{ErrorCode::Refused, u"sshd forwards no TCP to Milvus, and the node has no curl to ask it there."_s,
                  where, u"Set AllowTcpForwarding yes in the node's sshd_config, or install curl there."_s});
    default:
        return std::unexpected(Error{ErrorCode::Protocol, u"Port %1 of the node does not speak HTTP."_s.arg(port),
                                     where, u"Check the port of Milvus's health endpoint in the pair file."_s});
    }
}

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
    : QObject(parent), context_(std::move(context)), poll_(this) {
    connect(&poll_, &QTimer::timeout, this, &MilvusSensor::look);
}

void MilvusSensor::start() {
    stop();
    questions_ = healthQuestions(context_->pair.generation, context_->pair.health, kLoopback);
    look();
    if (context_->streams)
        poll_.start(kEvery);
}

void MilvusSensor::stop() {
    ++run_;
    poll_.stop();
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
        poll_.start(kStartingEvery);
}

void MilvusSensor::look() {
    if (round_ || questions_.isEmpty())
        return;
    if (startedAgo_.isValid() && startedAgo_.hasExpired(kStartingForMs)) {
        startedAgo_.invalidate();
        poll_.start(kEvery);
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
    context_->link->exec(curlCommand(question), kLookDeadline,
                         [this, alive = QPointer(this), run = run_, round, question](const Result<ExecResult>& result) {
                             if (alive && run == run_)
                                 answered(round, question, curlAnswer(result, question.port));
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
        context_->link->exec(
            curlCommand(*question), kLookDeadline,
            [done, port = question->port](const Result<ExecResult>& result) { done(curlAnswer(result, port)); });
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
    round->seen.refused = round->allRefused;
    if (!round->seen.serving) {
        version_.clear();
        if (context_->pair.generation == Generation::Auto)
            questions_ = healthQuestions(Generation::Auto, context_->pair.health, kLoopback);
    } else if (startedAgo_.isValid()) {
        startedAgo_.invalidate();
        if (context_->streams)
            poll_.start(kEvery);
    }
    round->seen.version = version_;
    context_->tell(round->seen);
}

} // namespace mha
