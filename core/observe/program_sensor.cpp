// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/program_sensor.h"

#include "keepalived/runtime.h"

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// The program tells something every 5 s (node/node_program.cpp).
constexpr std::chrono::milliseconds kSilentAfter{12'000};
/// systemd begins it anew after a second; each try that fails is a line in the log of the node's sshd.
constexpr std::chrono::milliseconds kAgainAfter{2000};
constexpr int kTries = 10;

} // namespace

ProgramSensor::ProgramSensor(std::shared_ptr<SensorContext> context, std::function<void(bool)> settled, QObject* parent)
    : QObject(parent), context_(std::move(context)), settled_(std::move(settled)), again_(this), silence_(this) {
    again_.setSingleShot(true);
    silence_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, &ProgramSensor::ask);
    connect(&silence_, &QTimer::timeout, this, [this] {
        lines_.reset();
        ended({ErrorCode::TimedOut, u"milvus-ha-node does not answer."_s, u"milvus-ha-node"_s,
               u"Look at it: journalctl -u milvus-ha-node."_s});
    });
}

void ProgramSensor::start() {
    if (!lines_ && !again_.isActive())
        ask();
}

void ProgramSensor::stop() {
    lines_.reset();
    again_.stop();
    silence_.stop();
    native_ = false;
    triesLeft_ = 0;
}

void ProgramSensor::ask() {
    silence_.start(context_->streams ? kSilentAfter : kLookDeadline);
    const QString command = context_->streams ? u"watch"_s : u"status"_s;
    lines_ = std::make_unique<JsonLines>(*context_->link, kNodeProgramSocket,
                                         QJsonObject{{u"command"_s, command}, {u"mark_key"_s, passwordMarkKey()}},
                                         JsonLines::Handlers{[this](const QJsonObject& status) { received(status); },
                                                             [this](const Error& error) {
                                                                 lines_.reset();
                                                                 ended(error);
                                                             }});
}

void ProgramSensor::received(const QJsonObject& status) {
    const Result<NodeStatusSeen> seen = parseNodeStatus(status);
    if (!seen) {
        silence_.stop();
        context_->tell(Unseen{Subject::Program, seen.error()});
        return settled_(false);
    }
    triesLeft_ = kTries;
    if (context_->streams) {
        silence_.start(kSilentAfter);
    } else {
        silence_.stop();
    }
    native_ = seen->vrrp.has_value();
    settled_(native_);
    context_->tell(seen->program);
    if (seen->vrrp)
        context_->tell(*seen->vrrp);
    if (seen->config)
        context_->tell(*seen->config);
}

void ProgramSensor::ended(const Error&) {
    silence_.stop();
    context_->tell(NodeProgramSeen{});
    if (triesLeft_ > 0) {
        --triesLeft_;
        again_.start(kAgainAfter);
        if (native_) {
            VrrpSeen gone;
            gone.engine = u"native"_s;
            gone.state = VrrpState::Stopped;
            gone.source = u"milvus-ha-node"_s;
            context_->tell(gone);
        }
        return;
    }
    native_ = false;
    settled_(false);
}

} // namespace mha
