// SPDX-License-Identifier: GPL-3.0-or-later
#include "rules_manual.h"

#include "observe/rules.h"

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr const char* kBegin = R"(.\" SPDX-License-Identifier: GPL-3.0-or-later
.\" Made by write_rules_manual from core/observe/rules_table.cpp; a test compares the two.
.TH MILVUS\-HA\-RULES 7 "" "milvus-ha" "Miscellaneous"
.SH NAME
milvus\-ha\-rules \- what milvus\-ha finds in a pair, by what, and what to do
.SH DESCRIPTION
.BR milvus\-ha (1)
and
.BR milvus\-ha\-dashboard (1)
look at a pair by the rules below.
Each rule that holds gives a
.I reason
with the rule's code, and makes the verdict at least as bad as stands behind the code;
.B status
and
.B doctor
print them.
A rule with
.I finding
behind its code makes the verdict no worse: the pair serves and can fail over, but there is something to know or to mend.
What cannot be seen is never taken for good: then
.B not\-visible
holds.
.PP
Rules marked
.I setup
are of how the pair is set up. They hold until somebody mends it, and each is recorded once as an event of kind config.
)";

QString escaped(const char* text) {
    return QString::fromLatin1(text).replace(u'-', u"\\-"_s);
}

QString entry(const RuleText& rule) {
    const QString level = rule.level == VerdictLevel::Healthy ? u"finding"_s : verdictName(rule.level);
    const QString scope = rule.scope == RuleScope::Setup ? u", setup"_s : QString();
    return u".TP\n.B %1\n(%2%3) %4\n.br\nEvidence: %5.\n.br\nThreshold: %6.\n.br\nRemedy: %7\n"_s.arg(
        escaped(rule.code), QString(level).replace(u'-', u"\\-"_s), scope, escaped(rule.meaning),
        escaped(rule.evidence), escaped(rule.threshold), escaped(rule.remedy));
}

} // namespace

QString rulesManual() {
    QString page = QString::fromLatin1(kBegin);
    page += u".SH REASONS\n"_s;
    bool findings = false;
    for (const RuleText& rule : ruleTable()) {
        if (rule.level == VerdictLevel::Healthy && !findings) {
            page += u".SH FINDINGS\n"_s;
            findings = true;
        }
        page += entry(rule);
    }
    return page + u".SH SEE ALSO\n.BR milvus\\-ha (1),\n.BR keepalived.conf (5)\n"_s;
}

} // namespace mha
