// SPDX-License-Identifier: GPL-3.0-or-later
#include "docker/docker_access.h"

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr const char* kAccessScript = R"sh(PATH=$PATH:/usr/sbin:/sbin; export PATH
command -v docker >/dev/null && echo client
if [ -S /var/run/docker.sock ]; then
    echo socket
    if [ -w /var/run/docker.sock ]; then
        echo writable
    elif sudo -n -l docker system dial-stdio >/dev/null 2>&1; then
        echo sudo
    fi
fi
pid=$(cat /var/run/docker.pid 2>/dev/null)
if [ -z "$pid" ] || [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != dockerd ]; then
    unit=$(systemctl show -p LoadState -p ActiveState docker.service 2>/dev/null)
    case $unit in *LoadState=loaded*)
        case $unit in *ActiveState=inactive*|*ActiveState=failed*) echo stopped ;; esac ;;
    esac
fi
exit 0
)sh";

Error unusable(ErrorCode code, const QString& text, const QString& remedy) {
    return {code, text, u"Docker Engine API"_s, remedy};
}

} // namespace

Command dockerAccessCommand() {
    return scriptCommand(kAccessScript);
}

DockerAccess parseDockerAccess(const QByteArray& output) {
    DockerAccess access;
    for (const QByteArray& line : output.split('\n')) {
        const QByteArray word = line.trimmed();
        access.client = access.client || word == "client";
        access.socket = access.socket || word == "socket";
        access.writable = access.writable || word == "writable";
        access.stopped = access.stopped || word == "stopped";
        access.sudo = access.sudo || word == "sudo";
    }
    return access;
}

Result<DockerWay> chooseDockerWay(const DockerAccess& access, bool forwardingRefused) {
    if (!access.client && !access.socket) {
        return std::unexpected(unusable(ErrorCode::NotFound, u"Docker is not installed on the node."_s,
                                        u"Install the Docker Engine there: apt-get install docker.io."_s));
    }
    if (access.stopped || !access.socket) {
        return std::unexpected(unusable(ErrorCode::Unreachable, u"The Docker Engine does not run on the node."_s,
                                        u"Start it there: systemctl start docker."_s));
    }
    if (!access.writable && access.sudo && access.client)
        return DockerWay::SudoDialStdio;
    if (!access.writable) {
        return std::unexpected(
            unusable(ErrorCode::Refused, u"The user may not use Docker on the node."_s,
                     u"Add the user to the group docker there, or let it run sudo without a password."_s));
    }
    if (!forwardingRefused)
        return DockerWay::Socket;
    if (access.client)
        return DockerWay::DialStdio;
    return std::unexpected(
        unusable(ErrorCode::Refused,
                 u"sshd does not forward Docker's socket, and the node has no docker command to go around it."_s,
                 u"Set AllowStreamLocalForwarding yes in the node's sshd_config, or install docker-cli there."_s));
}

} // namespace mha
