// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_port.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace standin {

namespace {

constexpr std::size_t kMaxHead = std::size_t{64} * 1024;
constexpr std::size_t kMaxBody = std::size_t{16} * 1024 * 1024;

bool sendAll(int socket, const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = send(socket, text.data() + done, text.size() - done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

bool receive(int socket, std::string& buffer) {
    std::array<char, 8192> block{};
    ssize_t n = 0;
    do {
        n = recv(socket, block.data(), block.size(), 0);
    } while (n < 0 && errno == EINTR);
    if (n <= 0)
        return false;
    buffer.append(block.data(), static_cast<std::size_t>(n));
    return true;
}

/// Value of a header, its name in lower case; empty when absent.
std::string header(const std::string& head, const std::string& name) {
    std::string lower(head);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto at = lower.find("\r\n" + name + ":");
    if (at == std::string::npos)
        return {};
    auto begin = at + name.size() + 3;
    while (begin < lower.size() && lower[begin] == ' ')
        ++begin;
    return lower.substr(begin, lower.find("\r\n", begin) - begin);
}

const char* reason(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

} // namespace

HttpPort::HttpPort(std::uint16_t port, Answer answer) : port_(port), answer_(std::move(answer)) {}

HttpPort::~HttpPort() {
    close();
}

std::optional<std::string> HttpPort::open() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_, 1024) != 0)
        return "port " + std::to_string(port_) + ": " + std::strerror(errno);
    acceptor_ = std::thread([this] { acceptLoop(); });
    return std::nullopt;
}

void HttpPort::acceptLoop() {
    while (!closing_) {
        const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            return;
        }
        {
            const std::lock_guard guard(connectionsMutex_);
            if (closing_) {
                ::close(connection);
                return;
            }
            connections_.insert(connection);
        }
        const int on = 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::thread([this, connection] { serve(connection); }).detach();
    }
}

void HttpPort::serve(int connection) {
    std::string buffer;
    if (answer_) {
        while (!closing_ && serveOne(connection, buffer)) {
        }
    } else {
        while (receive(connection, buffer))
            buffer.clear();
    }
    const std::lock_guard guard(connectionsMutex_);
    connections_.erase(connection);
    ::close(connection);
}

bool HttpPort::serveOne(int connection, std::string& buffer) {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
        if (buffer.size() > kMaxHead || !receive(connection, buffer))
            return false;
    }
    const std::string head = buffer.substr(0, end + 2);
    const std::size_t length = std::strtoul(header(head, "content-length").c_str(), nullptr, 10);
    if (length > kMaxBody)
        return false;
    if (header(head, "expect") == "100-continue" && !sendAll(connection, "HTTP/1.1 100 Continue\r\n\r\n"))
        return false;
    while (buffer.size() < end + 4 + length) {
        if (!receive(connection, buffer))
            return false;
    }
    Request request;
    const auto space = head.find(' ');
    const auto second = head.find(' ', space + 1);
    if (space == std::string::npos || second == std::string::npos)
        return false;
    request.method = head.substr(0, space);
    request.path = head.substr(space + 1, second - space - 1);
    request.path = request.path.substr(0, request.path.find('?'));
    request.contentType = header(head, "content-type");
    request.body = buffer.substr(end + 4, length);
    buffer.erase(0, end + 4 + length);

    const std::string wish = header(head, "connection");
    const bool old = head.find("HTTP/1.0\r\n") != std::string::npos;
    const bool keep = wish != "close" && (!old || wish == "keep-alive");
    const Reply reply = answer_(request);
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + ' ' + reason(reply.status) + "\r\n";
    text += "Server: milvus-standin\r\nX-Stand-In: milvus-ha\r\n";
    text += "Content-Type: " + reply.contentType + "\r\nContent-Length: " + std::to_string(reply.body.size());
    text += keep ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
    return sendAll(connection, text + reply.body) && keep;
}

void HttpPort::close() {
    if (closing_.exchange(true))
        return;
    // shutdown wakes accept; the port refuses from here on.
    if (listener_ >= 0)
        shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable())
        acceptor_.join();
    if (listener_ >= 0)
        ::close(listener_);
    const std::lock_guard guard(connectionsMutex_);
    for (const int connection : connections_)
        shutdown(connection, SHUT_RD);
}

} // namespace standin
