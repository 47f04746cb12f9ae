// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/http.h"

#include <algorithm>

namespace mha {

namespace {

/// Safe between two spaces of the request line: nothing that could end it early.
QByteArray inLine(const QByteArray& text) {
    QByteArray clean;
    std::ranges::copy_if(text, std::back_inserter(clean), [](char c) { return c > ' ' && c != '\x7f'; });
    return clean;
}

void addHeader(QByteArray& wire, const QByteArray& name, const QByteArray& value) {
    const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    if (std::ranges::none_of(name, breaks) && std::ranges::none_of(value, breaks))
        wire += name + ": " + value + "\r\n";
}

} // namespace

QByteArray toWire(const HttpRequest& request) {
    QByteArray wire = inLine(request.method) + ' ' + inLine(request.target) + " HTTP/1.1\r\n";
    addHeader(wire, "Host", request.host);
    for (const auto& [name, value] : request.headers)
        addHeader(wire, name, value);
    if (!request.keepAlive)
        addHeader(wire, "Connection", "close");
    const bool mayHaveBody = request.method != "GET" && request.method != "HEAD";
    if (!request.body.isEmpty() && !request.contentType.isEmpty())
        addHeader(wire, "Content-Type", request.contentType);
    if (!request.body.isEmpty() || mayHaveBody) // RFC 9110 section 8.6: also for an empty body, where one is expected
        addHeader(wire, "Content-Length", QByteArray::number(request.body.size()));
    return wire + "\r\n" + request.body;
}

} // namespace mha
