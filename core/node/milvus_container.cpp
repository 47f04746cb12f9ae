// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/milvus_container.h"

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kLookDeadline{2000};
constexpr std::chrono::milliseconds kStartDeadline{60000};
constexpr std::chrono::milliseconds kStopSlack{5000}; ///< of Docker, beyond the grace
constexpr std::chrono::milliseconds kAgain{500};

bool runs(ContainerState state) {
    return state == ContainerState::Running || state == ContainerState::Paused || state == ContainerState::Restarting;
}

QString exitText(std::optional<int> code) {
    return code ? u"Milvus's container ended with exit code %1."_s.arg(*code) : u"Milvus's container ended."_s;
}

} // namespace

MilvusContainer::MilvusContainer(QString container, QString dockerSocket, Deadman& deadman, QObject* parent)
    : QObject(parent), container_(std::move(container)), socket_(std::move(dockerSocket)), deadman_(deadman),
      link_(u"docker"_s), docker_(std::make_shared<std::unique_ptr<DockerApi>>()), again_(this) {
    again_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, [this] {
        if (!watching_)
            watch();
        look();
    });
    connect(&deadman_, &Deadman::exited, this, &MilvusContainer::exited);
}

MilvusContainer::~MilvusContainer() {
    link_.post([docker = docker_] { docker->reset(); });
    link_.stop();
}

template <typename Work> void MilvusContainer::ask(Work work) {
    link_.post([docker = docker_, work = std::move(work)] {
        if (*docker)
            work(**docker);
    });
}

void MilvusContainer::begin() {
    link_.start();
    link_.post([this, docker = docker_] { *docker = std::make_unique<DockerApi>(link_, socket_); });
    watch();
    look();
}

void MilvusContainer::watch() {
    watching_ = true;
    // The link's thread ends before this object does: see the destructor.
    ask([this](DockerApi& docker) {
        docker.watch(
            container_, [this] { QMetaObject::invokeMethod(this, [this] { look(); }); },
            [this](const ContainerEventSeen& event) {
                QMetaObject::invokeMethod(this, [this, event] {
                    if (event.action == "die"_L1) {
                        died(exitText(event.exitCode));
                    } else {
                        look();
                    }
                });
            },
            [this](const Error&) {
                QMetaObject::invokeMethod(this, [this] {
                    watching_ = false;
                    again_.start(kAgain);
                });
            });
    });
}

void MilvusContainer::look() {
    if (looking_ || starting_)
        return;
    looking_ = true;
    ask([this, order = order_](DockerApi& docker) {
        docker.inspectProcess(container_, kLookDeadline, [this, order](const Result<ContainerProcess>& process) {
            QMetaObject::invokeMethod(this, [this, order, process] { looked(order, process); });
        });
    });
}

void MilvusContainer::looked(int order, const Result<ContainerProcess>& process) {
    looking_ = false;
    if (starting_)
        return;
    if (order != order_) { // older than what has happened since
        look();
        return;
    }
    if (!process) {
        if (!deadman_.watching())
            tell(MilvusState::Unknown, toSentence(process.error()));
        again_.start(kAgain);
        return;
    }
    if (!runs(process->seen.state)) {
        deadman_.release();
        died(process->seen.state == ContainerState::Missing ? u"There is no container %1."_s.arg(container_)
                                                            : exitText(process->seen.exitCode));
        return;
    }
    if (process->pid == endedPid_) { // Docker does not know yet
        again_.start(20ms);
        return;
    }
    if (const auto held = deadman_.watch(process->pid, process->seen.id); !held) {
        again_.start(20ms); // it has ended, or is about to be followed by another
        return;
    }
    if (std::exchange(killWhenUp_, false)) {
        tell(MilvusState::Running, {});
        kill();
        return;
    }
    tell(MilvusState::Running, {});
}

void MilvusContainer::died(const QString& detail) {
    ++order_;
    dockerLags_ = false;
    if (starting_)
        return; // its answer will be looked at
    deadman_.release();
    if (std::exchange(startLater_, false)) {
        startNow();
        return;
    }
    tell(MilvusState::Stopped, detail);
}

/// The kernel is the first to know.
void MilvusContainer::exited() {
    ++order_;
    dockerLags_ = true;
    again_.start(kAgain);
    if (starting_)
        return;
    tell(MilvusState::Stopped, u"Milvus's container ended."_s);
}

void MilvusContainer::start() {
    told_ = MilvusState::Starting;
    if (dockerLags_) {
        startLater_ = true; // Docker would take it for running
        look();
        return;
    }
    startNow();
}

void MilvusContainer::startNow() {
    ++order_;
    starting_ = true;
    killWhenUp_ = false;
    ask([this](DockerApi& docker) {
        docker.startContainer(container_, kStartDeadline, [this](const Result<void>& done) {
            QMetaObject::invokeMethod(this, [this, done] { started(done); });
        });
    });
}

void MilvusContainer::started(const Result<void>& done) {
    ++order_;
    starting_ = false;
    if (!done) {
        told_ = MilvusState::Unknown;
        Q_EMIT startFailed(toSentence(done.error()));
    }
    look();
}

void MilvusContainer::stop(std::chrono::seconds grace) {
    ++order_;
    startLater_ = false;
    told_ = MilvusState::Stopping;
    ask([this, grace](DockerApi& docker) {
        docker.stopContainer(container_, grace, grace + kStopSlack, [this](const Result<void>& done) {
            QMetaObject::invokeMethod(this, [this, done] {
                if (!done)
                    kill();
                look();
            });
        });
    });
}

void MilvusContainer::kill() {
    startLater_ = false;
    if (starting_) {
        killWhenUp_ = true;
        return;
    }
    ++order_;
    told_ = MilvusState::Stopping;
    if (!deadman_.kill()) {
        ask([this](DockerApi& docker) {
            docker.stopContainer(container_, 0s, kStopSlack,
                                 [this](const Result<void>&) { QMetaObject::invokeMethod(this, [this] { look(); }); });
        });
    }
}

void MilvusContainer::tell(MilvusState state, const QString& detail) {
    if (std::exchange(told_, state) != state)
        Q_EMIT changed(state, detail);
}

} // namespace mha
