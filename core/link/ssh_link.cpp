// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/ssh_link.h"

#include "link/link_thread.h"
#include "link/ssh_errors.h"
#include "link/ssh_worker.h"
#include "link/stillborn_channel.h"

#include <mutex>
#include <utility>

namespace mha {

namespace {

/// One run of a link, from start() to stop(). Posted work holds what it needs of it, so that a thread that had to be
/// left behind finds it even when the link is gone.
struct Run {
    std::shared_ptr<CutOff> cutOff = std::make_shared<CutOff>();
    /// Made, used and deleted in the thread.
    std::shared_ptr<std::unique_ptr<SshWorker>> worker = std::make_shared<std::unique_ptr<SshWorker>>();
    LinkThread thread;

    explicit Run(const QString& name) : thread(name) {}
};

} // namespace

struct SshLink::State {
    NodeConfig node;
    SshOptions options;
    SshWorker::Told told;
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
        run->thread.post([worker = run->worker, cutOff = run->cutOff, config = node, settings = options, told = told] {
            *worker = std::make_unique<SshWorker>(config, settings, cutOff, told);
        });
    }

    /// The worker, for calls from the link's thread.
    SshWorker* worker() {
        const std::shared_ptr<Run> now = current();
        return now ? now->worker->get() : nullptr;
    }
};

SshLink::SshLink(NodeConfig node, SshOptions options) : state_(std::make_unique<State>()) {
    state_->node = std::move(node);
    state_->options = std::move(options);
    state_->told = [this](const LinkSeen& seen, Instant at) { Q_EMIT stateChanged(seen, at); };
    state_->prepare();
}

SshLink::~SshLink() {
    stop();
}

void SshLink::start() {
    state_->prepare();
    if (const std::shared_ptr<Run> run = state_->current())
        run->thread.post([worker = run->worker] { (*worker)->connectNow(); });
}

void SshLink::stop() {
    std::shared_ptr<Run> run;
    {
        const std::scoped_lock lock(state_->mutex);
        run = std::exchange(state_->run, nullptr);
    }
    if (!run)
        return;
    const bool ended = run->thread.stop([worker = run->worker] { worker->reset(); }, [&run] { run->cutOff->cut(); });
    if (!ended)
        run->cutOff->abandon();
}

void SshLink::post(std::function<void()> work) {
    if (const std::shared_ptr<Run> run = state_->current())
        run->thread.post(std::move(work));
}

bool SshLink::userIsRoot() const {
    return state_->node.user == QLatin1String("root");
}

void SshLink::exec(const Command& command, std::chrono::milliseconds deadline, ExecCallback done) {
    const std::shared_ptr<Run> run = state_->current();
    const auto callback = std::make_shared<ExecCallback>(std::move(done));
    if (run && run->thread.post([worker = run->worker, command, deadline, callback] {
            (*worker)->exec(command, deadline, std::move(*callback));
        }))
        return;
    (*callback)(std::unexpected(ssh_errors::stopped(state_->node)));
}

std::unique_ptr<ByteChannel> SshLink::openCommand(const Command& command, ByteChannel::Handlers handlers) {
    if (SshWorker* const worker = state_->worker()) {
        return worker->open({.kind = ChannelTarget::Kind::Command,
                             .line = toShellLine(command, userIsRoot()),
                             .name = command.argv.value(0)},
                            std::move(handlers));
    }
    return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::stopped(state_->node));
}

std::unique_ptr<ByteChannel> SshLink::openUnix(const QString& path, ByteChannel::Handlers handlers) {
    if (SshWorker* const worker = state_->worker())
        return worker->open({.kind = ChannelTarget::Kind::Unix, .line = {}, .name = path}, std::move(handlers));
    return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::stopped(state_->node));
}

std::unique_ptr<ByteChannel> SshLink::openTcp(const QString& host, quint16 port, ByteChannel::Handlers handlers) {
    if (SshWorker* const worker = state_->worker()) {
        return worker->open({.kind = ChannelTarget::Kind::Tcp, .line = {}, .name = host, .port = port},
                            std::move(handlers));
    }
    return std::make_unique<StillbornChannel>(std::move(handlers), ssh_errors::stopped(state_->node));
}

} // namespace mha
