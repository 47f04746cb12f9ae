// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <QThread>

#include <atomic>
#include <memory>

namespace mha {

/// A link with a thread of its own to a node whose Docker has one container, "milvus", and whose `ss` lists one port:
/// the real NodeWorld and Switchover work on it as on a server.
class ScriptedNode final : public Link {
public:
    ScriptedNode() {
        inThread_.moveToThread(&thread_);
        thread_.start();
    }

    ~ScriptedNode() override { stop(); }

    void start() override {}

    void stop() override {
        thread_.quit();
        thread_.wait();
    }

    void post(std::function<void()> work) override {
        QMetaObject::invokeMethod(&inThread_, std::move(work), Qt::QueuedConnection);
    }

    bool userIsRoot() const override { return true; }

    void exec(const Command& command, std::chrono::milliseconds, ExecCallback done) override {
        const bool asksListeners = command.argv.join(QLatin1Char(' ')).contains(QLatin1String("ss -Hltn"));
        const QByteArray said = !asksListeners ? "client\nsocket\nwritable\n"
                                : listens      ? "LISTEN 0 128 *:19530 *:*\n"
                                               : "";
        post([said, done = std::move(done)] { done(ExecResult{0, said, {}}); });
    }

    std::unique_ptr<ByteChannel> openCommand(const Command&, ByteChannel::Handlers handlers) override {
        return std::make_unique<Engine>(*this, std::move(handlers));
    }

    std::unique_ptr<ByteChannel> openUnix(const QString&, ByteChannel::Handlers handlers) override {
        return std::make_unique<Engine>(*this, std::move(handlers));
    }

    std::unique_ptr<ByteChannel> openTcp(const QString&, quint16, ByteChannel::Handlers handlers) override {
        return std::make_unique<Engine>(*this, std::move(handlers));
    }

    std::atomic<bool> runs = false;
    std::atomic<bool> listens = false;
    std::atomic<bool> mute = false; ///< its Docker does not answer
    std::atomic<int> starts = 0;
    std::atomic<int> stops = 0;

private:
    /// One channel to the Engine: each request of HTTP/1.1 is answered at once.
    class Engine final : public ByteChannel {
    public:
        Engine(ScriptedNode& node, Handlers handlers)
            : node_(node), handlers_(std::make_shared<Handlers>(std::move(handlers))) {
            later([handlers = handlers_.get()] {
                if (handlers->opened)
                    handlers->opened();
            });
        }

        void write(const QByteArray& bytes) override {
            request_ += bytes;
            if (node_.mute || !request_.contains("\r\n\r\n"))
                return;
            const QByteArray answer = answerTo(request_.left(request_.indexOf("\r\n")));
            request_.clear();
            later([handlers = handlers_.get(), answer] { handlers->received(answer); });
        }

        void finishWriting() override {}

    private:
        /// In the link's thread, unless the channel is gone by then.
        void later(std::function<void()> what) {
            node_.post([alive = std::weak_ptr(handlers_), what = std::move(what)] {
                if (const auto held = alive.lock())
                    what();
            });
        }

        QByteArray answerTo(const QByteArray& line) const {
            if (line.contains("/start")) {
                ++node_.starts;
                node_.runs = node_.listens = true;
                return "HTTP/1.1 204 No Content\r\n\r\n";
            }
            if (line.contains("/stop")) {
                ++node_.stops;
                node_.runs = node_.listens = false;
                return "HTTP/1.1 204 No Content\r\n\r\n";
            }
            const QByteArray status = node_.runs ? "running" : "exited";
            const QByteArray body =
                R"({"Id":"1","Name":"/milvus","Image":"sha256:1","Config":{"Image":"m"},"Mounts":[],)"
                R"("HostConfig":{"RestartPolicy":{"Name":"no"}},"State":{"Status":")" +
                status + R"(","Running":)" + (node_.runs ? "true" : "false") +
                R"(,"ExitCode":0,"StartedAt":"2026-01-01T00:00:00Z","FinishedAt":"2026-01-01T00:00:00Z"}})";
            return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                   QByteArray::number(body.size()) + "\r\n\r\n" + body;
        }

        ScriptedNode& node_;
        std::shared_ptr<Handlers> handlers_;
        QByteArray request_;
    };

    QThread thread_;
    QObject inThread_;
};

} // namespace mha
