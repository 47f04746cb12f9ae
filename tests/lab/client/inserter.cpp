// SPDX-License-Identifier: GPL-3.0-or-later
#include "inserter.h"

#include <arpa/inet.h>
#include <array>
#include <ctime>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace client {

Inserter::Inserter(std::string address, std::uint16_t port, std::int64_t intervalUs, std::FILE* acked)
    : address_(std::move(address)), port_(port), intervalUs_(intervalUs), acked_(acked),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Inserter::~Inserter() {
    stop();
}

void Inserter::stop() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
}

void Inserter::run(const std::stop_token& stop) {
    const timespec pause{.tv_sec = intervalUs_ / 1'000'000, .tv_nsec = (intervalUs_ % 1'000'000) * 1000};
    while (!stop.stop_requested()) {
        if (insertOne()) {
            ++acknowledged_;
        } else {
            ++refused_;
        }
        nanosleep(&pause, nullptr);
    }
}

bool Inserter::insertOne() {
    const int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0)
        return false;
    // Bounds connect as well. A row whose answer comes later than this counts as not acknowledged.
    const timeval patience{.tv_sec = 0, .tv_usec = 500'000};
    setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    inet_pton(AF_INET, address_.c_str(), &to.sin_addr);
    const std::string body = R"({"count":1})";
    const std::string request = "POST /standin/insert HTTP/1.1\r\nHost: " + address_ +
                                "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                                body;
    std::string answer;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
    if (connect(file, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
        send(file, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
        std::array<char, 1024> block{};
        ssize_t n = 0;
        while ((n = recv(file, block.data(), block.size(), 0)) > 0)
            answer.append(block.data(), static_cast<std::size_t>(n));
    }
    close(file);
    const auto ids = answer.find("\"ids\":[");
    const auto end = answer.find(']', ids == std::string::npos ? 0 : ids);
    if (!answer.starts_with("HTTP/1.1 200 ") || ids == std::string::npos || end == std::string::npos)
        return false;
    std::fprintf(acked_, "%s\n", answer.substr(ids + 7, end - ids - 7).c_str());
    std::fflush(acked_);
    return true;
}

} // namespace client
