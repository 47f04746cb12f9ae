// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/cut_off.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mha {

namespace {

void closeFd(int& fd) {
    if (fd >= 0)
        ::close(std::exchange(fd, -1));
}

} // namespace

CutOff::~CutOff() {
    endLimit();
    closeFd(session_);
    closeFd(agent_);
}

int CutOff::adopt(int& place, int fd) {
    const std::scoped_lock lock(mutex_);
    closeFd(place);
    place = fd;
    if (cut_) {
        ::shutdown(fd, SHUT_RDWR);
        return -1;
    }
    return ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

int CutOff::adoptSession(int fd) {
    return adopt(session_, fd);
}

int CutOff::adoptAgent(int fd) {
    return adopt(agent_, fd);
}

void CutOff::closeSession() {
    const std::scoped_lock lock(mutex_);
    closeFd(session_);
}

void CutOff::closeAgent() {
    endLimit();
    const std::scoped_lock lock(mutex_);
    closeFd(agent_);
}

void CutOff::limitAgent(std::chrono::milliseconds limit) {
    endLimit();
    limited_ = true;
    limiter_ = std::thread([this, limit] {
        std::unique_lock lock(mutex_);
        if (!agentClosed_.wait_for(lock, limit, [this] { return !limited_; }) && agent_ >= 0)
            ::shutdown(agent_, SHUT_RDWR);
    });
}

void CutOff::endLimit() {
    {
        const std::scoped_lock lock(mutex_);
        limited_ = false;
    }
    agentClosed_.notify_all();
    if (limiter_.joinable())
        limiter_.join();
}

void CutOff::cut() {
    const std::scoped_lock lock(mutex_);
    cut_ = true;
    if (session_ >= 0)
        ::shutdown(session_, SHUT_RDWR);
    if (agent_ >= 0)
        ::shutdown(agent_, SHUT_RDWR);
}

bool CutOff::isCut() const {
    const std::scoped_lock lock(mutex_);
    return cut_;
}

} // namespace mha
