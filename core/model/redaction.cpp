// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/redaction.h"

#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

struct Rule {
    QRegularExpression pattern;
    QString with;
};

const std::array<Rule, 5>& rules() {
    constexpr auto kAnyCase = QRegularExpression::CaseInsensitiveOption;
    static const std::array<Rule, 5> kRules{{
        {QRegularExpression(
             u"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|$)"_s,
             QRegularExpression::DotMatchesEverythingOption),
         u"***"_s},
        // Before the names below, which would leave "Bearer" to be read as the secret.
        {QRegularExpression(u"\\b(bearer|basic)\\s+[A-Za-z0-9+/=._~-]{6,}"_s, kAnyCase), u"\\1 ***"_s},
        {QRegularExpression(u"([a-z][a-z0-9+.-]*://[^\\s/:@]*):[^\\s/@]+@"_s, kAnyCase), u"\\1:***@"_s},
        // keepalived writes the value after a blank; all others after "=" or ":".
        {QRegularExpression(u"\\b(auth_pass)(\\s*[=:]?\\s*)(\"[^\"]*\"|'[^']*'|[^\\s,;}]+)"_s, kAnyCase),
         u"\\1\\2***"_s},
        {QRegularExpression(u"([a-z0-9_-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|secret["
                            u"_-]?key|private[_-]?key)"
                            "[\"']?\\s*[=:]\\s*)(\"[^\"]*\"|'[^']*'|[^\\s,;}]+)"_s,
                            kAnyCase),
         u"\\1***"_s},
    }};
    return kRules;
}

} // namespace

QString redacted(const QString& text) {
    QString clean = text;
    for (const Rule& rule : rules())
        clean.replace(rule.pattern, rule.with);
    return clean;
}

} // namespace mha
