// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <QList>
#include <QTimer>

#include <algorithm>
#include <functional>

namespace mha {

/// A link without a node: commands are answered by a function, streams are kept for the test to speak through. All in
/// one thread, and as on a real link nothing is called back before the caller has returned.
class FakeLink final : public Link {
public:
    using Answer = std::function<Result<ExecResult>(const Command&)>;

    void start() override {}

    void stop() override {}

    void post(std::function<void()> work) override { QTimer::singleShot(0, this, std::move(work)); }

    bool userIsRoot() const override { return root; }

    void exec(const Command& command, std::chrono::milliseconds, ExecCallback done) override {
        commands.append(command);
        if (mute)
            hanging.append(std::move(done));
        else
            QTimer::singleShot(0, this, [this, command, done = std::move(done)] { done(answer(command)); });
    }

    std::unique_ptr<ByteChannel> openCommand(const Command& command, ByteChannel::Handlers handlers) override {
        return open(QStringLiteral("command"), command, std::move(handlers), true);
    }

    std::unique_ptr<ByteChannel> openUnix(const QString& path, ByteChannel::Handlers handlers) override {
        return open(path, {}, std::move(handlers), listening.contains(path));
    }

    std::unique_ptr<ByteChannel> openTcp(const QString& host, quint16 port, ByteChannel::Handlers handlers) override {
        return open(host + u':' + QString::number(port), {}, std::move(handlers), false);
    }

    void tell(LinkState state, const std::optional<Error>& error = {}) {
        Q_EMIT stateChanged(LinkSeen{state, error}, wallClockNow());
    }

    /// Speaks through the stream whose script holds `words`.
    bool speak(const char* words, const QByteArray& bytes) {
        for (Channel* const channel : channels) {
            if (!channel->command.argv.join(u' ').contains(QLatin1String(words)))
                continue;
            channel->handlers.received(bytes);
            return true;
        }
        return false;
    }

    /// Speaks through the socket at `place`, or closes it.
    bool speakOn(const QString& place, const QByteArray& bytes) {
        const auto at = std::ranges::find(channels, place, &Channel::place);
        if (at == channels.end())
            return false;
        const auto received = (*at)->handlers.received;
        received(bytes);
        return true;
    }

    /// What was written to the stream whose script holds `words`.
    QByteArray heard(const char* words) const {
        for (const Channel* const channel : channels) {
            if (channel->command.argv.join(u' ').contains(QLatin1String(words)))
                return channel->written;
        }
        return {};
    }

    bool hangUp(const QString& place, const Error& error) {
        const auto at = std::ranges::find(channels, place, &Channel::place);
        if (at == channels.end())
            return false;
        (*at)->close(error);
        return true;
    }

    bool isOpen(const QString& place) const {
        return std::ranges::find(channels, place, &Channel::place) != channels.end();
    }

    /// All streams and commands under way fail, as when the connection is lost, and then the link says so.
    void lose(const Error& error) {
        const QList<Channel*> open = channels;
        for (Channel* const channel : open) {
            if (channels.contains(channel))
                channel->close(error);
        }
        for (const ExecCallback& done : std::exchange(hanging, {}))
            done(std::unexpected(error));
        tell(LinkState::Down, error);
    }

    Answer answer;
    QStringList listening; ///< unix sockets that open
    bool root = true;
    bool mute = false;
    QList<Command> commands;
    QList<ExecCallback> hanging;

private:
    struct Channel final : ByteChannel {
        ~Channel() override { link->channels.removeOne(this); }

        void write(const QByteArray& bytes) override { written += bytes; }

        void finishWriting() override {}

        void close(const Error& error) {
            const auto closed = handlers.closed;
            closed(error, std::nullopt);
        }

        FakeLink* link = nullptr;
        QString place;
        Command command;
        Handlers handlers;
        QByteArray written;
        QTimer refusal;
    };

    /// Sockets and ports are closed: nothing listens there.
    std::unique_ptr<ByteChannel> open(const QString& place, const Command& command, ByteChannel::Handlers handlers,
                                      bool works) {
        auto channel = std::make_unique<Channel>();
        channel->link = this;
        channel->place = place;
        channel->command = command;
        channel->handlers = std::move(handlers);
        channels.append(channel.get());
        channel->refusal.setSingleShot(true);
        QObject::connect(&channel->refusal, &QTimer::timeout, this, [raw = channel.get(), works] {
            if (works && raw->handlers.opened)
                raw->handlers.opened();
            else if (!works)
                raw->close(
                    {ErrorCode::NotFound, QStringLiteral("Nothing listens there."), {}, QStringLiteral("Start it.")});
        });
        channel->refusal.start(0);
        return channel;
    }

public:
    QList<Channel*> channels;
};

} // namespace mha
