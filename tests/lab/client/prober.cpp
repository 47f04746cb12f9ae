// SPDX-License-Identifier: GPL-3.0-or-later
#include "prober.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace client {

namespace {

std::int64_t readClock(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<std::int64_t>(t.tv_sec) * 1'000'000 + t.tv_nsec / 1000;
}

/// Reset instead of a lingering TIME_WAIT: 200 connections a second would use up the ports.
void closeHard(int socket) {
    const linger hard{.l_onoff = 1, .l_linger = 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(socket);
}

} // namespace

Moment now() {
    return {readClock(CLOCK_MONOTONIC), readClock(CLOCK_REALTIME)};
}

Prober::Prober(Settings settings)
    : settings_(std::move(settings)),
      request_("GET " + settings_.path + " HTTP/1.1\r\nHost: " + settings_.address + "\r\nConnection: close\r\n\r\n"),
      poll_(epoll_create1(EPOLL_CLOEXEC)) {}

Prober::~Prober() {
    for (const auto& question : open_)
        closeHard(question.socket);
    close(poll_);
}

void Prober::run(int stopFile, std::int64_t durationUs) {
    epoll_event stop{.events = EPOLLIN, .data = {.fd = stopFile}};
    epoll_ctl(poll_, EPOLL_CTL_ADD, stopFile, &stop);
    const std::int64_t startedUs = now().monotonicUs;
    std::int64_t nextUs = startedUs;
    bool stopped = false;
    while (!stopped) {
        std::int64_t atUs = now().monotonicUs;
        if (durationUs > 0 && atUs - startedUs >= durationUs)
            break;
        if (atUs >= nextUs) {
            ask();
            // After a stall of the machine: no burst to catch up.
            nextUs = std::max(nextUs + settings_.intervalUs, atUs);
            atUs = now().monotonicUs;
        }
        std::array<epoll_event, 64> events{};
        const std::int64_t waitUs = std::max<std::int64_t>(0, nextUs - atUs);
        const timespec wait{.tv_sec = waitUs / 1'000'000, .tv_nsec = (waitUs % 1'000'000) * 1000};
        const int n = epoll_pwait2(poll_, events.data(), static_cast<int>(events.size()), &wait, nullptr);
        for (int i = 0; i < n; ++i) {
            const auto& event = events.at(static_cast<std::size_t>(i));
            if (event.data.fd == stopFile) {
                stopped = true;
                continue;
            }
            const auto found =
                std::find_if(open_.begin(), open_.end(), [&](const Question& q) { return q.socket == event.data.fd; });
            if (found == open_.end())
                continue;
            if (advance(*found, event.events)) {
                end(static_cast<std::size_t>(found - open_.begin()),
                    found->answer.starts_with("HTTP/1.1 200 ") || found->answer.starts_with("HTTP/1.0 200 "));
            }
        }
        expire();
    }
    finish();
}

void Prober::ask() {
    ++asked_;
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(settings_.port);
    inet_pton(AF_INET, settings_.address.c_str(), &to.sin_addr);
    const int file = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (file < 0) {
        noteFailed();
        return;
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
    if (connect(file, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS) {
        closeHard(file);
        noteFailed();
        return;
    }
    epoll_event want{.events = EPOLLIN | EPOLLOUT, .data = {.fd = file}};
    epoll_ctl(poll_, EPOLL_CTL_ADD, file, &want);
    open_.push_back({.socket = file, .startedUs = now().monotonicUs, .sent = false, .answer = {}});
}

bool Prober::advance(Question& question, std::uint32_t events) {
    if ((events & (EPOLLERR | EPOLLHUP)) != 0 && !question.sent)
        return true;
    if (!question.sent && (events & EPOLLOUT) != 0) {
        if (send(question.socket, request_.data(), request_.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request_.size()))
            return true;
        question.sent = true;
        epoll_event want{.events = EPOLLIN, .data = {.fd = question.socket}};
        epoll_ctl(poll_, EPOLL_CTL_MOD, question.socket, &want);
        return false;
    }
    std::array<char, 512> block{};
    const ssize_t n = recv(question.socket, block.data(), block.size(), 0);
    if (n < 0)
        return errno != EAGAIN && errno != EINTR;
    question.answer.append(block.data(), static_cast<std::size_t>(n));
    return n == 0 || question.answer.size() >= 13;
}

void Prober::end(std::size_t index, bool well) {
    closeHard(open_[index].socket);
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
    if (well) {
        noteGood();
    } else {
        noteFailed();
    }
}

void Prober::expire() {
    const std::int64_t atUs = now().monotonicUs;
    // In the order they were asked: the first that is young ends the search.
    while (!open_.empty() && atUs - open_.front().startedUs > settings_.timeoutUs)
        end(0, false);
}

void Prober::noteGood() {
    ++good_;
    const Moment at = now();
    if (!lastGood_) {
        // So that whoever started us knows that an outage from here on is seen.
        std::fprintf(stderr, "vip-client: first good answer\n");
    } else if (failedSinceGood_ > 0 && at.monotonicUs - lastGood_->monotonicUs >= settings_.minOutageUs) {
        outages_.push_back({.lastGood = *lastGood_, .firstGood = at, .failedAsks = failedSinceGood_});
    }
    lastGood_ = at;
    failedSinceGood_ = 0;
}

void Prober::noteFailed() {
    ++failed_;
    ++failedSinceGood_;
}

void Prober::finish() {
    if (lastGood_ && failedSinceGood_ > 0 && now().monotonicUs - lastGood_->monotonicUs >= settings_.minOutageUs)
        outages_.push_back({.lastGood = *lastGood_, .firstGood = std::nullopt, .failedAsks = failedSinceGood_});
}

} // namespace client
