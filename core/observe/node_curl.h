// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "link/http.h"
#include "milvus/health.h"

namespace mha {

/// A question put by curl on the node itself, for where sshd forwards no TCP. `host` is an address as the node sees it.
Command curlCommand(const HealthQuestion& question, const QString& host);
/// Pure: what curl printed as the response; NotFound: the port is closed, Refused: the node has no curl.
Result<HttpResponse> curlAnswer(const Result<ExecResult>& result, const HealthQuestion& question, const QString& host);

} // namespace mha
