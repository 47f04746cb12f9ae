// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/local_link.h"

#include "link/command_queue.h"
#include "link/link_thread.h"
#include "link/local_channel.h"
#include "link/ssh_errors.h"
#include "link/stillborn_channel.h"

#include <mutex>
#include <unistd.h>
#include <utility>

namespace mha {

namespace {

/// As on an SshLink, so that a program behaves the same over both.
constexpr int kCommandsAtOnce = 4;

bool isRoot() {
    return ::geteuid() == 0;
}

/// What lives in the thread: the channels are its children.
class LocalWorker : public QObject {
public:
    explicit LocalWorker(const NodeConfig& node)
        : node_(node), commands_(node, kCommandsAtOnce,
                                 [this](const Command& command, CommandHandlers handlers, std::chrono::milliseconds) {
                                     return run(command, std::move(handlers));
                                 }) {}

    ~LocalWorker() override {
        up_ = false;
        const auto error = ssh_errors::stopped(node_);
        commands_.setOpen(false);
        const auto open = findChildren<LocalChannel*>(QString(), Qt::FindDirectChildrenOnly);
        for (LocalChannel* const channel : open)
            channel->linkEnded(error);
        commands_.failWaiting(error);
    }

    /// True where that is news.
    bool begin() {
        if (std::exchange(up_, true))
            return false;
        commands_.setOpen(true);
        return true;
    }

    void exec(const Command& command, std::chrono::milliseconds deadline, Link::ExecCallback done) {
        if (up_) {
            commands_.exec(command, deadline, std::move(done));
        } else {
            done(std::unexpected(ssh_errors::notUp(node_, {})));
        }
    }

    std::unique_ptr<ByteChannel> run(const Command& command, CommandHandlers handlers) {
        if (!up_)
            return notUp(std::move(handlers));
        return (new LocalProcess(node_.name, command, isRoot(), std::move(handlers), this))->lend();
    }

    template <typename Socket>
    std::unique_ptr<ByteChannel> connectTo(const QString& name, quint16 port, CommandHandlers handlers) {
        if (!up_)
            return notUp(std::move(handlers));
        return (new LocalStream<Socket>(node_.name, name, port, std::move(handlers), this))->lend();
    }

private:
    std::unique_ptr<ByteChannel> notUp(CommandHandlers handlers) const {
        return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::notUp(node_, {}));
    }

    NodeConfig node_;
    bool up_ = false;
    CommandQueue commands_;
};

struct Run {
    std::shared_ptr<std::unique_ptr<LocalWorker>> worker = std::make_shared<std::unique_ptr<LocalWorker>>();
    LinkThread thread;

    explicit Run(const QString& name) : thread(name) {}
};

CommandHandlers withoutErrors(ByteChannel::Handlers handlers) {
    CommandHandlers all;
    static_cast<ByteChannel::Handlers&>(all) = std::move(handlers);
    return all;
}

} // namespace

struct LocalLink::State {
    NodeConfig node;
    std::mutex mutex; ///< of `run`; never held across a call
    std::shared_ptr<Run> run;

    std::shared_ptr<Run> current() {
        const std::scoped_lock lock(mutex);
        return run;
    }

    void prepare() {
        const std::scoped_lock lock(mutex);
        if (run)
            return;
        run = std::make_shared<Run>(QStringLiteral("link ") + node.name);
        run->thread.post([worker = run->worker, config = node] { *worker = std::make_unique<LocalWorker>(config); });
    }

    LocalWorker* worker() {
        const std::shared_ptr<Run> now = current();
        return now ? now->worker->get() : nullptr;
    }
};

LocalLink::LocalLink(const QString& name) : state_(std::make_unique<State>()) {
    state_->node.name = name;
    state_->node.host = QStringLiteral("localhost");
    state_->prepare();
}

LocalLink::~LocalLink() {
    stop();
}

void LocalLink::start() {
    state_->prepare();
    if (const std::shared_ptr<Run> run = state_->current()) {
        run->thread.post([this, worker = run->worker] {
            if ((*worker)->begin())
                Q_EMIT stateChanged({.state = LinkState::Up}, wallClockNow());
        });
    }
}

void LocalLink::stop() {
    std::shared_ptr<Run> run;
    {
        const std::scoped_lock lock(state_->mutex);
        run = std::exchange(state_->run, nullptr);
    }
    if (run)
        run->thread.stop([worker = run->worker] { worker->reset(); }, {});
}

void LocalLink::post(std::function<void()> work) {
    if (const std::shared_ptr<Run> run = state_->current())
        run->thread.post(std::move(work));
}

bool LocalLink::userIsRoot() const {
    return isRoot();
}

void LocalLink::exec(const Command& command, std::chrono::milliseconds deadline, ExecCallback done) {
    const std::shared_ptr<Run> run = state_->current();
    const auto callback = std::make_shared<ExecCallback>(std::move(done));
    if (run && run->thread.post([worker = run->worker, command, deadline, callback] {
            (*worker)->exec(command, deadline, std::move(*callback));
        }))
        return;
    (*callback)(std::unexpected(ssh_errors::stopped(state_->node)));
}

std::unique_ptr<ByteChannel> LocalLink::openCommand(const Command& command, ByteChannel::Handlers handlers) {
    if (LocalWorker* const worker = state_->worker())
        return worker->run(command, withoutErrors(std::move(handlers)));
    return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::stopped(state_->node));
}

std::unique_ptr<ByteChannel> LocalLink::openUnix(const QString& path, ByteChannel::Handlers handlers) {
    if (LocalWorker* const worker = state_->worker())
        return worker->connectTo<QLocalSocket>(path, 0, withoutErrors(std::move(handlers)));
    return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::stopped(state_->node));
}

std::unique_ptr<ByteChannel> LocalLink::openTcp(const QString& host, quint16 port, ByteChannel::Handlers handlers) {
    if (LocalWorker* const worker = state_->worker())
        return worker->connectTo<QTcpSocket>(host, port, withoutErrors(std::move(handlers)));
    return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::stopped(state_->node));
}

} // namespace mha
