// SPDX-License-Identifier: GPL-3.0-or-later
#include "doctor/examination.h"

#include "act/lever.h"
#include "act/vip_prediction.h"
#include "doctor/ladder.h"
#include "observe/rules.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

/// What is no node's: the VIP, the levers, and the rules over both nodes.
class PairExamination {
public:
    PairExamination(const Picture& picture, const Pair& pair, const Verdict& verdict)
        : picture_(picture), pair_(pair), verdict_(verdict) {}

    QList<Exam> take() {
        vip();
        for (std::size_t from = 0; from < 2; ++from)
            lever(picture_.nodes[from], picture_.nodes[1 - from]);
        for (const Reason& reason : verdict_.reasons + verdict_.findings) {
            if (!isOnLadder(reason))
                exams_.append(examOf(reason, reason.code));
        }
        return std::move(exams_);
    }

private:
    void vip() {
        if (picture_.vipProbe && picture_.vipProbe->good) {
            exams_.append({{}, u"vip"_s, ExamState::Ok, u"Milvus answers through %1."_s.arg(pair_.vipAddress())});
            return;
        }
        const QString detail = picture_.vipProbe ? picture_.vipProbe->detail : u"not asked in time"_s;
        const Error why{ErrorCode::Unreachable,
                        u"Milvus does not answer through %1 from here (%2)."_s.arg(pair_.vipAddress(), detail),
                        {},
                        u"See whether this machine reaches the VIP, and what `milvus-ha status` says."_s};
        exams_.append({{}, u"vip"_s, ExamState::Problem, why.text, why.remedy, {}, why});
    }

    void lever(const NodePicture& source, const NodePicture& target) {
        const QString name = u"switchover to %1"_s.arg(target.name);
        if (!source.vrrpConfig || !target.vrrpConfig) {
            exams_.append({{}, name, ExamState::NotTried, u"Not tried: keepalived.conf of both nodes must be seen."_s});
            return;
        }
        const Lever lever = findLever(source, target);
        const QString text = QString(lever.text + u' ' + vipPrediction(source, target, lever)).trimmed();
        exams_.append({{}, name, lever.works ? ExamState::Ok : ExamState::Problem, text, lever.remedy});
        if (const QString failover = failoverPrediction(source, target); !failover.isEmpty())
            exams_.append({{}, u"failover to %1"_s.arg(target.name), ExamState::Ok, failover});
    }

    const Picture& picture_;
    const Pair& pair_;
    const Verdict& verdict_;
    QList<Exam> exams_;
};

} // namespace

QList<Exam> examine(const Picture& picture, const Pair& pair) {
    const Verdict verdict = judge(picture, pair);
    QList<Exam> exams;
    for (std::size_t i = 0; i < 2; ++i)
        exams += climb(picture.nodes[i], pair.nodes[i], pair, verdict);
    return exams + PairExamination(picture, pair, verdict).take();
}

QString examStateName(ExamState state) {
    switch (state) {
    case ExamState::Ok:
        return u"ok"_s;
    case ExamState::Note:
        return u"note"_s;
    case ExamState::Problem:
        return u"problem"_s;
    case ExamState::NotTried:
        return u"not-tried"_s;
    }
    return {};
}

int examExitCode(const QList<Exam>& exams) {
    int code = 0;
    for (const Exam& exam : exams) {
        if (exam.state == ExamState::Problem)
            code = std::max(code, exam.error ? exitCode(exam.error->code) : 1);
    }
    return code;
}

} // namespace mha
