// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QString>

#include <functional>
#include <memory>

namespace mha {

struct HttpRequest {
    QByteArray method = "GET";
    QByteArray target = "/";
    QByteArray host = "localhost";
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;
    QByteArray contentType; ///< set with a body
    bool keepAlive = true;
};

struct HttpResponse {
    int status = 0;
    QByteArray body;
    bool keepAlive = false;
};

/// The request in wire form (RFC 9112), with Host and Content-Length. A value with CR or LF in it is left out.
QByteArray toWire(const HttpRequest& request);

/// Parses responses (RFC 9112: Content-Length, chunked, until close) from bytes that are handed in; does no I/O.
/// `onBody`, if set, gets body pieces as they come (streams: Docker's /events); else HttpResponse::body has it whole.
class HttpResponseParser {
public:
    explicit HttpResponseParser(std::function<void(const QByteArray&)> onBody = {});
    ~HttpResponseParser();
    HttpResponseParser(const HttpResponseParser&) = delete;
    HttpResponseParser& operator=(const HttpResponseParser&) = delete;

    /// Takes bytes; bytes after the message's end are kept for the next message. Error: not HTTP.
    Result<void> feed(const QByteArray& bytes);
    void feedEnd(); ///< the peer closed
    /// The next response answers a HEAD and has no body whatever its header says.
    void expectNoBody();
    bool headerDone() const;
    int status() const;
    /// The finished response, once; the parser is then ready for the next one.
    std::optional<HttpResponse> take();
    /// Nothing of a next message has come.
    bool isIdle() const;

private:
    struct State;
    std::shared_ptr<State> state_; ///< shared: `onBody` may destroy the parser
};

/// One HTTP/1.1 keep-alive client over channels that `opener` makes (forwarded unix socket, TCP through the node...).
/// Requests are answered in order, one at a time; a broken channel is opened anew for the next request. Lives in the
/// link's thread. Each callback comes exactly once, the response or an error (TimedOut at the deadline, Protocol, or
/// what the channel told), but none after the client's destruction. A callback may destroy the client.
class HttpClient : public QObject {
    Q_OBJECT

public:
    using Opener = std::function<std::unique_ptr<ByteChannel>(ByteChannel::Handlers)>;
    using Callback = std::function<void(Result<HttpResponse>)>;

    explicit HttpClient(Opener opener, QObject* parent = nullptr);
    ~HttpClient() override;

    void request(const HttpRequest& request, std::chrono::milliseconds deadline, Callback done);

    /// A response without end: pieces of its body go to `onBody`; `onEnd` comes once, when it ends or cannot begin
    /// (a status other than 2xx is such an end: NotFound for 404, Refused for 401 and 403, else Protocol, with the
    /// body's message). Uses a channel of its own. Destroying the returned object ends it silently.
    class Stream {
    public:
        ~Stream();
        Stream(const Stream&) = delete;
        Stream& operator=(const Stream&) = delete;

    private:
        friend class HttpClient;
        struct State;
        explicit Stream(std::shared_ptr<State> state);
        std::shared_ptr<State> state_;
    };

    std::unique_ptr<Stream> openStream(const HttpRequest& request, std::function<void()> onHeader,
                                       std::function<void(const QByteArray&)> onBody,
                                       std::function<void(const Error&)> onEnd);

private:
    struct State;
    Opener opener_;
    std::shared_ptr<State> state_;
};

} // namespace mha
