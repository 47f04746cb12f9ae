// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "model/error.h"

#include <QByteArray>

namespace mha {

/// How the Engine's API is reached on a node.
enum class DockerWay {
    Socket,        ///< /var/run/docker.sock, forwarded by sshd
    DialStdio,     ///< `docker system dial-stdio` as the user
    SudoDialStdio, ///< the same through sudo -n
};

/// What a node says about its Docker without Docker being asked: connecting to the socket of a stopped Engine would
/// make systemd start it, and looking must change nothing.
struct DockerAccess {
    bool client = false;   ///< the `docker` command is there
    bool socket = false;   ///< /var/run/docker.sock is there
    bool writable = false; ///< for this user
    bool stopped = false;  ///< docker.service is known and not running
    bool sudo = false;     ///< the user may run dial-stdio by sudo -n
    bool operator==(const DockerAccess&) const = default;
};

/// Runs as the user, in some milliseconds.
Command dockerAccessCommand();
/// Pure: the output of dockerAccessCommand.
DockerAccess parseDockerAccess(const QByteArray& output);
/// Pure: the way to take, or in a sentence why there is none. `forwardingRefused`: sshd did not open the socket.
Result<DockerWay> chooseDockerWay(const DockerAccess& access, bool forwardingRefused);

} // namespace mha
