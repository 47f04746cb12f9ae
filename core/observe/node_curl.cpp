// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/node_curl.h"

namespace mha {

using namespace Qt::StringLiterals;

namespace {

// curl(1): "failed to connect to host", "operation timed out"; the shell's "command not found".
constexpr int kCurlRefused = 7;
constexpr int kCurlTimedOut = 28;
constexpr int kNoCommand = 127;

} // namespace

Command curlCommand(const HealthQuestion& question, const QString& host) {
    QStringList argv{u"curl"_s, u"-s"_s, u"-g"_s, u"--noproxy"_s,     u"*"_s,
                     u"-m"_s,   u"1"_s,  u"-w"_s, u"\n%{http_code}"_s};
    for (const auto& [name, value] : question.request.headers)
        argv << u"-H"_s << QString::fromUtf8(name + ": " + value);
    if (!question.request.body.isEmpty()) {
        argv << u"-H"_s << u"Content-Type: "_s + QString::fromUtf8(question.request.contentType) << u"--data-binary"_s
             << u"@-"_s;
    }
    // An address of ours, kept as one argument; the path is percent-encoded or checked where it was read.
    argv << u"http://%1:%2"_s.arg(host).arg(question.port) + QString::fromUtf8(question.request.target);
    return {argv, false, question.request.body};
}

Result<HttpResponse> curlAnswer(const Result<ExecResult>& result, const HealthQuestion& question, const QString& host) {
    if (!result)
        return std::unexpected(result.error());
    const quint16 port = question.port;
    const QString where = u"%1:%2"_s.arg(host).arg(port);
    switch (result->exitCode) {
    case 0: {
        const qsizetype end = result->output.lastIndexOf('\n');
        return HttpResponse{result->output.sliced(end + 1).toInt(), result->output.left(std::max(end, qsizetype{0})),
                            false};
    }
    case kCurlRefused:
        return std::unexpected(Error{ErrorCode::NotFound, u"Nothing listens on port %1 of the node."_s.arg(port), where,
                                     u"Check that Milvus runs there."_s});
    case kCurlTimedOut:
        return std::unexpected(Error{ErrorCode::TimedOut, u"Port %1 of the node did not answer within 1 s."_s.arg(port),
                                     where, u"Look at Milvus's log on the node."_s});
    case kNoCommand:
        return std::unexpected(
            Error{ErrorCode::Refused, u"sshd forwards no TCP to Milvus, and the node has no curl to ask it there."_s,
                  where, u"Set AllowTcpForwarding yes in the node's sshd_config, or install curl there."_s});
    default:
        return std::unexpected(Error{ErrorCode::Protocol, u"Port %1 of the node does not speak HTTP."_s.arg(port),
                                     where, u"Check the port of Milvus's health endpoint in the pair file."_s});
    }
}

} // namespace mha
