// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <memory>

namespace mha {

/// A Link to the machine this runs on: commands are child processes, sockets and ports are opened directly. Up as soon
/// as it is started, and until stop(). For a program on the node itself, and for drivers' tests without a server.
class LocalLink final : public Link {
    Q_OBJECT

public:
    explicit LocalLink(const QString& name = QStringLiteral("localhost"));
    ~LocalLink() override;

    void start() override;
    void stop() override;
    void post(std::function<void()> work) override;
    bool userIsRoot() const override;
    void exec(const Command& command, std::chrono::milliseconds deadline, ExecCallback done) override;
    std::unique_ptr<ByteChannel> openCommand(const Command& command, ByteChannel::Handlers handlers) override;
    std::unique_ptr<ByteChannel> openUnix(const QString& path, ByteChannel::Handlers handlers) override;
    std::unique_ptr<ByteChannel> openTcp(const QString& host, quint16 port, ByteChannel::Handlers handlers) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mha
