// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

namespace standin {

struct Request {
    std::string method;
    std::string path;
    std::string contentType;
    std::string body;
};

struct Reply {
    int status = 200;
    std::string body;
    std::string contentType = "application/json";
};

/// A TCP port that answers HTTP/1.1 with keep-alive, one blocking thread a connection. Without an Answer it accepts
/// connections and keeps silent, as a gRPC port does to a client that only connects. The object outlives its
/// connections only because the program ends by _Exit.
class HttpPort {
public:
    using Answer = std::function<Reply(const Request&)>;

    HttpPort(std::uint16_t port, Answer answer);
    HttpPort(const HttpPort&) = delete;
    HttpPort& operator=(const HttpPort&) = delete;
    ~HttpPort();

    /// Binds and listens; a text when that fails.
    [[nodiscard]] std::optional<std::string> open();

    /// Stops listening and ends every connection; requests being answered are finished first.
    void close();

private:
    void acceptLoop();
    void serve(int connection);
    bool serveOne(int connection, std::string& buffer);

    std::uint16_t port_;
    Answer answer_;
    int listener_ = -1;
    std::atomic<bool> closing_ = false;
    std::mutex connectionsMutex_;
    std::set<int> connections_;
    std::thread acceptor_;
};

} // namespace standin
