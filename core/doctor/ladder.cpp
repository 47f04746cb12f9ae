// SPDX-License-Identifier: GPL-3.0-or-later
#include "doctor/ladder.h"

#include "observe/rules.h"

#include <algorithm>
#include <iterator>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

/// Where a rule is told. An empty step: the steps themselves say it, and more precisely.
struct RuleStep {
    QLatin1StringView code;
    QLatin1StringView step;
};

constexpr RuleStep kRuleSteps[] = {
    {"node-refused"_L1, {}},
    {"node-unreachable"_L1, {}},
    {"node-silent"_L1, {}},
    {"nodes-unseen"_L1, {}},
    {"docker-unreachable"_L1, {}},
    {"not-visible"_L1, {}},
    {"stale"_L1, {}},
    {"starting"_L1, {}},
    {"vip-not-probed"_L1, {}},
    {"container-missing"_L1, "container"_L1},
    {"container-unusable"_L1, "container"_L1},
    {"restart-policy"_L1, "container"_L1},
    {"keepalived-down"_L1, "keepalived"_L1},
    {"vrrp-fault"_L1, "keepalived"_L1},
    {"storage-lost"_L1, "storage"_L1},
    {"storage-full"_L1, "storage"_L1},
    {"storage-low"_L1, "storage"_L1},
    {"clock-off"_L1, "clock"_L1},
};

/// The step of a rule: of the setup of one node it is "configuration" unless named above. Nothing: the pair's.
std::optional<QLatin1StringView> stepOf(const Reason& reason) {
    const auto row = std::ranges::find(kRuleSteps, reason.code, &RuleStep::code);
    if (row != std::end(kRuleSteps))
        return row->step;
    const RuleText* rule = findRule(reason.code);
    if (!reason.node.isEmpty() && rule != nullptr && rule->scope == RuleScope::Setup)
        return "configuration"_L1;
    return std::nullopt;
}

constexpr LinkStep kConnectionSteps[] = {LinkStep::Resolve, LinkStep::Connect, LinkStep::HostKey, LinkStep::SignIn,
                                         LinkStep::Command};

constexpr const char* kStepsAbove[] = {"permission", "docker",  "container", "keepalived", "configuration",
                                       "addresses",  "storage", "milvus",    "clock"};

class Ladder {
public:
    Ladder(const NodePicture& node, const NodeConfig& config, const Pair& pair, const Verdict& verdict)
        : node_(node), config_(config), pair_(pair), verdict_(verdict) {}

    QList<Exam> take() {
        if (connection()) {
            permission();
            docker();
            keepalived();
            configuration();
            addresses();
            storage();
            milvus();
            clock();
        }
        return std::move(exams_);
    }

private:
    void good(const QString& step, const QString& text) { exams_.append({node_.name, step, ExamState::Ok, text}); }

    void bad(const QString& step, const Error& why) {
        exams_.append({node_.name, step, ExamState::Problem, why.text, why.remedy, {}, why});
    }

    void notTried(const QString& step, const QString& because) {
        exams_.append({node_.name, step, ExamState::NotTried, u"Not tried: "_s + because});
    }

    QString reached(LinkStep step) const {
        switch (step) {
        case LinkStep::Resolve:
            return u"%1 has an address."_s.arg(config_.host);
        case LinkStep::Connect:
            return u"Port %1 of %2 is open."_s.arg(QString::number(config_.port), config_.host);
        case LinkStep::HostKey:
            return u"The host key is the known one."_s;
        case LinkStep::SignIn:
            return u"%1 is signed in."_s.arg(config_.user);
        case LinkStep::Command:
            return u"Commands run."_s;
        }
        return {};
    }

    /// The five steps up to an open session; false where one fails, and then all above it is not tried.
    bool connection() {
        const bool up = node_.reachable();
        const Error why = node_.link.error.value_or(
            Error{ErrorCode::TimedOut,
                  u"%1@%2:%3 does not answer in time."_s.arg(config_.user, config_.host, QString::number(config_.port)),
                  {},
                  u"Look at the node's power and network, or give --timeout more seconds."_s});
        const LinkStep failed = node_.link.failedAt.value_or(LinkStep::Connect);
        QString below;
        for (const LinkStep step : kConnectionSteps) {
            const QString text = linkStepName(step);
            if (!below.isEmpty()) {
                notTried(text, u"%1 failed."_s.arg(below));
            } else if (up || step < failed) {
                good(text, reached(step));
            } else {
                bad(text, why);
                below = text;
            }
        }
        for (const char* step : kStepsAbove) {
            if (!below.isEmpty())
                notTried(QString::fromLatin1(step), u"%1 failed."_s.arg(below));
        }
        return up;
    }

    /// Why a fact is not seen; nothing where it is.
    template <typename T> std::optional<Error> unseen(const Fact<T>& fact) const {
        if (fact && fact.seenAt >= node_.upSince)
            return std::nullopt;
        if (fact.unknownBecause)
            return fact.unknownBecause;
        return Error{ErrorCode::TimedOut, u"It has not been seen in time."_s, {}, u"Give --timeout more seconds."_s};
    }

    static bool isRefusal(const std::optional<Error>& why) { return why && why->code == ErrorCode::Refused; }

