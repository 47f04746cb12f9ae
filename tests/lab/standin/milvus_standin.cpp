// SPDX-License-Identifier: GPL-3.0-or-later
// A STAND-IN for Milvus, for the lab, which has no network to fetch an image from. It behaves as Milvus does where
// high availability can tell: ports, health answers, start and stop, the lock on its data (2.x) or the want of one
// (0.x), and a clean stop's exit code. It searches nothing. Rows are inserted and counted by paths of its own:
//   POST /standin/insert   {"count":N}, or one row a line   -> {"ids":[...]} once they are on the disk
//   GET  /standin/count                                     -> {"count":N}
// Configured by the environment: STANDIN_GENERATION 0.x|2.x, STANDIN_START_DELAY_S, STANDIN_STOP_DELAY_S,
// STANDIN_VERSION, STANDIN_DB, STANDIN_WAL.
#include "data_log.h"
#include "http_port.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>

namespace {

using standin::DataLog;
using standin::HttpPort;
using standin::Reply;
using standin::Request;

std::string setting(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

void log(const std::string& text) {
    std::printf("[milvus stand-in, not Milvus] %s\n", text.c_str());
    std::fflush(stdout);
}

/// Waits for SIGTERM or SIGINT at most so long; true when one came.
bool stopAsked(const sigset_t& signals, double seconds) {
    timespec wait{.tv_sec = static_cast<time_t>(seconds), .tv_nsec = 0};
    wait.tv_nsec = static_cast<long>((seconds - static_cast<double>(wait.tv_sec)) * 1e9);
    return sigtimedwait(&signals, nullptr, &wait) > 0;
}

std::size_t rowsIn(const std::string& body) {
    const auto key = body.find("\"count\"");
    if (key != std::string::npos) {
        const auto digit = body.find_first_of("0123456789", key);
        return digit == std::string::npos ? 0 : std::strtoul(body.c_str() + digit, nullptr, 10);
    }
    std::size_t rows = 0;
    std::size_t at = 0;
    while (at < body.size()) {
        const auto end = std::min(body.find('\n', at), body.size());
        rows += end > at ? 1U : 0U;
        at = end + 1;
    }
    return rows;
}

std::optional<Reply> answerRows(DataLog& data, const Request& request) {
    if (request.path == "/standin/count" && request.method == "GET") {
        const auto rows = data.count();
        if (!rows)
            return Reply{500, R"({"code":5,"message":"stand-in: the data cannot be read"})"};
        return Reply{200, R"({"code":0,"count":)" + std::to_string(*rows) + "}"};
    }
    if (request.path == "/standin/insert" && request.method == "POST") {
        const std::size_t rows = rowsIn(request.body);
        if (rows == 0 || rows > 100'000)
            return Reply{400, R"({"code":1,"message":"stand-in: 1 to 100000 rows at once"})"};
        const auto ids = data.append(rows);
        if (!ids)
            return Reply{500, R"({"code":5,"message":"stand-in: the rows cannot be written"})"};
        std::string text = R"({"code":0,"instance":")" + data.instance() + R"(","ids":[)";
        for (std::size_t i = 0; i < ids->size(); ++i)
            text += (i == 0 ? "" : ",") + std::to_string((*ids)[i]);
        return Reply{200, text + "]}"};
    }
    return std::nullopt;
}

Reply answer08(DataLog& data, const std::string& version, const Request& request) {
    // Constant in Milvus too: it never touches the data.
    if (request.path == "/state")
        return {200, R"({"message":"Success","code":0})"};
    if (request.path == "/system/version")
        return {200, R"({"reply":")" + version + R"(","message":"Success","code":0})"};
    if (request.path == "/collections") { // reads the meta data in Milvus, the rows here
        if (!data.count())
            return {500, R"({"code":5,"message":"stand-in: the data cannot be read"})"};
        return {200, R"({"collections":[],"count":0})"};
    }
    if (request.path == "/system/status")
        return {200, R"({"reply":"OK","message":"Success","code":0})"};
    if (auto reply = answerRows(data, request))
        return *reply;
    return {404, R"({"message":"stand-in: no such path","code":404})"};
}

Reply answer2x(DataLog& data, const Request& request) {
    if (request.path == "/healthz") {
        const bool json = request.contentType.find("application/json") != std::string::npos;
        if (data.healthy()) {
            if (json)
                return {200, R"({"state":"OK","detail":[{"name":"standalone","code":1}]})"};
            return {200, "OK", "text/plain"};
        }
        if (json)
            return {500, R"({"state":"Not all components are healthy, 6/7","detail":[{"name":"datanode","code":2}]})"};
        return {500, "Not all components are healthy, 6/7", "text/plain"};
    }
    if (request.path == "/livez")
        return {200, "OK", "text/plain"};
    if (request.path == "/api/v1/health")
        return {200, R"({"status":"ok"})"};
    if (request.path == "/v2/vectordb/collections/list" && request.method == "POST") {
        if (!data.count())
            return {200, R"({"code":65535,"message":"stand-in: the data cannot be read"})"};
        return {200, R"({"code":0,"data":[]})"};
    }
    if (auto reply = answerRows(data, request))
        return *reply;
    return {404, R"({"code":404,"message":"stand-in: no such path"})"};
}

} // namespace

int main() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    // Blocked in every thread and taken by this one: PID 1 of a container gets no default action.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    const bool second = setting("STANDIN_GENERATION", "0.x") == "2.x";
    const std::string version = setting("STANDIN_VERSION", second ? "2.4.0" : "0.8.0");
    const double startDelay = std::strtod(setting("STANDIN_START_DELAY_S", "0").c_str(), nullptr);
    const double stopDelay = std::strtod(setting("STANDIN_STOP_DELAY_S", "0").c_str(), nullptr);
    // Up to 0.x Milvus leaves with 1 after a clean stop.
    const int cleanStop = second ? 0 : 1;

    DataLog data(setting("STANDIN_DB", "/var/lib/milvus/db"), setting("STANDIN_WAL", "/var/lib/milvus/wal"), second);
    log("playing Milvus " + version + ", instance " + data.instance());
    if (const auto error = data.open()) {
        log(*error);
        return second ? 134 : 1;
    }
    log("data read: " + std::to_string(data.count().value_or(0)) + " rows");
    if (startDelay > 0 && stopAsked(signals, startDelay)) {
        data.close();
        return cleanStop;
    }

    const auto answer = [&](const Request& request) {
        return second ? answer2x(data, request) : answer08(data, version, request);
    };
    std::vector<std::unique_ptr<HttpPort>> ports;
    ports.push_back(std::make_unique<HttpPort>(second ? 9091 : 19121, answer));
    // 19530 speaks gRPC in 0.x: open, and silent to HTTP.
    ports.push_back(std::make_unique<HttpPort>(19530, second ? HttpPort::Answer(answer) : HttpPort::Answer()));
    for (const auto& port : ports) {
        if (const auto error = port->open()) {
            log(*error);
            data.close();
            return 1;
        }
    }
    log("serving");
    // What Milvus itself prints then.
    std::puts(second ? "---Milvus Proxy successfully initialized and ready to serve!---"
                     : "Milvus server started successfully!");
    std::fflush(stdout);
    int received = 0;
    while (sigwait(&signals, &received) != 0 || received == 0) {
    }
    log("asked to stop");
    for (const auto& port : ports)
        port->close();
    if (stopDelay > 0) {
        const timespec wait{
            .tv_sec = static_cast<time_t>(stopDelay),
            .tv_nsec = static_cast<long>((stopDelay - static_cast<double>(static_cast<time_t>(stopDelay))) * 1e9)};
        nanosleep(&wait, nullptr);
    }
    data.close();
    log("stopped");
    // Threads of open connections end with the process.
    std::_Exit(cleanStop);
}
