// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/vip_from_node_sensor.h"

#include "netlink/neighbours.h"
#include "observe/node_curl.h"

#include <QPointer>

namespace mha {

using namespace std::chrono_literals;

namespace {

/// Less than kStaleAfter apart; sooner after a move, when an address table may be wrong.
constexpr std::chrono::milliseconds kEvery{12'000};
constexpr std::chrono::milliseconds kRestlessEvery{5000};
constexpr qint64 kRestlessForMs = 60'000;
/// It starts a process on the node.
constexpr int kNeighbourLookOf = 5;
constexpr std::chrono::milliseconds kDeadline{1500};

} // namespace

VipFromNodeSensor::VipFromNodeSensor(std::shared_ptr<SensorContext> context, QObject* parent)
    : QObject(parent), context_(std::move(context)), poll_(this) {
    connect(&poll_, &QTimer::timeout, this, &VipFromNodeSensor::look);
}

void VipFromNodeSensor::start() {
    stop();
    questions_ = healthQuestions(context_->pair.generation, context_->pair.health, context_->pair.vipAddress());
    look();
    if (context_->streams)
        poll_.start(kEvery);
}

void VipFromNodeSensor::stop() {
    ++run_;
    poll_.stop();
    movedAgo_.invalidate();
    calmLooks_ = 0;
    client_.reset();
    asking_ = byCurl_ = false;
}

void VipFromNodeSensor::expectMove() {
    movedAgo_.start();
    if (context_->streams)
        poll_.start(kRestlessEvery);
}

void VipFromNodeSensor::look() {
    if (movedAgo_.isValid() && movedAgo_.hasExpired(kRestlessForMs)) {
        movedAgo_.invalidate();
        poll_.start(kEvery);
    }
    if (asking_)
        return;
    asking_ = true;
    askedAt_ = wallClockNow();
    ask(0);
    if (movedAgo_.isValid() || ++calmLooks_ % kNeighbourLookOf == 1)
        lookAtNeighbour();
}

/// One form of the question after the other, until one is answered.
void VipFromNodeSensor::ask(qsizetype which) {
    const HealthQuestion& question = questions_[which];
    const QString host = context_->pair.vipAddress();
    const auto done = [this, alive = QPointer(this), run = run_, which](const Result<HttpResponse>& response) {
        if (alive && run == run_)
            answered(which, response);
    };
    if (byCurl_) {
        context_->link->exec(
            curlCommand(question, host), kLookDeadline,
            [done, question, host](const Result<ExecResult>& result) { done(curlAnswer(result, question, host)); });
        return;
    }
    client_ = std::make_unique<HttpClient>(
        [link = context_->link, host, port = question.port](ByteChannel::Handlers handlers) {
            return link->openTcp(host, port, std::move(handlers));
        });
    client_->request(question.request, kDeadline, done);
}

void VipFromNodeSensor::answered(qsizetype which, const Result<HttpResponse>& response) {
    const bool refused = !response && response.error().code == ErrorCode::Refused;
    if (refused && !byCurl_) {
        byCurl_ = true; // sshd forwards no TCP
        ask(which);
        return;
    }
    if (refused) { // neither way: nothing can be said
        asking_ = false;
        return;
    }
    const QString why = response ? whyNotServing(questions_[which], *response) : response.error().text;
    if (!why.isEmpty() && which + 1 < questions_.size()) {
        ask(which + 1);
        return;
    }
    finish({why.isEmpty(), wallClockNow() - askedAt_, why});
}

void VipFromNodeSensor::finish(const VipFromNodeSeen& seen) {
    asking_ = false;
    context_->tell(seen);
}

void VipFromNodeSensor::lookAtNeighbour() {
    context_->link->exec(neighbourCommand(context_->pair.vipAddress()), kLookDeadline,
                         [this, alive = QPointer(this), run = run_](const Result<ExecResult>& result) {
                             if (!alive || run != run_ || !result || result->exitCode != 0)
                                 return;
                             if (const auto mac = parseNeighbour(result->output, context_->pair.vipAddress()))
                                 context_->tell(VipNeighbourSeen{*mac});
                         });
}

} // namespace mha
