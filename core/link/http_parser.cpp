// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/http.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/optional/optional.hpp>

#include <algorithm>
#include <utility>

namespace mha {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

/// A whole body in memory may be this large; a stream has no limit.
constexpr std::uint64_t kBodyLimit = std::uint64_t{64} * 1024 * 1024;
constexpr std::uint32_t kHeaderLimit = 64 * 1024;
/// Of what came instead of HTTP: most often it is a sentence that says why.
constexpr qsizetype kQuoted = 200;

/// Beast's parser of one response: collects what it is told.
class Message final : public http::basic_parser<false> {
public:
    explicit Message(bool stream) {
        eager(true);
        header_limit(kHeaderLimit);
        if (stream) {
            body_limit(boost::none);
        } else {
            body_limit(kBodyLimit);
        }
    }

    int statusCode() const { return status_; }

    QByteArray takeBody() { return std::exchange(body_, {}); }

private:
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}

    void on_response_impl(int code, string_view, int, error_code& error) override {
        error = {};
        status_ = code;
    }

    void on_field_impl(http::field, string_view, string_view, error_code& error) override { error = {}; }

    void on_header_impl(error_code& error) override { error = {}; }

    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& error) override { error = {}; }

    std::size_t on_body_impl(string_view bytes, error_code& error) override {
        error = {};
        body_.append(bytes.data(), static_cast<qsizetype>(bytes.size()));
        return bytes.size();
    }

    void on_chunk_header_impl(std::uint64_t, string_view, error_code& error) override { error = {}; }

    std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& error) override {
        return on_body_impl(bytes, error);
    }

    void on_finish_impl(error_code& error) override { error = {}; }

    int status_ = 0;
    QByteArray body_;
};

Error notHttp(const QString& detail) {
    return {
        .code = ErrorCode::Protocol,
        .text = QStringLiteral("The answer is not HTTP (%1).").arg(detail),
        .where = {},
        .remedy = QStringLiteral("Check that the port or socket is that of the service."),
    };
}

} // namespace

struct HttpResponseParser::State {
    std::function<void(const QByteArray&)> onBody;
    std::unique_ptr<Message> message;
    QByteArray unread;
    QByteArray body;
    bool noBody = false;
    bool begun = false;          ///< the message's first word has been seen
    Result<void> waitingFailure; ///< of bytes that came with the end of the message before

    void reset() {
        begun = false;
        message = std::make_unique<Message>(static_cast<bool>(onBody));
        message->skip(noBody);
        body.clear();
    }

    /// Parses what is unread, up to the end of one message.
    Result<void> parse() {
        while (!unread.isEmpty() && !message->is_done()) {
            if (!begun) { // Beast would wait for the end of a header that does not come
                const QByteArrayView word("HTTP/");
                const QByteArrayView first = QByteArrayView(unread).first(std::min(unread.size(), word.size()));
                if (!word.startsWith(first)) {
                    return std::unexpected(
                        notHttp(QString::fromUtf8(unread.first(std::min(unread.size(), kQuoted))).simplified()));
                }
                begun = first.size() == word.size();
            }
            error_code code;
            const std::size_t used = message->put(
                boost::asio::const_buffer(unread.constData(), static_cast<std::size_t>(unread.size())), code);
            unread.remove(0, static_cast<qsizetype>(used));
            body += message->takeBody();
            if (code == http::error::need_more)
                break;
            if (code)
                return std::unexpected(notHttp(QString::fromStdString(code.message())));
            // 1xx is only a word on the way to the answer; 101 would leave HTTP and is never asked for.
            if (message->is_done() && message->statusCode() / 100 == 1)
                reset();
        }
        return {};
    }

    /// Hands on pieces of the body.
    void deliver() {
        const auto call = onBody; // it may destroy the parser
        if (call && !body.isEmpty())
            call(std::exchange(body, {}));
    }
};

HttpResponseParser::HttpResponseParser(std::function<void(const QByteArray&)> onBody)
    : state_(std::make_shared<State>()) {
    state_->onBody = std::move(onBody);
    state_->reset();
}

HttpResponseParser::~HttpResponseParser() = default;

Result<void> HttpResponseParser::feed(const QByteArray& bytes) {
    const std::shared_ptr<State> state = state_;
    state->unread += bytes;
    const Result<void> result = state->waitingFailure ? state->parse() : state->waitingFailure;
    state->deliver();
    return result;
}

void HttpResponseParser::feedEnd() {
    const std::shared_ptr<State> state = state_;
    if (!state->message->got_some() || state->message->is_done())
        return;
    error_code code;
    state->message->put_eof(code); // completes a body that ends with the connection; else it stays incomplete
    state->body += state->message->takeBody();
    state->deliver();
}

void HttpResponseParser::expectNoBody() {
    state_->noBody = true;
    if (!state_->message->got_some())
        state_->message->skip(true);
}

bool HttpResponseParser::headerDone() const {
    return state_->message->is_header_done();
}

int HttpResponseParser::status() const {
    return headerDone() ? state_->message->statusCode() : 0;
}

std::optional<HttpResponse> HttpResponseParser::take() {
    if (!state_->message->is_done())
        return std::nullopt;
    HttpResponse response{.status = state_->message->statusCode(),
                          .body = std::move(state_->body),
                          .keepAlive = state_->message->keep_alive()};
    state_->noBody = false;
    state_->reset();
    state_->waitingFailure = state_->parse();
    return response;
}

bool HttpResponseParser::isIdle() const {
    return state_->unread.isEmpty() && !state_->message->got_some();
}

} // namespace mha
