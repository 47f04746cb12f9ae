// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/quiet_connection.h"

#include "link/kernel_stamp.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mha {

namespace {

constexpr std::size_t kRoom = 4096;

struct Piece {
    QByteArray bytes;
    std::optional<Instant> at;
};

/// What has come so far; empty when there is nothing, or no more.
Piece receive(int socket) {
    std::array<char, kRoom> room;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
    iovec part{.iov_base = room.data(), .iov_len = room.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(socket, &message, MSG_DONTWAIT);
    if (got <= 0)
        return {};
    Piece piece{QByteArray(room.data(), got), std::nullopt};
    for (const cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
         each = CMSG_NXTHDR(&message, const_cast<cmsghdr*>(each))) {
        if (const auto came = kernelStamp(*each)) {
            piece.at = Instant(std::chrono::duration_cast<Duration>(std::chrono::seconds(came->tv_sec) +
                                                                    std::chrono::nanoseconds(came->tv_nsec)));
        }
    }
    return piece;
}

} // namespace

QuietConnection* QuietConnection::from(qintptr socket, std::function<void()> ended, QObject* parent) {
    const int own = ::fcntl(static_cast<int>(socket), F_DUPFD_CLOEXEC, 0);
    const int watch = ::epoll_create1(EPOLL_CLOEXEC);
    const int on = 1;
    epoll_event end{.events = EPOLLRDHUP | EPOLLET, .data = {}};
    if (own < 0 || watch < 0 || ::setsockopt(own, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
        ::epoll_ctl(watch, EPOLL_CTL_ADD, own, &end) != 0) {
        for (const int descriptor : {own, watch}) {
            if (descriptor >= 0)
                ::close(descriptor);
        }
        return nullptr;
    }
    return new QuietConnection(own, watch, std::move(ended), parent);
}

QuietConnection::QuietConnection(int socket, int watch, std::function<void()> ended, QObject* parent)
    : QObject(parent), socket_(socket), watch_(watch), end_(watch, QSocketNotifier::Read) {
    connect(&end_, &QSocketNotifier::activated, this, [this, told = std::move(ended)] {
        end_.setEnabled(false);
        told();
    });
}

void QuietConnection::discard() {
    end_.setEnabled(false);
    deleteLater();
}

QuietConnection::~QuietConnection() {
    end_.setEnabled(false);
    ::close(watch_);
    ::close(socket_);
}

bool QuietConnection::ask(const QByteArray& wire) {
    asked_ = wallClockNow();
    return ::send(socket_, wire.constData(), static_cast<std::size_t>(wire.size()), MSG_NOSIGNAL | MSG_DONTWAIT) ==
           wire.size();
}

std::optional<QuietConnection::Answer> QuietConnection::fetch() {
    const qsizetype known = bytes_.size();
    Piece piece;
    do {
        piece = receive(socket_);
        bytes_ += piece.bytes;
    } while (piece.bytes.size() == kRoom);
    if (bytes_.size() == known)
        return std::nullopt;
    // Where it is not told it came after the question; the clock may have been set meanwhile.
    Answer answer{.at = std::clamp(piece.at.value_or(asked_), asked_, std::max(asked_, wallClockNow())),
                  .response = {}};
    if (bytes_ == before_) {
        bytes_.clear();
        return answer;
    }
    HttpResponseParser parser;
    const Result<void> fed = parser.feed(bytes_);
    if (!fed) {
        answer.response = std::unexpected(fed.error());
        return answer;
    }
    auto response = parser.take();
    if (!response)
        return std::nullopt; // the rest is yet to come
    before_ = std::exchange(bytes_, {});
    answer.response = std::move(*response);
    return answer;
}

} // namespace mha