    void permission() {
        for (const std::optional<Error>& why :
             {unseen(node_.container), unseen(node_.vrrp), unseen(node_.vrrpConfig)}) {
            if (isRefusal(why))
                bad(u"permission"_s, *why);
        }
        if (!exams_.isEmpty() && exams_.last().name == u"permission")
            return;
        good(u"permission"_s, config_.user == u"root"
                                  ? u"root may look at everything."_s
                                  : u"%1 may use Docker and look at keepalived."_s.arg(config_.user));
    }

    /// True where the fact is seen; else the step is told as failed, or as not tried where permission failed.
    template <typename T> bool look(const QString& step, const Fact<T>& fact) {
        const std::optional<Error> why = unseen(fact);
        if (isRefusal(why)) {
            notTried(step, u"permission failed."_s);
        } else if (why) {
            bad(step, *why);
        }
        return !why;
    }

    /// Tells what the rules find at a step; true if one of it is a problem.
    bool rulesAt(QLatin1StringView step) {
        bool problem = false;
        for (const Reason& reason : verdict_.reasons + verdict_.findings) {
            if (reason.node != node_.name || stepOf(reason) != step)
                continue;
            Exam exam = examOf(reason, step);
            if (reason.code == u"container-missing")
                exam.error = Error{ErrorCode::NotFound, reason.text, node_.name, exam.remedy};
            problem = problem || exam.state == ExamState::Problem;
            exams_.append(std::move(exam));
        }
        return problem;
    }

    void docker() {
        if (!look(u"docker"_s, node_.container)) {
            notTried(u"container"_s, u"docker failed."_s);
            return;
        }
        good(u"docker"_s, u"Docker answers."_s);
        if (!rulesAt("container"_L1)) {
            good(u"container"_s,
                 u"%1 is %2."_s.arg(pair_.containerOn(config_), containerStateName(node_.container->state)));
        }
    }

    void keepalived() {
        if (!look(u"keepalived"_s, node_.vrrp) || rulesAt("keepalived"_L1))
            return;
        good(u"keepalived"_s, u"keepalived is %1, priority %2."_s.arg(vrrpStateName(node_.vrrp->state),
                                                                      QString::number(node_.vrrp->effectivePriority)));
    }

    void configuration() {
        if (!look(u"configuration"_s, node_.vrrpConfig) || rulesAt("configuration"_L1))
            return;
        good(u"configuration"_s, u"keepalived.conf has the VIP in %1, priority %2."_s.arg(
                                     node_.vrrpConfig->instance, QString::number(node_.vrrpConfig->priority)));
    }

    void addresses() {
        if (!look(u"addresses"_s, node_.vip))
            return;
        const VipSeen& vip = *node_.vip.value;
        if (vip.linkUp) {
            good(u"addresses"_s,
                 u"%1 is up and %2 the VIP."_s.arg(vip.interface, vip.held ? u"holds"_s : u"does not hold"_s));
        } else {
            exams_.append({node_.name, u"addresses"_s, ExamState::Problem,
                           u"The interface %1 is down."_s.arg(vip.interface),
                           u"Look at its cable and at `ip link` there."_s});
        }
    }

    void storage() {
        if (pair_.storagePath.isEmpty()) {
            notTried(u"storage"_s, u"the pair file names no storage path."_s);
            return;
        }
        if (look(u"storage"_s, node_.storage) && !rulesAt("storage"_L1))
            good(u"storage"_s, u"%1 is mounted and writable."_s.arg(node_.storage->path));
    }

    /// A stopped container is no fault of the standby; one that runs must serve.
    void milvus() {
        if (unseen(node_.container)) {
            notTried(u"milvus"_s, u"docker failed."_s);
        } else if (node_.container->state != ContainerState::Running) {
            good(u"milvus"_s,
                 u"It is not to run here: its container is %1."_s.arg(containerStateName(node_.container->state)));
        } else if (look(u"milvus"_s, node_.milvus)) {
            if (node_.milvus->serving) {
                good(u"milvus"_s, u"Milvus %1 serves."_s.arg(node_.milvus->version));
            } else {
                exams_.append({node_.name, u"milvus"_s, ExamState::Problem,
                               u"The container runs, but Milvus does not serve: %1"_s.arg(node_.milvus->detail),
                               u"Look at `docker logs` there."_s});
            }
        }
    }

    void clock() {
        if (!look(u"clock"_s, node_.clock) || rulesAt("clock"_L1))
            return;
        good(u"clock"_s,
             u"The clock is right to %1."_s.arg(toText(std::chrono::abs(node_.clock->offset) + node_.clock->error)));
    }

    const NodePicture& node_;
    const NodeConfig& config_;
    const Pair& pair_;
    const Verdict& verdict_;
    QList<Exam> exams_;
};

} // namespace

QList<Exam> climb(const NodePicture& node, const NodeConfig& config, const Pair& pair, const Verdict& verdict) {
    return Ladder(node, config, pair, verdict).take();
}

bool isOnLadder(const Reason& reason) {
    return stepOf(reason).has_value();
}

Exam examOf(const Reason& reason, const QString& name) {
    const RuleText* rule = findRule(reason.code);
    const bool finding = rule != nullptr && rule->level == VerdictLevel::Healthy;
    return {reason.node,
            name,
            finding ? ExamState::Note : ExamState::Problem,
            reason.text,
            rule == nullptr ? QString() : QString::fromLatin1(rule->remedy),
            reason.code};
}

} // namespace mha
