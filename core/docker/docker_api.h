// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/http.h"
#include "model/observation.h"

#include <functional>
#include <memory>

namespace mha {

/// A container and its first process, by the node's own numbers; 0 where none runs.
struct ContainerProcess {
    ContainerSeen seen;
    int pid = 0;
};

/// The Docker Engine API (v1.41 and later, /containers, /events) of one node over its link: the forwarded unix socket
/// /var/run/docker.sock, and where forwarding or the socket's permission refuses, `docker system dial-stdio` (with
/// sudo -n where the user is not in the docker group). Lives in the link's thread. Times are node clock: the caller
/// converts.
class DockerApi : public QObject {
    Q_OBJECT

public:
    using InspectCallback = std::function<void(Result<ContainerSeen>)>;
    using ProcessCallback = std::function<void(Result<ContainerProcess>)>;
    using DoneCallback = std::function<void(Result<void>)>;
    using EventCallback = std::function<void(const ContainerEventSeen&)>;

    explicit DockerApi(Link& link, QObject* parent = nullptr);
    /// On the node itself: by this socket and in no other way. No program is run to look at the access, so a stopped
    /// Engine whose socket systemd holds is woken.
    DockerApi(Link& link, QString socket, QObject* parent = nullptr);
    ~DockerApi() override;

    /// Does the Engine answer at all? Cheap for both sides; a frozen Engine gives TimedOut.
    void ping(std::chrono::milliseconds deadline, DoneCallback done);
    /// State Missing for a container that does not exist; an error only when Docker cannot be asked.
    void inspect(const QString& container, std::chrono::milliseconds deadline, InspectCallback done);
    /// The same with the process that Docker names.
    void inspectProcess(const QString& container, std::chrono::milliseconds deadline, ProcessCallback done);
    /// Success also where it runs already (304).
    void startContainer(const QString& container, std::chrono::milliseconds deadline, DoneCallback done);
    /// SIGTERM, then SIGKILL after `grace`. Success also where it is stopped already (304).
    void stopContainer(const QString& container, std::chrono::seconds grace, std::chrono::milliseconds deadline,
                       DoneCallback done);
    /// Streams the container's events until destruction or the next call of watch. `onOpen` when Docker listens,
    /// `onEnd` once when it ends.
    void watch(const QString& container, std::function<void()> onOpen, EventCallback onEvent,
               std::function<void(const Error&)> onEnd);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Pure: the body of GET /containers/NAME/json.
Result<ContainerSeen> parseInspect(const QByteArray& json);
Result<ContainerProcess> parseInspectProcess(const QByteArray& json);
/// Pure: one line of GET /events; nothing for events that are not of interest.
std::optional<ContainerEventSeen> parseEvent(const QByteArray& json);

} // namespace mha
