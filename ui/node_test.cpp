// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/node_test.h"

#include "docker/docker_api.h"
#include "keepalived/runtime.h"
#include "link/json_lines.h"
#include "netlink/addresses.h"
#include "observe/node_status.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThread>

namespace mha {

namespace {

constexpr std::chrono::milliseconds kDeadline{4000};
constexpr int kParts = 3;

template <typename T> Fact<T> toFact(Result<T> result) {
    Fact<T> fact;
    fact.seenAt = wallClockNow();
    if (result) {
        fact.value = std::move(*result);
    } else {
        fact.unknownBecause = result.error();
    }
    return fact;
}

} // namespace

NodeTest::NodeTest(Pair pair, int node, SshOptions options, QObject* parent)
    : QObject(parent), pair_(std::move(pair)), node_(pair_.nodes.at(static_cast<std::size_t>(node))),
      docker_(std::make_shared<std::unique_ptr<DockerApi>>()),
      program_(std::make_shared<std::unique_ptr<JsonLines>>()) {
    options.reconnect = false;
    link_ = std::make_shared<SshLink>(node_, std::move(options));
    connect(
        link_.get(), &Link::stateChanged, this, [this](const LinkSeen& state) { onState(state); },
        Qt::QueuedConnection);
}

NodeTest::~NodeTest() {
    end();
}

void NodeTest::start() {
    link_->start();
}

void NodeTest::onState(const LinkSeen& state) {
    if (ended_)
        return;
    if (state.state == LinkState::Up && !asked_) {
        asked_ = true;
        ask();
    } else if (state.state == LinkState::Down || state.state == LinkState::Refused) {
        findings_.refused = state.error.value_or(
            Error{ErrorCode::Unreachable, tr("The connection ended."), node_.name, tr("Try again.")});
        const NodeFindings findings = findings_;
        end();
        Q_EMIT finished(findings);
    }
}

NodeTest::Courier NodeTest::courier() {
    return [self = QPointer(this)](const std::function<void(NodeTest&)>& use) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, use] {
                if (!self || self->ended_)
                    return;
                use(*self);
                self->partDone();
            },
            Qt::QueuedConnection);
    };
}

void NodeTest::ask() {
    partsLeft_ = kParts;
    const auto here = courier();
    const QString vip = pair_.vipAddress();
    const QString interface = node_.interface;
    link_->exec(addressesCommand(), kDeadline, [here, vip, interface](Result<ExecResult> result) {
        Result<VipSeen> vipSeen =
            result ? parseAddresses(result->output, vip, interface) : Result<VipSeen>(std::unexpected(result.error()));
        here([vipSeen](NodeTest& test) { test.findings_.vip = toFact(vipSeen); });
    });
    link_->exec(keepalivedStateCommand(), kDeadline, [here, vip](Result<ExecResult> result) {
        const KeepalivedSeen seen =
            result ? parseKeepalivedState(result->output, vip)
                   : KeepalivedSeen{std::unexpected(result.error()), std::unexpected(result.error()), {}, false};
        here([seen](NodeTest& test) {
            test.findings_.vrrp = toFact(seen.vrrp);
            test.findings_.config = toFact(seen.config);
            if (seen.nodeProgram)
                test.askProgram();
        });
    });
    link_->post([link = link_.get(), docker = docker_, here, container = pair_.containerOn(node_)] {
        *docker = std::make_unique<DockerApi>(*link);
        (*docker)->inspect(container, kDeadline, [here](Result<ContainerSeen> seen) {
            here([seen](NodeTest& test) { test.findings_.container = toFact(seen); });
        });
    });
}

/// Where milvus-ha-node has VRRP, what it says counts and not that keepalived is not there.
void NodeTest::askProgram() {
    ++partsLeft_;
    // The socket may answer and then be closed: the first of both counts.
    const auto answered = [here = courier(), told = std::make_shared<bool>(false)](const Result<NodeStatusSeen>& seen) {
        if (std::exchange(*told, true))
            return;
        here([seen](NodeTest& test) {
            if (!seen || !seen->vrrp || !seen->config)
                return;
            test.findings_.program = true;
            test.findings_.vrrp = toFact(Result<VrrpSeen>(*seen->vrrp));
            test.findings_.config = toFact(Result<VrrpConfigSeen>(*seen->config));
        });
    };
    link_->post([link = link_.get(), lines = program_, answered] {
        *lines = std::make_unique<JsonLines>(
            *link, kNodeProgramSocket, QJsonObject{{QStringLiteral("command"), QStringLiteral("status")}},
            JsonLines::Handlers{[answered](const QJsonObject& status) { answered(parseNodeStatus(status)); },
                                [answered](const Error& error) { answered(std::unexpected(error)); }});
    });
}

void NodeTest::partDone() {
    if (--partsLeft_ > 0)
        return;
    const NodeFindings findings = findings_;
    end();
    Q_EMIT finished(findings);
}

void NodeTest::end() {
    if (ended_)
        return;
    ended_ = true;
    disconnect(link_.get(), nullptr, this, nullptr);
    // Stopping may take seconds with a frozen peer, so it is done beside the GUI thread.
    QThread* closing = QThread::create([link = link_, docker = docker_, program = program_] {
        link->post([docker, program] {
            docker->reset();
            program->reset();
        });
        link->stop();
    });
    QObject::connect(closing, &QThread::finished, closing, [closing, link = std::move(link_)]() mutable {
        link.reset();
        closing->deleteLater();
    });
    QObject::connect(QCoreApplication::instance(), &QCoreApplication::aboutToQuit, closing,
                     [closing] { closing->wait(); });
    closing->start();
}

} // namespace mha
